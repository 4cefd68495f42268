"""Anomalies of devices that are new, looked for while their readings are being stored."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event as Flag

import numpy as np
import pandas as pd

from services import devices
from services.alerts.evaluation import anomalies_of
from services.alerts.event import Event
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
    codes, names = pd.factorize(readings["device"])
    known = {device.name.casefold() for device in devices.list_devices(scope)}
    spellings = Counter(name.casefold() for name in names)
    dates = pd.DatetimeIndex(readings["date"]).tz_convert(scope.timezone)
    order = np.lexsort((dates.asi8, codes))
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    kwh = readings["consumption"].to_numpy()
    found: Events = {}
    for number, name in enumerate(names):
        if stop.is_set():
            break
        if name.casefold() not in known and spellings[name.casefold()] == 1:
            rows = order[bounds[number] : bounds[number + 1]]
            part = pd.DataFrame({"deviceId": name, "date": dates[rows], "consumption": kwh[rows]})
            found[name] = anomalies_of(part.drop_duplicates("date"))
    return found
