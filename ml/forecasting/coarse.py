"""Forecast a meter that is read by the week, the month or longer: its months, never its days.

Two forecasts are weighed by how they did on the meter's own past readings (Bates and Granger 1969): its
recent level, exponentially smoothed, and what the same days of the year before came to, with the growth
since then, shrunk to none. The interval is that of a normal's next value, from the same errors, so that few
readings give a wide one (Hahn and Meeker 1991, 4.7).
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ml.arrays import Floats, Ints
from ml.forecasting.prediction_intervals import LEVELS, Range, normal_range

HALF_LIFE = 20.0
"""Days after which a reading counts half for the level."""
YEAR = 365
KNOWN = 0.9
"""The part of a period that must be known a year before."""
GROWTH_DAYS = 90.0
"""Growth since the year before counts for what so many days without any would leave of it."""
MOST_GROWTH = 2.0
UNKNOWN_ERROR, UNKNOWN_SEASON = 0.1, 0.2
"""The relative errors that are assumed beside a meter's own: with its year before, and without one."""
PRIOR_ERRORS = 2.0
"""So many errors of that size are assumed."""
AHEAD = (1, 2)
"""Readings ahead that are backtested."""
STOPPED, LATE = 28, 3
"""A meter that lacks two readings, and so many days, has stopped; they may come so many days late."""


@dataclass(frozen=True, eq=False)
class CoarseMeter:
    """Readings of one meter, the oldest first; days are counted from any day on."""

    kwh: Floats
    """A day, calendarised, from the first day read; NaN where nothing was read, (days,)."""
    begins: Ints
    """The days on which readings begin, ascending."""
    ends: Ints
    """The days after their last; the next reading may begin later."""
    _known: dict[int, tuple[float, dict[int, float], int]] = field(default_factory=dict)

    @property
    def step(self) -> float:
        """Return the days that a reading usually covers."""
        return float(np.median(self.ends - self.begins))

    @cached_property
    def rates(self) -> Floats:
        """Return the kWh a day of each reading."""
        spans = zip(self.begins, self.ends, strict=True)
        return np.array([np.nanmean(self.kwh[begin:end]) for begin, end in spans])

    def forecast(self, origin: int, first: int, days: int) -> Range | None:
        """Forecast the kWh of ``days`` from day ``first`` on by the readings that ended before ``origin``.

        What was read of these days counts as read. None without a reading, or where the meter has stopped.
        """
        count = int(np.searchsorted(self.ends, origin, "right"))
        if not count:
            return None
        known_to = int(self.ends[count - 1])
        if origin - known_to > max(2 * self.step, STOPPED) + LATE:
            return None
        share, errors, tested = self._weighed(count)
        read = self.kwh[first : max(min(known_to, first + days), first)]
        read = read[~np.isnan(read)]
        rest = days - len(read)
        if not rest:
            return Range(float(read.sum()), dict.fromkeys(LEVELS, 0.0))
        level, year = self._candidates(count, first, first + days)
        rate = level if year is None else share * year + (1 - share) * level
        ahead = AHEAD[0] if first + days - known_to <= 1.5 * self.step + 1 else AHEAD[-1]
        assumed = UNKNOWN_SEASON if year is None else UNKNOWN_ERROR
        squared = (tested * errors[ahead] ** 2 + PRIOR_ERRORS * assumed**2) / (tested + PRIOR_ERRORS)
        deviation = float(np.sqrt(squared)) * max(abs(rate), abs(level)) * rest
        return normal_range(float(read.sum()) + rate * rest, deviation, tested)

    def _weighed(self, count: int) -> tuple[float, dict[int, float], int]:
        """Return the year's weight, the relative error by readings ahead, and how many were tested."""
        if count not in self._known:
            self._known[count] = self._backtest(count)
        return self._known[count]

    def _backtest(self, count: int) -> tuple[float, dict[int, float], int]:
        errors: dict[int, list[tuple[float, float | None]]] = {ahead: [] for ahead in AHEAD}
        for seen in range(1, count):
            for ahead in AHEAD:
                if seen + ahead > count:
                    continue
                of = seen + ahead - 1
                first, end = int(self.begins[of]), int(self.ends[of])
                level, year = self._candidates(seen, first, end)
                came, scale = float(np.nanmean(self.kwh[first:end])), abs(level) or 1.0
                errors[ahead].append(
                    ((level - came) / scale, None if year is None else (year - came) / scale)
                )
        both = [(level, year) for level, year in errors[AHEAD[0]] if year is not None]
        prior = PRIOR_ERRORS * UNKNOWN_ERROR**2
        of_level = sum(level**2 for level, _ in both) + prior
        of_year = sum(year**2 for _, year in both) + prior
        share = of_level / (of_level + of_year)
        found = {}
        for ahead, each in errors.items():
            mixed = [lv if yr is None else share * yr + (1 - share) * lv for lv, yr in each]
            found[ahead] = float(np.sqrt(np.mean(np.square(mixed)))) if mixed else UNKNOWN_SEASON
        return share, found, len(errors[AHEAD[0]])

    def _candidates(self, count: int, first: int, end: int) -> tuple[float, float | None]:
        """Return kWh a day by the level and by the year before, None where that is not known."""
        known_to = int(self.ends[count - 1])
        rates = self.rates[:count]
        age = known_to - self.ends[:count]
        weights = 0.5 ** (age / HALF_LIFE) * (self.ends - self.begins)[:count]
        level = float((rates * weights).sum() / weights.sum())
        then = self.kwh[max(first - YEAR, 0) : max(end - YEAR, 0)]
        if first < YEAR or end - YEAR > known_to or np.isfinite(then).mean() < KNOWN:
            return level, None
        return level, float(np.nanmean(then)) * self._growth(known_to)

    def _growth(self, known_to: int) -> float:
        """Return how the last year compares with the one before, as far as both are known."""
        if known_to <= YEAR:
            return 1.0
        now = self.kwh[max(known_to - YEAR, YEAR) : known_to]
        before = self.kwh[max(known_to - 2 * YEAR, 0) : known_to - YEAR]
        both = np.isfinite(now) & np.isfinite(before)
        if not both.any() or before[both].sum() <= 0:
            return 1.0
        without = GROWTH_DAYS * before[both].mean()
        grown = (now[both].sum() + without) / (before[both].sum() + without)
        return float(np.clip(grown, 1 / MOST_GROWTH, MOST_GROWTH))
