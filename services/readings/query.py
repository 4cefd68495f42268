"""Interval data and daily consumption out of the packed months of readings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from services import devices, ids
from services.readings.calendarise import regularize
from services.readings.load_cache import load_profile_of
from services.readings.load_profile import midnights, sum_days
from services.readings.storage import monthly_blocks
from services.readings.storage.monthly_blocks import Run
from services.scope import Document, Scope
from services.typed import typed


@typed
def interval_data(
    scope: Scope,
    start: datetime | None = None,
    end: datetime | None = None,
    device_ids: Sequence[str] | None = None,
    locations: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return readings from ``start`` to before ``end`` (aware), by device and time.

    Of those devices that count in the total unless some are named.
    Columns: deviceId (text), device (name), date (start of the interval in the facility's time zone),
    consumption (kWh in the interval).
    """
    names = _names(scope, device_ids)
    places = {"location": {"$in": list(locations)}} if locations else {}
    runs = _runs(scope, _blocks(names, start, end) | places)
    here = [device_id for device_id in names if device_id in runs]
    parts = [monthly_blocks.between(runs[device_id], start, end) for device_id in here]
    whole = monthly_blocks.concatenate(parts)
    row = np.repeat(np.arange(len(here)), [len(part) for part in parts])
    instants = pd.DatetimeIndex(whole.at.astype("datetime64[ms]")).tz_localize("UTC")
    return pd.DataFrame(
        {
            "deviceId": _repeated(here, row),
            "device": _repeated([names[device_id] for device_id in here], row),
            "date": instants.tz_convert(scope.timezone),
            "consumption": whole.kwh,
        }
    )


@typed
def daily_consumption(
    scope: Scope,
    start: date | None = None,
    end: date | None = None,
    device_ids: Sequence[str] | None = None,
    locations: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return consumption of each device on each local day from ``start`` to ``end`` (both included).

    Of those devices that count in the total unless some are named.
    Columns: deviceId (text), device (name), date (the day, naive), consumption (kWh, calendarised), covered
    (the part of the day that has readings, 0..1), readings (how many begin then), peak (highest reading,
    kWh), interval (of the device's finest readings, s, 0 where unknown); by device and day.
    """
    names = _names(scope, device_ids)
    load = load_profile_of(scope)
    rows: dict[str, list[int]] = {device_id: [] for device_id in names}
    for number, (device_id, location) in enumerate(load.meters):
        if str(device_id) in rows and (not locations or location in locations):
            rows[str(device_id)].append(number)
    here = [device_id for device_id in names if rows[device_id]]
    groups = [rows[device_id] for device_id in here]
    within = load.days.between(start, end)
    kwh = _of_devices(np.add, load.days.kwh[:, within], groups)
    covered = _of_devices(np.add, load.days.covered[:, within], groups) / load.day_lengths[within]
    row, day = np.nonzero((covered > 0) | (kwh != 0))
    return pd.DataFrame(
        {
            "deviceId": _repeated(here, row),
            "device": _repeated([names[device_id] for device_id in here], row),
            "date": load.days.days[within][day].astype("datetime64[ms]"),
            "consumption": kwh[row, day],
            "covered": np.minimum(covered[row, day], 1.0),
            "readings": _of_devices(np.add, load.days.readings[:, within], groups)[row, day].astype("int64"),
            "interval": np.array([load.intervals[rows].min() for rows in groups], "int64")[row],
            "peak": _of_devices(np.fmax, load.days.peak[:, within], groups)[row, day],
        }
    )


def sum_file_by_day(frame: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Sum the readings of a file (device, date, consumption, seconds) by local day, calendarised.

    Columns: device, date (the day, naive), consumption (kWh), covered (the part of it that has readings),
    readings (how many begin then).
    """
    runs = {
        str(device): regularize(
            Run(
                of["date"].dt.tz_localize(None).to_numpy("datetime64[ms]").astype("int64"),
                of["consumption"].to_numpy("float64"),
                of["seconds"].to_numpy("int64"),
            )
        )
        for device, of in frame.sort_values("date").groupby("device", sort=True)
    }
    sums = sum_days(list(runs.values()), timezone)
    row, day = np.nonzero((sums.covered > 0) | (sums.kwh != 0))
    lengths = np.diff(midnights(np.append(sums.days, sums.days[-1:] + 1), timezone)) / 1000
    return pd.DataFrame(
        {
            "device": _repeated(list(runs), row),
            "date": sums.days[day].astype("datetime64[ms]"),
            "consumption": sums.kwh[row, day],
            "covered": sums.covered[row, day] / lengths[day],
            "readings": sums.readings[row, day].astype("int64"),
        }
    )


def span(scope: Scope) -> tuple[date, date] | None:
    """Return the first and the last local day with readings, or None without any."""
    blocks_ = scope.db["load_blocks"]
    first = blocks_.find_one(scope.owned(), {"start": True}, sort=[("start", 1)])
    last = blocks_.find_one(scope.owned(), {"end": True}, sort=[("end", -1)])
    zone = ZoneInfo(scope.timezone)
    return (
        (first["start"].astimezone(zone).date(), last["end"].astimezone(zone).date())
        if first and last
        else None
    )


def locations(scope: Scope) -> list[str]:
    """Return the places that readings name, in alphabetical order."""
    named = scope.db["load_blocks"].distinct("location", scope.owned())
    return sorted(place for place in named if place)


def _names(scope: Scope, device_ids: Sequence[str] | None) -> dict[str, str]:
    """Return the names by id of these devices, None: of those that count in the total."""
    if device_ids is None:
        return {device.id: device.name for device in devices.counted_devices(scope)}
    query: Document = {"_id": {"$in": ids.object_ids(device_ids)}}
    found = scope.db["devices"].find(scope.owned(query), {"name": True}).sort("name")
    return {str(device["_id"]): device["name"] for device in found}


def _blocks(names: Iterable[str], start: datetime | None, end: datetime | None) -> Document:
    """Return the blocks with readings of these devices from ``start`` to before ``end``."""
    query: Document = {"deviceId": {"$in": ids.object_ids(names)}}
    return query | ({"end": {"$gte": start}} if start else {}) | ({"start": {"$lt": end}} if end else {})


def _runs(scope: Scope, query: Document) -> dict[str, Run]:
    """Return the readings of each device; one that stands in two places is one device."""
    found = groupby(monthly_blocks.find_blocks(scope, query), key=lambda of_meter: str(of_meter[0][0]))
    return {
        device_id: monthly_blocks.merge_runs(
            [monthly_blocks.unpack_block(block) for _, of_meter in meters for block in of_meter]
        )
        for device_id, meters in found
    }


def _of_devices(how: np.ufunc, values: npt.NDArray[Any], groups: Sequence[Sequence[int]]) -> npt.NDArray[Any]:
    """Return a row a device, which stands in one place or in several."""
    if not groups:
        return values[:0]
    begins = np.cumsum([0, *map(len, groups[:-1])])
    of_devices: npt.NDArray[Any] = how.reduceat(values[[row for group in groups for row in group]], begins)
    return of_devices


def _repeated(words: Sequence[str], positions: npt.NDArray[np.intp]) -> pd.Series:
    return pd.Series(np.array(words, "object")[positions], dtype="str")
