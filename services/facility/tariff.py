"""What energy costs: flat, by the time of use, and by the peak demand of a month."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Values = npt.NDArray[np.float64]

EVERY_MONTH = frozenset(range(1, 13))
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class TariffPeriod:
    """Hours that have a price of their own, in some months and on some days of the week."""

    name: str
    months: frozenset[int]
    """1..12."""
    weekdays: frozenset[int]
    """0 = Monday .. 6."""
    from_hour: int
    to_hour: int
    """Exclusive, 24 allowed. One below ``from_hour`` means over midnight: 22 to 6 are the first six and
    the last two hours of each of the days."""
    price: float
    """Per kWh."""


@dataclass(frozen=True)
class Tariff:
    """Prices in the facility's currency."""

    base_price: float
    """Per kWh, at all hours that are in none of the periods."""
    periods: tuple[TariffPeriod, ...] = ()
    """The first one that an hour is in counts."""
    demand_price: float = 0.0
    """Per kW of a month's peak demand."""


def prices(tariff: Tariff, local: pd.DatetimeIndex) -> Values:
    """Return the price per kWh at each of these moments of the facility's clock, float64[n]."""
    month, day, hour = (np.asarray(part) for part in (local.month, local.day_of_week, local.hour))
    found: Values = _week_by_month(tariff)[month - 1, day, hour]
    return found


def cost(tariff: Tariff, local: pd.DatetimeIndex, kwh: Values, hours: float | Values) -> float:
    """Return what the energy and the peak demand cost.

    ``local`` are the beginnings of the intervals on the facility's clock, naive or aware, ``kwh`` [n]
    their energy (NaN where nothing was read) and ``hours`` their length, one for all or [n]. An interval
    longer than an hour has the mean price of its hours. Each month in which there are readings is charged
    for its peak among them, be it there as a whole or not.
    """
    read = ~np.isnan(kwh)
    local, kwh = local[read], kwh[read]
    length = np.broadcast_to(np.asarray(hours, dtype="float64"), read.shape)[read]
    if not len(local):
        return 0.0
    months = np.unique(np.asarray(local.year) * 12 + np.asarray(local.month), return_inverse=True)[1]
    peaks = np.full(int(months.max()) + 1, -np.inf)
    np.maximum.at(peaks, months, kwh / length)
    # Not a product of vectors, whose threads wait for each other where the processor has other work.
    energy = float((kwh * _mean_prices(tariff, local, length)).sum())
    return energy + tariff.demand_price * float(peaks.sum())


def _mean_prices(tariff: Tariff, local: pd.DatetimeIndex, length: Values) -> Values:
    """Return the price of each interval: that of its beginning, or the mean over its hours."""
    found = prices(tariff, local)
    longer = np.flatnonzero(length > 1)
    if tariff.periods and len(longer):
        week, begin, of = _week_by_month(tariff), local[longer], length[longer]
        month, start = (
            np.asarray(begin.month) - 1,
            np.asarray(begin.day_of_week) * 24 + np.asarray(begin.hour),
        )
        total = np.zeros(len(longer))
        for hour in range(int(np.ceil(of.max()))):
            day, hour_of_day = divmod((start + hour) % 168, 24)
            total += np.clip(of - hour, 0, 1) * week[month, day, hour_of_day]
        found[longer] = total / of
    return found


def _week_by_month(tariff: Tariff) -> Values:
    """Return the price of each hour of the week in each month, float64[12, 7, 24]."""
    table = np.full((12, 7, 24), tariff.base_price)
    for period in reversed(tariff.periods):
        months = [month - 1 for month in period.months]
        table[np.ix_(months, list(period.weekdays), _hours(period))] = period.price
    return table


def _hours(period: TariffPeriod) -> list[int]:
    if period.from_hour < period.to_hour:
        return list(range(period.from_hour, period.to_hour))
    return [*range(period.to_hour), *range(period.from_hour, 24)]
