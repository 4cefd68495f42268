"""What forecasts rest on: the days of meters read daily or oftener, the readings of others, and their end.

A day is known where readings begin in it and none reaches over the whole next one: what a week, a bill or
the gap of a register spreads over its days says nothing of each. A meter most of whose last days are spread
is coarse, and forecast by its readings. Readings of less than a week that lie more than four weeks from all
others of their meter are strays: they neither end the readings nor begin them.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Bools
from ml.forecasting.coarse import LATE, STOPPED, CoarseMeter
from ml.forecasting.features import daily_matrix
from ml.forecasting.history import LEARNABLE, LEVEL_DAYS
from ml.forecasting.prediction_intervals import Range
from services import readings
from services.devices import counted_devices, in_kwh, list_devices
from services.facility import facility_of
from services.readings import load_profile_of
from services.scope import Scope
from services.typed import typed

WHOLE = 0.9
"""A day of which readings cover this part is whole."""
REGULAR = 0.8
"""A device with this share of whole days is read regularly; of others every day counts."""
LAST_DAYS = 84
"""A meter is coarse by what its last twelve weeks of readings are."""
MOST_LATE = 62
"""Days that a bill may come late, or begin ahead of the other meters' end."""
DAY = pd.Timedelta(days=1)
DAY_SECONDS = 86_400
COARSE = 1.5
"""Days from which an interval is more than one."""


@dataclass(frozen=True, eq=False)
class Metered:
    """Readings by calendar day, from the first to the last of all meters; kWh."""

    days: pd.DataFrame
    """Of meters read daily or oftener, by device id, NaN where the day is not known."""
    every: pd.DataFrame
    """Of all meters, calendarised, NaN where nothing was read; the same days and more columns."""
    coarse: dict[str, CoarseMeter]
    """By device id; their days are counted from the first of ``every``."""
    counts: frozenset[str] | None = None
    """The devices that count in the facility's total; None for all."""

    def counting(self, devices: pd.Index) -> list[str]:
        """List those of the devices that count in the facility's total."""
        return [device for device in devices if self.counts is None or device in self.counts]

    @property
    def last(self) -> pd.Timestamp:
        """Return the last day known of any meter that tells days, else the last day read."""
        return pd.Timestamp(self.days.index[-1] if len(self.days.columns) else self.every.index[-1])

    @cached_property
    def ends(self) -> pd.Series:
        """Return the last day of each coarse meter's readings."""
        first = self.every.index[0]
        found = {key: first + (int(meter.ends[-1]) - 1) * DAY for key, meter in self.coarse.items()}
        return pd.Series(found, dtype="datetime64[us]")

    def forecast(self, key: str, origin: pd.Timestamp, first: pd.Timestamp, days: int) -> Range | None:
        """Forecast a coarse meter's kWh of the days from ``first`` on, by what was read up to ``origin``.

        None where it has stopped by then.
        """
        begin = self.every.index[0]
        return self.coarse[key].forecast((origin - begin).days + 1, (first - begin).days, days)


def metered_of(scope: Scope, start: date | None = None) -> Metered:
    """Return what the readings of all devices known in kWh hold from a day on."""
    counts = frozenset(device.id for device in counted_devices(scope))
    return metered(readings.daily_consumption(scope, start=start, device_ids=energy_meters(scope)), counts)


def energy_meters(scope: Scope) -> list[str]:
    """Return the ids of the devices whose readings are known in kWh, whether they count in totals or not."""
    facility = facility_of(scope)
    return [device.id for device in list_devices(scope) if in_kwh(device, facility)]


def metered(daily: pd.DataFrame, counts: frozenset[str] | None = None) -> Metered:
    """Return what the frame of `readings.daily_consumption` holds, without strays."""
    daily = daily[~strays(*_counted(daily))]
    told = _told(daily)
    device = daily["deviceId"]
    recent = daily.groupby(device, sort=False).cumcount(ascending=False) < LAST_DAYS
    is_coarse = (~told[recent]).groupby(device[recent]).mean() > 0.5
    of_coarse = device.map(is_coarse).astype(bool)
    every = _matrix(daily)
    return Metered(
        _whole_days(daily[told & ~of_coarse]),
        every,
        {
            str(key): _coarse_meter(of, every[key])
            for key, of in daily[of_coarse].groupby("deviceId", sort=True)
        },
        counts,
    )


@dataclass(frozen=True)
class Ends:
    """Where readings end, strays left out."""

    origin: date
    """Of all; a bill that reaches beyond the end of the other meters does not count."""
    running: frozenset[str]
    """The devices that have not stopped by then."""


@typed
def ends(scope: Scope) -> Ends | None:
    """Return where the readings end, and who is still read; None without readings."""
    load = load_profile_of(scope)
    row, day = np.nonzero((load.days.covered > 0) | (load.days.kwh != 0))
    kept = ~strays(row, day)
    if not kept.any():
        return None
    last = np.full(len(load.meters), -STOPPED * 1000)
    np.maximum.at(last, row[kept], day[kept])
    steps = load.intervals / DAY_SECONDS
    latest, of_days = int(last.max()), int(last[steps < COARSE].max(initial=-1))
    end = of_days if of_days >= max(latest - MOST_LATE, 0) else latest
    patience = np.where(steps < COARSE, LEVEL_DAYS - 1, np.maximum(2 * steps, STOPPED) + LATE)
    running = np.flatnonzero(end - last <= patience)
    return Ends(load.days.days[end].item(), frozenset(str(load.meters[each][0]) for each in running))


def strays(device: npt.NDArray[np.intp], day: npt.NDArray[np.intp]) -> Bools:
    """Tell which of all days read, by device and then day, are strays.

    Where all of a device's are, or are those of a new one, none is unless other devices have more.
    """
    if not len(day):
        return np.zeros(0, "bool")
    begins = (np.diff(device, prepend=-1) != 0) | (np.diff(day, prepend=0) > LEVEL_DAYS)
    block = np.cumsum(begins) - 1
    few = np.bincount(block)[block] < LEARNABLE
    if few.all():
        return np.zeros(len(day), "bool")
    # A new meter's first days are no strays where others are read on about the same days.
    last = day[~few].max()
    steady = np.zeros(device.max() + 1, "bool")
    steady[device[~few]] = True
    found: Bools = few & (steady[device] | (day > last + LEVEL_DAYS))
    return found


def _counted(daily: pd.DataFrame) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the number of the device and of the day of each row."""
    day = daily["date"].to_numpy().astype("datetime64[D]").astype("intp")
    return pd.factorize(daily["deviceId"])[0], day


def _told(daily: pd.DataFrame) -> pd.Series:
    """Tell which days are known by their own readings."""
    begins = daily["readings"].to_numpy() > 0
    device, day = _counted(daily)
    next_day = (np.diff(device, append=-1) == 0) & (np.diff(day, append=0) == 1)
    following = np.append(~begins[1:] & (daily["covered"].to_numpy()[1:] >= WHOLE), False)
    return pd.Series(begins & ~(next_day & following), daily.index)


def _whole_days(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the kWh by day and device id.

    NaN where nothing was metered, and where the readings of a regularly read device cover too little of the
    day: the first and last day of most files, and the days of an outage.
    """
    whole = daily["covered"] >= WHOLE
    irregular = whole.groupby(daily["deviceId"]).transform("mean") < REGULAR
    kept = daily[whole | irregular]
    return _matrix(kept)


def _matrix(daily: pd.DataFrame) -> pd.DataFrame:
    if daily.empty:
        return pd.DataFrame(index=pd.DatetimeIndex([], dtype="datetime64[us]"))
    return daily_matrix(daily.drop(columns="device").rename(columns={"deviceId": "device"}))


def _coarse_meter(of: pd.DataFrame, kwh: pd.Series) -> CoarseMeter:
    """Return a meter's readings; one ends where the next begins, or where nothing is read any more."""
    day = (pd.DatetimeIndex(of["date"]) - kwh.index[0]).days.to_numpy()
    first = (of["readings"].to_numpy() > 0) | (np.diff(day, prepend=-2) > 1)
    number = np.cumsum(first) - 1
    last = np.zeros(number[-1] + 1, "intp")
    np.maximum.at(last, number, day)
    return CoarseMeter(kwh.to_numpy("float64"), day[first], last + 1)
