"""Devices in use that send nothing any more."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from services.alerts.event import Event
from services.alerts.rule import Rule
from services.devices import Device
from services.local_times import day_start
from services.readings.load import Load
from services.scope import Scope


def silent_devices(scope: Scope, rule: Rule, chosen: Sequence[Device], load: Load) -> Iterator[Event]:
    """Active devices of which nothing was read for as many whole days as the rule says, until today."""
    zone = ZoneInfo(scope.timezone)
    today = datetime.now(zone).date()
    read = np.zeros((len(chosen), len(load.days.days)), "bool")
    place = {device.id: number for number, device in enumerate(chosen)}
    for row, (device_id, _) in enumerate(load.meters):
        if str(device_id) in place:
            read[place[str(device_id)]] |= load.days.readings[row] > 0
    for device, days in zip(chosen, read, strict=True):
        if device.status != "active" or not days.any():
            continue
        last = load.days.days[np.flatnonzero(days)[-1]].item()
        silent = (today - last).days - 1
        if silent >= (rule.limit or 0):
            start = last + timedelta(days=1)
            yield Event(
                device.id,
                rule.kind,
                rule.severity,
                day_start(start, zone),
                day_start(today, zone),
                None,
                None,
                rule.id,
                {"days": silent, "last": last.isoformat()},
            )
