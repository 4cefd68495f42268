"""Add what meters that are read by the week, the month or longer are expected to use to predictions.

Such a meter is predicted at its own step: by the month, and by the week where it is read so often. The
facility's days and weeks hold their part of its months, spread evenly, with the whole doubt about these.
"""

from collections.abc import Sequence
from math import sqrt

import pandas as pd

from ml.forecasting.forecast import bound
from ml.forecasting.prediction_intervals import LEVELS, Range
from services.forecasts.metered import DAY, Metered
from services.forecasts.periods import FACILITY, PeriodKind, end_of

LONGEST: dict[PeriodKind, float] = {"daily": 1.5, "weekly": 8.0, "monthly": 32.0}
"""Days between the readings of a meter whose periods can be told apart."""
ALIKE = 0.5
"""The part of the meters' errors that they have in common."""
Key = tuple[str, pd.Timestamp, pd.Timestamp, int]


class CoarseForecasts:
    """Forecasts of the coarse meters, each made once."""

    def __init__(self, known: Metered) -> None:
        self.known = known
        self._made: dict[Key, Range | None] = {}

    def of_period(self, meter: str, origin: pd.Timestamp, start: pd.Timestamp, days: int) -> Range | None:
        """Forecast a meter's kWh of a period; None where it has stopped by ``origin``."""
        key = meter, origin, start, days
        if key not in self._made:
            self._made[key] = self.known.forecast(meter, origin, start, days)
        return self._made[key]

    def share_of(self, meter: str, origin: pd.Timestamp, start: pd.Timestamp, end: pd.Timestamp) -> Range:
        """Return the parts of its months that lie in the days from ``start`` to ``end``."""
        value, reach = 0.0, dict.fromkeys(LEVELS, 0.0)
        for month in pd.period_range(start, end, freq="M"):
            first, last = month.start_time, month.end_time.normalize()
            found = self.of_period(meter, origin, first, month.days_in_month)
            if found is None:
                continue
            part = ((min(end, last) - max(start, first)).days + 1) / month.days_in_month
            value += part * found.value
            reach = {level: reach[level] + part * found.reach[level] for level in LEVELS}
        return Range(value, reach)


def add_coarse(
    predictions: pd.DataFrame, forecasts: CoarseForecasts, origin: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Add the coarse meters to predictions (type, device, start, predicted, and the bounds if there are any).

    Each is made by what was read up to ``origin``, or up to the eve of its period (None).
    """
    meters = list(forecasts.known.coarse)
    if not meters or predictions.empty:
        return predictions
    counting = forecasts.known.counting(pd.Index(meters))
    whole = predictions["device"] == FACILITY
    starts = pd.DatetimeIndex(predictions.loc[whole, "start"])
    added, own = [], []
    for row, period, start in zip(
        predictions.index[whole], predictions.loc[whole, "type"], starts, strict=True
    ):
        end = end_of(pd.DatetimeIndex([start]), period)[0]
        eve = start - DAY if origin is None else origin
        added.append((row, _sum([forecasts.share_of(meter, eve, start, end) for meter in counting])))
        own += _of_meters(forecasts, period, eve, start, (end - start).days + 1)
    bounded = bound("lower", LEVELS[0]) in predictions
    found = _widened(predictions, added, bounded)
    alone = pd.DataFrame(own)[list(found.columns)] if own else found.iloc[:0]
    return pd.concat([found, alone], ignore_index=True)


def _of_meters(
    forecasts: CoarseForecasts, period: PeriodKind, eve: pd.Timestamp, start: pd.Timestamp, days: int
) -> list[dict[str, object]]:
    """Predict the period of each meter that is read as often, and all months."""
    rows: list[dict[str, object]] = []
    for meter, of in forecasts.known.coarse.items():
        if period == "daily" or (period == "weekly" and of.step > LONGEST[period]):
            continue
        found = forecasts.of_period(meter, eve, start, days)
        if found is None:
            continue
        row = {"type": period, "device": meter, "start": start, "predicted": found.value}
        for level in LEVELS:
            row[bound("lower", level)] = max(found.value - found.reach[level], min(found.value, 0.0))
            row[bound("upper", level)] = found.value + found.reach[level]
        rows.append(row)
    return rows


def _sum(shares: Sequence[Range]) -> Range:
    """Sum what several meters are expected to use; their errors are alike by half."""
    reach = {}
    for level in LEVELS:
        each = [share.reach[level] for share in shares]
        reach[level] = sqrt(ALIKE * sum(each) ** 2 + (1 - ALIKE) * sum(one**2 for one in each))
    return Range(sum(share.value for share in shares), reach)


def _widened(predictions: pd.DataFrame, added: list[tuple[int, Range]], bounded: bool) -> pd.DataFrame:
    """Add to these rows; the errors of coarse and other meters are independent."""
    rows = [row for row, _ in added]
    value = pd.Series([more.value for _, more in added], rows)
    found, before = predictions.copy(), predictions.loc[rows, "predicted"]
    found.loc[rows, "predicted"] = before + value
    for level in LEVELS if bounded else ():
        reach = pd.Series([more.reach[level] for _, more in added], rows)
        for side, sign in (("lower", -1), ("upper", 1)):
            name = bound(side, level)
            width = (predictions.loc[rows, name] - before).abs()
            found.loc[rows, name] = before + value + sign * (width**2 + reach**2) ** 0.5
    return found
