"""From the readings to alerts: one for each event, however often it is looked for."""

from collections.abc import Sequence

import pandas as pd

from ml import anomalies
from services import devices, readings
from services.alerts.alert import Alert, worst_first
from services.alerts.event import Event
from services.alerts.reconciliation import reconcile
from services.alerts.thresholds import exceeded
from services.scope import Scope


def evaluate(scope: Scope, device_ids: Sequence[str] | None = None) -> list[Alert]:
    """Look for events in all readings of these devices, all unless given; the new alerts, worst first.

    An event that has an alert already, be it that later readings lengthened it, updates that alert, which
    stays read if it was. An alert whose event corrected readings took away is removed, unless it was read:
    then somebody may have acted on it, and it stays.
    """
    by_id = {
        device.id: device
        for device in devices.list_devices(scope)
        if device_ids is None or device.id in device_ids
    }
    frame = readings.interval_data(scope, device_ids=list(by_id))
    events = _anomalies(frame)
    for device_id, part in frame.groupby("deviceId", sort=False):
        events += exceeded(part, by_id[str(device_id)])
    return worst_first(reconcile(scope, by_id, events))


def _anomalies(frame: pd.DataFrame) -> list[Event]:
    found = anomalies.events(anomalies.find(frame.assign(device=frame["deviceId"])))
    return [
        Event(
            device_id=event["device"],
            reason=event["kind"],
            severity=event["severity"],
            start=event["start"].to_pydatetime(),
            end=event["end"].to_pydatetime(),
            expected=event["expected"],
            actual=event["actual"],
        )
        for event in found.to_dict("records")
    ]
