"""Everything that the dashboard shows, of whatever a filter chooses, in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from ml.arrays import Floats
from services.dashboard.comparison import Common, Comparison, find_common
from services.dashboard.coverage import DayCoverage, day_coverage
from services.dashboard.cusum import cusum
from services.dashboard.figures import Figures, figures, is_electricity, no_figures
from services.dashboard.forecast import Forecast, continue_series, read_upcoming
from services.dashboard.profiles import (
    HeatMap,
    LoadDuration,
    Profile,
    Trend,
    baseload_trend,
    heat_map,
    load_duration,
    profile,
)
from services.dashboard.selection import (
    Filter,
    Period,
    Resolution,
    Selection,
    Series,
    select,
    sum_by,
)
from services.devices import Device, LeftOut, find_device
from services.facility import facility_of
from services.local_times import Moments
from services.messages import gettext
from services.scope import Scope
from services.typed import typed


@dataclass(frozen=True)
class Share:
    """kWh of one device or category, and its part (0..1) of the total."""

    id: str
    name: str
    kwh: float
    share: float
    before: Comparison | None = None
    """Its kWh beside those of the period before, over what both have; None where that is too little."""


def by_device(selection: Selection, days: slice, common: Common) -> list[Share]:
    """Return the shares of the devices with readings on these days, the greatest first."""
    found = _metered(selection, days)
    compared = _compared(selection, days, common)
    return _shares(((i, selection.devices[i].name, kwh) for i, kwh in found.items()), compared)


def parts(selection: Selection, days: slice) -> tuple[list[Share], float | None]:
    """Return the shares of the meters that measure the parts of the total, the greatest first.

    What hangs behind a meter stands in its place, with what is not sub-metered, which has no id. The second
    is the kWh that meters in the total measured and none of those behind them; None where no meter has such.
    """
    kwh = _kwh_by_day(selection, days)
    meters = {i: [meter for meter in behind if meter.id in kwh] for i, behind in _behind(selection).items()}
    rests = {i: _not_sub_metered(i, behind, kwh) for i, behind in meters.items() if i in kwh}

    def of(device: Device) -> Iterable[tuple[str, str, float]]:
        rest = rests.get(device.id)
        if rest is None:
            own, _ = kwh[device.id]
            yield device.id, device.name, float(own.sum())
            return
        for meter in meters[device.id]:
            yield from of(meter)
        yield "", gettext("{name}, not sub-metered", name=device.name), rest

    shares = _shares(part for i, device in selection.devices.items() if i in kwh for part in of(device))
    in_total = [rests[i] for i in selection.devices if i in rests]
    known = [rest for rest in in_total if rest is not None]
    return shares, sum(known) if known and len(known) == len(in_total) else None


KwhByDay = dict[str, tuple[Floats, Floats]]
"""By device: its kWh on each day, and the seconds of it that readings cover."""


def _kwh_by_day(selection: Selection, days: slice) -> KwhByDay:
    wanted = selection.devices.keys() | {out.device.id for out in selection.left_out if out.parent}
    found: KwhByDay = {}
    for row, (device, _) in enumerate(selection.load.meters):
        if (device_id := str(device)) in wanted:
            kwh, covered = (of[row, days] for of in (selection.load.days.kwh, selection.load.days.covered))
            before = found.get(device_id, (0.0, 0.0))
            found[device_id] = (before[0] + kwh, before[1] + covered)
    return {device_id: of for device_id, of in found.items() if of[0].any() or of[1].any()}


def _behind(selection: Selection) -> dict[str, list[Device]]:
    """Return the chosen meters right behind each device, by its id."""
    found: dict[str, list[Device]] = {}
    for out in selection.left_out:
        if out.parent:
            found.setdefault(out.parent.id, []).append(out.device)
    return found


def _not_sub_metered(device_id: str, meters: Sequence[Device], kwh: KwhByDay) -> float | None:
    """Return what a meter measured and those behind it did not; None without such, and where they are read
    at times when it is not."""
    if not meters or any((kwh[meter.id][1] > kwh[device_id][1] + 1).any() for meter in meters):
        return None
    return float(kwh[device_id][0].sum() - sum(kwh[meter.id][0].sum() for meter in meters))


def by_category(selection: Selection, days: slice, common: Common) -> list[Share]:
    """Return the shares of their categories; of devices in none, under an empty id and name."""
    found: dict[str, float] = {}
    names: dict[str, str] = {}
    for device_id, kwh in _metered(selection, days).items():
        device = selection.devices[device_id]
        of = device.category_id or ""
        names[of] = device.category
        found[of] = found.get(of, 0.0) + kwh
    compared: dict[str, Comparison] = {}
    for device_id, sides in _compared(selection, days, common).items():
        of = selection.devices[device_id].category_id or ""
        other = compared.get(of, Comparison(0.0, 0.0))
        compared[of] = Comparison(other.now + sides.now, other.then + sides.then)
    return _shares(((of, names[of], kwh) for of, kwh in found.items()), compared)


def _metered(selection: Selection, days: slice) -> dict[str, float]:
    """Return the kWh of each device with readings on these days."""
    kwh = selection.load.days.kwh[selection.rows, days].sum(axis=1).tolist()
    covered = selection.load.days.covered[selection.rows, days].sum(axis=1).tolist()
    found: dict[str, float] = {}
    for device_id, of, seconds in zip(selection.device_ids, kwh, covered, strict=True):
        if of or seconds:
            found[device_id] = found.get(device_id, 0.0) + of
    return found


def _compared(selection: Selection, days: slice, common: Common) -> dict[str, Comparison]:
    """Return the kWh of each device over what both periods have of it, where that is enough."""
    if common.basis.whole:
        before = _metered(selection, selection.days(common.basis.other))
        return {i: Comparison(kwh, before[i]) for i, kwh in _metered(selection, days).items() if i in before}
    ids = list(dict.fromkeys(selection.device_ids))
    now, then = (side.by_device.sum(axis=1).tolist() for side in (common.now, common.then))
    return {
        ids[place]: Comparison(now[place], then[place]) for place in np.flatnonzero(common.enough).tolist()
    }


def _shares(
    found: Iterable[tuple[str, str, float]], compared: Mapping[str, Comparison] | None = None
) -> list[Share]:
    ordered, compared = sorted(found, key=lambda part: part[2], reverse=True), compared or {}
    total = sum(kwh for *_, kwh in ordered)
    return [Share(i, name, kwh, kwh / total if total else 0.0, compared.get(i)) for i, name, kwh in ordered]


class Budget(NamedTuple):
    """The months beside their budget."""

    start: Moments
    """datetime64[s], the facility's clock."""
    kwh: Floats
    """A month at the edge holds only its chosen days; NaN where nothing was read."""
    budget: float | None
    """kWh a month; None without one, and where not the whole facility is looked at."""


@dataclass(frozen=True, eq=False)
class Overview:
    """The figures and charts of the chosen days, meters and places."""

    resolution: Resolution
    """Of ``consumption`` and ``forecast``."""
    figures: Figures
    """Of the days from the first to the last reading among the chosen ones."""
    consumption: Series
    """Of all chosen days."""
    daily: Series
    """The same day by day."""
    coverage: DayCoverage
    """What these days rest on."""
    forecast: Forecast | None
    profile: Profile
    heat_map: HeatMap
    load_duration: LoadDuration
    devices: list[Share]
    """Of the meters that count in the total."""
    parts: list[Share]
    """The same with the meters behind them in their place, and what is not sub-metered."""
    remainder: float | None
    """kWh that are not sub-metered; None where no meter hangs behind another."""
    categories: list[Share]
    baseload_trend: Trend
    cusum: Series
    budget: Budget
    is_electricity: bool
    """Whether nothing else is counted, so that prices and the emission factor hold."""
    left_out: list[LeftOut]
    """The chosen meters that are in no figure but behind none that is."""

    @property
    def tells_hours(self) -> bool:
        """Whether readings of at most an hour are among those chosen: of longer ones no hour is known."""
        return bool(np.isfinite(self.heat_map.kwh).any())


@typed
def overview(scope: Scope, filter: Filter = Filter(), resolution: Resolution = "day") -> Overview:  # noqa: A002, B008 - frozen, and named for what it is
    """Compute all that the dashboard shows, from the readings in memory; empty where none is chosen.

    Without a start or end the days are those from the first or to the last reading of what is chosen.
    """
    selection = select(scope, filter)
    period = selection and selection.period(filter)
    read = selection and period and period.overlap(selection.covered)
    if not (selection and period and read):
        return _empty(resolution)
    facility = facility_of(scope)
    device_ids = None if filter.whole_facility else list(dict.fromkeys(selection.device_ids))
    upcoming = read_upcoming(scope, selection, device_ids)
    days, with_readings = selection.days(period), selection.days(read)
    demand = selection.demand.part(days)
    hours = heat_map(period.days, days.start, demand)
    kwh = selection.kwh_of(period.days)
    commons = (
        find_common(selection, period, period.before),
        find_common(selection, period, period.year_before),
    )
    months = sum_by(period.days, kwh, "month")
    shares, not_sub_metered = parts(selection, with_readings)
    return Overview(
        resolution=resolution,
        figures=figures(selection, read, facility, upcoming.next_month, selection.coverage(period), commons),
        consumption=_hourly(hours) if resolution == "hour" else sum_by(period.days, kwh, resolution),
        daily=Series(period.days.astype("datetime64[s]"), kwh),
        coverage=day_coverage(selection, period.days),
        forecast=continue_series(upcoming, selection, period, resolution),
        profile=profile(hours),
        heat_map=hours,
        load_duration=load_duration(demand),
        devices=by_device(selection, with_readings, commons[0]),
        parts=shares,
        remainder=not_sub_metered,
        categories=by_category(selection, with_readings, commons[0]),
        baseload_trend=baseload_trend(hours),
        cusum=_cusum(selection, read),
        budget=Budget(months.start, months.kwh, facility.monthly_budget if filter.whole_facility else None),
        is_electricity=is_electricity(selection),
        left_out=[out for out in selection.left_out if not out.parent],
    )


@typed
def device_overview(
    scope: Scope, device_id: str, start: date | None = None, end: date | None = None
) -> Overview:
    """Compute the same of one device, whatever it measures in kWh and whichever way that flows."""
    device = find_device(scope, device_id)
    if device is None:
        return _empty("day")
    chosen = Filter(start, end, (device_id,), utility=device.utility, direction=device.direction)
    return overview(scope, chosen)


def _empty(resolution: Resolution) -> Overview:
    none = np.zeros(0)
    day = np.zeros(0, "datetime64[D]")
    series = Series(day.astype("datetime64[s]"), none)
    hours = HeatMap(day, np.zeros((0, 24)), np.zeros((0, 24)))
    return Overview(
        resolution=resolution,
        figures=no_figures(),
        consumption=series,
        daily=series,
        coverage=DayCoverage(day, none, none, none),
        forecast=None,
        profile=profile(hours),
        heat_map=hours,
        load_duration=LoadDuration(none, none),
        devices=[],
        parts=[],
        remainder=None,
        categories=[],
        baseload_trend=Trend(series.start, none),
        cusum=series,
        budget=Budget(series.start, none, None),
        is_electricity=True,
        left_out=[],
    )


def _cusum(selection: Selection, read: Period) -> Series:
    """Cumulate over days that have all readings: less readings are no saving."""
    days = selection.covered.days
    whole = day_coverage(selection, days).whole
    return cusum(days, np.where(whole, selection.kwh_of(days), np.nan), read.days)


def _hourly(hours: HeatMap) -> Series:
    start = hours.days[:, np.newaxis] + np.arange(24).astype("timedelta64[h]")
    return Series(start.ravel().astype("datetime64[s]"), hours.kwh.ravel())
