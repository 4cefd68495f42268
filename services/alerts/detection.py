"""From readings to events: what the detector, the nameplates and the rules find, stored as alerts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
import pandas as pd

from ml.detection import anomalies
from ml.detection.profile import ends, interval_of
from ml.holidays import CountryUnknown
from services import devices, ids, readings
from services.alerts.actions import normal_events
from services.alerts.kinds import KINDS
from services.alerts.reconciliation import reconcile
from services.alerts.records import Alert, Event, worst_first
from services.alerts.rules import events_of_rules
from services.alerts.silence import SILENT, find_silences
from services.devices import Device
from services.facility import facility_of
from services.holidays import named_holiday_country, unknown_holidays
from services.names import name_key
from services.scope import Scope
from services.tables import write_table
from services.typed import typed

Events = dict[str, list[Event]]

DAY = pd.Timedelta(days=1)
WIDE_MARGIN = 1.5
"""A day's use may surpass the rated power times the average hours so many times: they are estimates."""


@typed
def evaluate(
    scope: Scope,
    device_ids: Sequence[str] | None = None,
    found: Mapping[str, Sequence[Event]] | None = None,
) -> list[Alert]:
    """Look for events in all readings of these devices, all unless given; return the new alerts, worst first.

    An event that has an alert already, be it that later readings lengthened it, updates that alert, which
    stays read if it was. An alert whose event corrected readings took away is removed, unless it was read:
    then somebody may have acted on it, and it stays.
    ``found`` holds, by device id, what `find_anomalies` has found in all readings of a device already.
    """
    found = found or {}
    listed = devices.list_devices(scope)
    wanted = None if device_ids is None else set(device_ids)
    by_id = {device.id: device for device in listed if wanted is None or device.id in wanted}
    facility = facility_of(scope)
    energy = {device.id for device in listed if devices.in_kwh(device, facility)}
    rated = [
        i for i, device in by_id.items() if i in energy and (i not in found or device.rated_power is not None)
    ]
    frame = readings.interval_data(scope, device_ids=rated)
    unknown = frame[~frame["deviceId"].isin(list(found))]
    events = find_anomalies(
        unknown.assign(device=unknown["deviceId"]),
        normal=normal_events(scope, list(by_id)).rename(columns={"reason": "kind"}),
        country=named_holiday_country(facility),
        others=_daily(scope, [i for i in sorted(energy) if i not in by_id or i in found]),
    )
    events += [event for device_id in by_id if device_id in energy for event in found.get(device_id, [])]
    for device_id, part in frame.groupby("deviceId", sort=False):
        events += find_above_rating(part, by_id[str(device_id)])
    events += [*events_of_rules(scope, by_id), *find_silences(scope)]
    about = [*ids.object_ids(by_id), None]
    # The readings of one meter show that another is silent.
    among = {"$or": [{"deviceId": {"$in": about}}, {"reason": SILENT}]}
    return worst_first(reconcile(scope, {device.id: device for device in listed}, events, among))


def find_anomalies(
    frame: pd.DataFrame,
    normal: pd.DataFrame | None = None,
    country: str | None = None,
    others: pd.DataFrame | None = None,
    between: Callable[[], None] = lambda: None,
) -> list[Event]:
    """Return the events in readings (device id, date, consumption); the rest as in `ml.anomalies.find`."""
    events = anomalies.events(anomalies.find(frame, normal, country, others, between))
    return [
        Event(
            device_id=event["device"],
            reason=event["kind"],
            severity=event["severity"],
            start=event["start"].to_pydatetime(),
            end=event["end"].to_pydatetime(),
            expected=event["expected"],
            actual=event["actual"],
            facts=_habit_facts(event) if event["kind"] == "habit" else {},
        )
        for event in events.to_dict("records")
    ]


def _habit_facts(event: Mapping[Any, Any]) -> dict[str, Any]:
    """Return since when, at which hours and how many kWh each time a habit uses."""
    return {
        "since": event["start"].date().isoformat(),
        "from_time": event["start"].time().isoformat(),
        "to_time": event["first_end"].time().isoformat(),
        "each": float(event["actual"] / event["stretches"]),
    }


def _daily(scope: Scope, device_ids: Sequence[str]) -> pd.DataFrame | None:
    """Return the daily readings of devices beside which `find_anomalies` looks at others."""
    if not device_ids:
        return None
    daily = readings.daily_consumption(scope, device_ids=device_ids)
    return daily.assign(device=daily["deviceId"], date=daily["date"].dt.tz_localize("UTC"))


@contextmanager
def prefetch(scope: Scope, readings: pd.DataFrame) -> Iterator[Callable[[Mapping[str, str]], Events]]:
    """Look for anomalies of devices that are new while their readings (device, date, consumption) are stored.

    What it gives is to be called with the ids of devices by name, once they are stored: it waits, and
    returns the events of those whose every reading was looked at, by id.
    """
    stop = Flag()
    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(_anomalies_of_new, scope, readings, stop)

        def found(ids: Mapping[str, str]) -> Events:
            events = looking.result()
            return {
                ids[name]: [replace(event, device_id=ids[name]) for event in of_device]
                for name, of_device in events.items()
                if name in ids
            }

        try:
            yield found
        finally:
            stop.set()


def _anomalies_of_new(scope: Scope, readings: pd.DataFrame, stop: Flag) -> Events:
    def check_stop() -> None:
        if stop.is_set():
            raise CancelledError

    there = devices.list_devices(scope)
    new = _new_names(there, readings["device"].unique())
    known = ~readings["device"].isin(new)
    frame = readings[~known] if known.any() else readings
    local = pd.DatetimeIndex(frame["date"]).tz_convert(scope.timezone)
    found: Events = {name: [] for name in new}
    frame = pd.DataFrame({"device": frame["device"], "date": local, "consumption": frame["consumption"]})
    facility = facility_of(scope)
    others = _daily(scope, [device.id for device in there if devices.in_kwh(device, facility)])
    country = named_holiday_country(facility)
    for event in find_anomalies(frame, country=country, others=others, between=check_stop):
        found[str(event.device_id)].append(event)
    return found


def _as_anomalies(read: readings.Readings) -> pd.DataFrame:
    """Return what is not plausible as the anomalies that it is: what is usual at that time of the day."""
    aside = read.implausible
    if aside is None or aside.empty:
        return pd.DataFrame({"date": pd.Series([], dtype=read.frame["date"].dtype)})
    usual = read.frame[read.frame["device"].isin(aside["device"].unique())]
    clock = usual["date"] - usual["date"].dt.normalize()
    medians = usual.groupby(["device", clock])["consumption"].median()
    here = pd.MultiIndex.from_arrays([aside["device"], aside["date"] - aside["date"].dt.normalize()])
    expected = medians.reindex(here).to_numpy()
    kind = np.where(aside["consumption"] > np.nan_to_num(expected), "spike", "outage")
    told = aside[["device", "date", "consumption"]]
    return told.assign(expected=expected, kind=kind, severity="high")


def _new_names(there: Iterable[Device], names: Iterable[str]) -> list[str]:
    """Return the names of devices that are not there."""
    known = {name_key(device.name) for device in there}
    return [name for name in names if name_key(name) not in known]


def find_above_rating(readings: pd.DataFrame, device: Device) -> list[Event]:
    """Return when a device drew more than its rated power, or used more in a day than its usual hours.

    ``readings`` are its own (date, local and aware; consumption, kWh), ascending by date. Nothing where the
    rating is not known. Consecutive readings, or days, above the limit are one event.
    """
    if device.rated_power is None or len(readings) < 2:
        return []
    dates, kwh = pd.DatetimeIndex(readings["date"]), readings["consumption"].to_numpy(dtype="float64")
    interval = interval_of(dates)
    rated = device.rated_power / 1000
    at_rated = rated * (interval / pd.Timedelta(hours=1))
    day = dates.tz_localize(None).normalize()
    days = pd.Series(kwh).groupby(day)
    # A bill is held against all its days.
    allowed = rated * device.avg_usage_hours * max(interval / DAY, 1.0) if device.avg_usage_hours else np.inf
    over_day = (days.transform("sum") > WIDE_MARGIN * allowed).to_numpy()
    over_demand = ~over_day & (kwh > at_rated)
    frame = pd.DataFrame(
        {
            "start": dates,
            "end": ends(dates, interval),
            "actual": kwh,
            "demand": at_rated,
            "day": allowed / days.transform("size").to_numpy(),
        }
    )
    return [
        *_joined(frame[over_demand], "demand", device.id, 1.5 * interval),
        *_joined(frame[over_day], "day", device.id, max(1.5 * interval, DAY)),
    ]


def _joined(over: pd.DataFrame, kind: str, device_id: str, gap: pd.Timedelta) -> Iterator[Event]:
    """Join readings no further apart than the gap to events; the column named for the kind is its limit."""
    apart = (over["start"].diff() > gap).cumsum()
    for _, event in over.groupby(apart):
        actual, limit = float(event["actual"].sum()), float(event[kind].sum())
        yield Event(
            device_id,
            kind,
            KINDS[kind].severity(actual / limit if limit else np.inf),
            event["start"].iloc[0].to_pydatetime(),
            event["end"].iloc[-1].to_pydatetime(),
            limit,
            actual,
        )


def detect_file(path: Path, output: Path, country: str | None = None) -> int:
    """Write the anomalous readings of a spreadsheet to another (.csv or .xlsx); return how many there are.

    Columns: device, date (start of the interval as the file writes it), consumption, expected (kWh), type
    (spike or anomaly), severity. On the public holidays of ``country`` (ISO 3166) a Sunday's readings are
    expected. Raises `HolidaysUnknown`, `readings.FileRefused`, `readings.MappingRefused` and
    `tables.TableRefused`; ``output`` is written whole or not at all.
    """
    read = readings.read_file(path, "UTC")
    try:
        found = anomalies.find(read.frame, country=country)
    except CountryUnknown:
        raise unknown_holidays(country) from None
    found = pd.concat([found, _as_anomalies(read)], ignore_index=True)
    rows = found.sort_values(["device", "date"], kind="stable").assign(
        date=found["date"].dt.tz_localize(None),
        expected=found["expected"].round(4),
        type=found["kind"].map({name: kind.type for name, kind in KINDS.items()}),
    )
    write_table(rows[["device", "date", "consumption", "expected", "type", "severity"]], output)
    return len(rows)
