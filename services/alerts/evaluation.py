"""From the readings to alerts: one for each event, however often it is looked for."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from ml.detection import anomalies
from services import devices, readings
from services.alerts.alert import Alert, worst_first
from services.alerts.country import country_of
from services.alerts.event import Event
from services.alerts.handling import normal_events
from services.alerts.reconciliation import reconcile
from services.alerts.rules import events_of_rules
from services.alerts.thresholds import exceeded
from services.facility import facility_of
from services.scope import Scope
from services.typed import typed


@typed
def evaluate(
    scope: Scope,
    device_ids: Sequence[str] | None = None,
    found: Mapping[str, Sequence[Event]] | None = None,
) -> list[Alert]:
    """Look for events in all readings of these devices, all unless given; the new alerts, worst first.

    An event that has an alert already, be it that later readings lengthened it, updates that alert, which
    stays read if it was. An alert whose event corrected readings took away is removed, unless it was read:
    then somebody may have acted on it, and it stays.
    ``found`` holds, by device id, what `anomalies_of` has found in all readings of a device already.
    """
    found = found or {}
    listed = devices.list_devices(scope)
    wanted = None if device_ids is None else set(device_ids)
    by_id = {device.id: device for device in listed if wanted is None or device.id in wanted}
    rated = [i for i, device in by_id.items() if i not in found or device.rated_power is not None]
    frame = readings.interval_data(scope, device_ids=rated)
    unknown = frame[~frame["deviceId"].isin(list(found))]
    events = anomalies_of(
        unknown.assign(device=unknown["deviceId"]),
        normal=normal_events(scope, list(by_id)).rename(columns={"reason": "kind"}),
        country=country_of(facility_of(scope)),
        others=daily_of(scope, [d.id for d in listed if d.id not in by_id or d.id in found]),
    )
    events += [event for device_id in by_id for event in found.get(device_id, [])]
    for device_id, part in frame.groupby("deviceId", sort=False):
        events += exceeded(part, by_id[str(device_id)])
    events += events_of_rules(scope, by_id)
    return worst_first(reconcile(scope, by_id, events))


def anomalies_of(
    frame: pd.DataFrame,
    normal: pd.DataFrame | None = None,
    country: str | None = None,
    others: pd.DataFrame | None = None,
    between: Callable[[], None] = lambda: None,
) -> list[Event]:
    """The events in readings (device id, date, consumption); the rest as in `ml.anomalies.find`."""
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
        )
        for event in events.to_dict("records")
    ]


def daily_of(scope: Scope, device_ids: Sequence[str]) -> pd.DataFrame | None:
    """The daily readings of devices beside which others are looked at, as `anomalies_of` takes them."""
    if not device_ids:
        return None
    daily = readings.daily_consumption(scope, device_ids=device_ids)
    return daily.assign(device=daily["deviceId"], date=daily["date"].dt.tz_localize("UTC"))
