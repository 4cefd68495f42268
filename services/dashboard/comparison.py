"""What a period is compared with: the one just before, and the same dates a year before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    start: date
    end: date

    @property
    def days(self) -> npt.NDArray[np.datetime64]:
        """datetime64[D]."""
        return np.arange(np.datetime64(self.start), np.datetime64(self.end) + 1)

    @property
    def before(self) -> "Period":
        """The period of equal length just before."""
        length = self.end - self.start + timedelta(days=1)
        return Period(self.start - length, self.end - length)

    @property
    def year_before(self) -> "Period":
        """The same dates one year before; of 29 February the 28th."""
        return Period(_year_before(self.start), _year_before(self.end))

    def both(self, other: "Period") -> "Period | None":
        """The days of both, if there are any."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def within(self, other: "Period") -> bool:
        """Whether all its days are among the other's."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True)
class Figure:
    """A figure of the period, of the one just before, and of the same dates a year before.

    None where readings do not cover it, or where what it takes is not known.
    """

    value: float | None
    previous: float | None
    last_year: float | None


def compared(
    period: Period, covered: Period, reckon: Callable[[Period], dict[str, float | None]]
) -> dict[str, Figure]:
    """The figures of a period beside those of the other two, as far as readings cover these."""
    now = reckon(period)
    none: dict[str, float | None] = dict.fromkeys(now)
    before, year_before = (
        reckon(other) if other.within(covered) else none for other in (period.before, period.year_before)
    )
    return {name: Figure(now[name], before[name], year_before[name]) for name in now}


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
