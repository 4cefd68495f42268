"""Anomalies of devices that are new, looked for while their readings are being stored."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event as Flag

import pandas as pd

from services import devices
from services.alerts.country import country_of
from services.alerts.evaluation import anomalies_of, daily_of
from services.alerts.event import Event
from services.devices import Device
from services.facility import facility_of
from services.names import name_key
from services.scope import Scope

Events = dict[str, list[Event]]


@contextmanager
def looking_ahead(scope: Scope, readings: pd.DataFrame) -> Iterator[Callable[[Mapping[str, str]], Events]]:
    """Look for anomalies in readings (device, date, consumption) of devices that are not known yet.

    What it gives is to be called with the ids of devices by name, once they are stored: it waits, and
    returns the events of those whose every reading was looked at, by id.
    """
    stop = Flag()
    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(_look, scope, readings, stop)

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


def _look(scope: Scope, readings: pd.DataFrame, stop: Flag) -> Events:
    def go_on() -> None:
        if stop.is_set():
            raise CancelledError

    there = devices.list_devices(scope)
    new = _new(there, readings["device"].unique())
    known = ~readings["device"].isin(new)
    frame = readings[~known] if known.any() else readings
    local = pd.DatetimeIndex(frame["date"]).tz_convert(scope.timezone)
    found: Events = {name: [] for name in new}
    frame = pd.DataFrame({"device": frame["device"], "date": local, "consumption": frame["consumption"]})
    others = daily_of(scope, [device.id for device in there])
    for event in anomalies_of(frame, country=country_of(facility_of(scope)), others=others, between=go_on):
        found[str(event.device_id)].append(event)
    return found


def _new(there: Iterable[Device], names: Iterable[str]) -> list[str]:
    """The names of devices that are not there."""
    known = {name_key(device.name) for device in there}
    return [name for name in names if name_key(name) not in known]
