"""Build what a model sees of a day from daily consumption.

A day is forecast directly, however far ahead it lies: from what is known on the last day read (the
origin) and what the calendar says of the day itself. Every kWh is taken as a share of its device's recent
level, so that one model serves devices of any size. What a model learns from and what it later
forecasts from are made by the same function, `rows`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats, Ints
from ml.forecasting.history import History
from ml.forecasting.smoothing import ALPHAS, WEEK, shape_known

BASE_ALPHA = 0.1
RECENT = 28
YEAR = 364
"""52 weeks: the same weekday of the year before."""
YEAR_TRUST, YEAR_DELAY = 0.5, 3.0
"""How much of the way that the level went a year before is expected again: more, the farther ahead."""
MOST = 5.0
"""A day beyond so many times the level tells nothing about others."""


@dataclass(frozen=True)
class Rows:
    """Features of n days to be forecast, or to learn from."""

    features: pd.DataFrame
    """Shares of the level, but for weekday, days_ahead and day_off; (n, features), nothing unknown."""
    base: Floats
    """Share of the level: the device's own smoothings, which models correct (`base_of`); (n,)."""
    ahead: Ints
    """How many days after the origin each day lies, from 1; (n,)."""
    scale: Floats
    """kWh of the level; (n,)."""
    recent: npt.NDArray[np.float32]
    """Shares of the days up to the origin, the oldest first, like the level where unknown; (n, RECENT)."""

    def __getitem__(self, chosen: Ints) -> Self:
        """Return the rows of these numbers."""
        return type(self)(
            self.features.iloc[chosen],
            self.base[chosen],
            self.ahead[chosen],
            self.scale[chosen],
            self.recent[chosen],
        )


def concatenate_rows(parts: list[Rows]) -> Rows:
    """Append the rows of several."""
    others = ("base", "ahead", "scale", "recent")
    return Rows(
        pd.concat([part.features for part in parts], ignore_index=True),
        *(np.concatenate([getattr(part, name) for part in parts]) for name in others),
    )


def daily_matrix(daily: pd.DataFrame) -> pd.DataFrame:
    """Pivot a long frame (device, date, consumption) into kWh by day and device.

    The index has every calendar day from the first to the last; a day without readings is NaN.
    """
    matrix = daily.pivot_table(
        index="date", columns="device", values="consumption", aggfunc="sum", min_count=1
    )
    matrix.index = pd.DatetimeIndex(matrix.index).as_unit("us")
    return matrix.astype("float64").asfreq("D")


def rows(known: History, origins: Ints, devices: Ints, ahead: Ints) -> Rows:
    """Build the features of days ``ahead`` after ``origins`` from what is known then; all (n,)."""
    at = origins, devices
    scale = known.scale[at]
    shape, recent = _shapes(known, origins, devices, ahead)
    day = pd.DatetimeIndex(known.days[0] + pd.to_timedelta(origins + ahead, unit="D"))
    off = known.off(day)
    shape = np.where(off, known.day_off[at], shape)
    found = {f"smooth_{alpha}": _known(known.smooth[alpha][at] / scale, 1.0) for alpha in ALPHAS}
    level = found[f"smooth_{BASE_ALPHA}"]
    year = _year_before(known, origins, devices, ahead, shape)
    own, own_shape = known.bank.forecast(origins, devices, ahead)
    own = _known(own / scale, level)
    found |= {"own_level": own, "own_shape": np.where(off, known.day_off[at], _known(own_shape, shape))}
    found |= {"year_trend": year["year_before"] ** (YEAR_TRUST * ahead / (ahead + YEAR_DELAY))}
    base = base_of(found)
    found |= {f"mean_{days}": _known(values[at] / scale, level) for days, values in known.means.items()}
    last = np.maximum(origins + ahead - WEEK * ((ahead + WEEK - 1) // WEEK), 0), devices
    for weeks, values in known.same_weekday.items():
        found[f"same_weekday_{weeks}"] = _known(values[last] / scale, base)
    scatter = _known(known.scatter[at] / scale, 0.0)
    found |= {"shape": shape, "recent_shape": recent, "scatter": scatter}
    found |= year
    calendar = {"weekday": day.day_of_week.to_numpy(), "day_off": off, "days_ahead": ahead}
    found |= {name: values.astype("float64") for name, values in calendar.items()}
    return Rows(pd.DataFrame(found), base, ahead, scale, _recent(known, origins, devices, scale, level))


def base_of(features: Mapping[str, Floats]) -> Floats:
    """Return the shares of the level that models correct: the device's own smoothings and last year's way."""
    return features["own_level"] * features["own_shape"] * features["year_trend"]


def _recent(
    known: History, origins: Ints, devices: Ints, scale: Floats, level: Floats
) -> npt.NDArray[np.float32]:
    days = origins[:, None] - np.arange(RECENT)[::-1]
    kwh = np.where(days >= 0, known.kwh[np.maximum(days, 0), devices[:, None]], np.nan)
    return _known(kwh / scale[:, None], level[:, None]).astype(np.float32)


def _known(values: Floats, otherwise: Floats | float) -> Floats:
    known: Floats = np.where(np.isnan(values), otherwise, values)
    return known


def _shapes(known: History, origins: Ints, devices: Ints, ahead: Ints) -> tuple[Floats, Floats]:
    """Return the shape of each day's weekday as it is known at the origin, over all weeks and the last."""
    at = shape_known(origins, ahead), devices
    shape = _known(known.shape[at], 1.0)
    return shape, _known(known.recent_shape[at], shape)


def _year_before(
    known: History, origins: Ints, devices: Ints, ahead: Ints, shape: Floats
) -> dict[str, Floats]:
    """Return how the level went on a year before, and that very day; as now where unknown."""
    then, origin = origins + ahead - YEAR, origins - YEAR
    at = np.maximum(then, 0), devices
    around = np.clip(then + WEEK, 0, len(known.days) - 1), devices
    level = known.means[28][np.maximum(origin, 0), devices]
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = known.means[2 * WEEK][around] / level
        day = known.kwh[at] / level
    usable = (origin >= 28) & (then + WEEK <= origins) & (grown > 0) & (grown < MOST)
    grown = np.where(usable, grown, 1.0)
    day = np.where(usable & (np.abs(day) < MOST), day, grown * shape)
    return {
        "year_known": usable.astype("float64"),
        "year_before": grown,
        "year_before_shaped": (grown - 1) * shape,
        "day_a_year_before": day,
    }


BUCKETS = (1, 3, 7, 14, 28, 60, 366)
"""Upper edges, in days ahead, of the buckets in which horizons are told apart."""
LEAST_AHEAD = 7
CLIP = -1.0, 4.0
"""Shares of the level that are learnt from; what lies beyond is learnt as its edge."""


def bucket(ahead: Ints) -> Ints:
    """Return the horizon of a day so far ahead: an index into `BUCKETS`."""
    found: Ints = np.searchsorted(BUCKETS, ahead)
    return found


def training_set(
    known: History, first: int, last: int, steps: int, most: int, seed: int = 0
) -> tuple[Rows, Floats]:
    """Draw up to ``most`` days among the rows ``first`` to ``last`` (excluded) of the history: what was known
    of each up to ``steps`` days before, and the share of the level that it came to.

    Drawn at random, every horizon about as often as the others, whatever its length.
    """
    rng = np.random.default_rng(seed)
    days, devices = last - first, known.kwh.shape[1]
    tops = [top for top in BUCKETS if top < steps] + [steps]
    bottoms = [1] + [top + 1 for top in tops[:-1]]
    draws = min(2 * most, days * devices * len(tops))
    which = rng.integers(len(tops), size=draws)
    ahead = rng.integers(np.array(bottoms)[which], np.array(tops)[which] + 1)
    target, device = rng.integers(first, last, size=draws), rng.integers(devices, size=draws)
    origin = target - ahead
    usable = (origin >= first) & ~np.isnan(known.kwh[target, device])
    usable[usable] &= known.learnable[origin[usable], device[usable]]
    chosen = np.flatnonzero(usable)[:most]
    found = rows(known, origin[chosen], device[chosen], ahead[chosen])
    return found, np.clip(known.kwh[target[chosen], device[chosen]] / found.scale, *CLIP)
