"""The readings around an alert, and what was usual then."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ml.detection.level_shift import LONGEST
from ml.detection.profile import expected
from services import devices, ids, readings
from services.alerts.actions import list_alerts
from services.alerts.kinds import KINDS
from services.alerts.records import Alert
from services.alerts.rule_events import rows_of
from services.facility import facility_of
from services.holidays import named_holiday_country
from services.readings import Demand, load_profile_of
from services.scope import Scope
from services.typed import typed

AROUND = timedelta(days=3)
HOUR = 3600
LONG = timedelta(days=4)
"""A longer event is shown by the day: in the hours it would not be seen."""


class AlertContext(NamedTuple):
    """What was drawn before, during and after an event, by the facility's clock."""

    start: npt.NDArray[np.datetime64]
    """datetime64[s][n], when each interval begins."""
    kwh: npt.NDArray[np.float64]
    """[n]; NaN without readings."""
    usual: npt.NDArray[np.float64]
    """kWh [n] that the event was held against: what was usual, or what a rule allows in each of these
    intervals; NaN where neither is known."""


@typed
def alert_context(scope: Scope, alert: Alert) -> AlertContext:
    """Return the readings of what an alert is about, from three days before it to three days after.

    Of a long event, and of what a rule says of days or months, they are summed by day.
    """
    load = load_profile_of(scope)
    rows = rows_of(load, _devices(scope, alert))
    if not len(rows):
        return AlertContext(np.zeros(0, "datetime64[s]"), np.zeros(0), np.zeros(0))
    zone = ZoneInfo(scope.timezone)
    first, last = ((alert.start - AROUND).astimezone(zone), (alert.end + AROUND).astimezone(zone))
    demand = load.demand(rows).part(load.days.between(first.date(), last.date()))
    kwh = np.where(demand.read, demand.energy, np.nan)
    found = AlertContext(demand.clock.local, kwh, _usual(scope, alert, demand, last))
    if alert.details.get("per") in ("day", "month") or alert.end - alert.start > LONG:
        found = _by_day(found)
    return _with_allowed(found, alert)


def _by_day(found: AlertContext) -> AlertContext:
    """Sum up days: known as far as their readings are, and what was usual if it is known of all of them."""
    days, first = np.unique(found.start.astype("datetime64[D]"), return_index=True)
    known = np.add.reduceat(np.isfinite(found.kwh), first) > 0
    kwh = np.where(known, np.add.reduceat(np.nan_to_num(found.kwh), first), np.nan)
    read = np.where(np.isfinite(found.kwh), found.usual, 0.0)
    return AlertContext(
        days.astype("datetime64[s]"), kwh, np.where(known, np.add.reduceat(read, first), np.nan)
    )


def _with_allowed(found: AlertContext, alert: Alert) -> AlertContext:
    """Put what a rule allows in an hour or a day beside the readings, where these are shown."""
    steps = np.diff(found.start.astype("int64"))
    hours = int(steps.min(initial=24 * HOUR)) / HOUR
    unit, per = alert.details.get("unit"), alert.details.get("per")
    allowed = float(alert.details.get("allowed") or 0.0)
    if unit == "kW":
        allowed *= hours
    elif unit != "kWh" or hours != {"hour": 1, "day": 24}.get(str(per)):
        return found
    return found._replace(usual=np.full(len(found.kwh), allowed))


def _usual(scope: Scope, alert: Alert, demand: Demand, until: datetime) -> npt.NDArray[np.float64]:
    found = np.full(len(demand.kwh), np.nan)
    kind = KINDS.get(alert.reason)
    if kind is None or kind.against != "usual" or not alert.device_id:
        return found
    until += timedelta(days=1)  # its whole day is shown
    past = readings.interval_data(scope, end=until, device_ids=[alert.device_id])
    seconds = past["date"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    step = (seconds.astype("int64") - demand.begin) // demand.step
    shown = (step >= 0) & (step < len(found))
    country = named_holiday_country(facility_of(scope))
    found[step[shown]] = expected(past, country, _of_events(scope, alert, seconds))[shown]
    return found


def _of_events(scope: Scope, alert: Alert, seconds: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
    """Tell which readings (UTC, datetime64[s]) are of this event or of others of its device, bool[n].

    Not those of a change that became the usual before this event, for what follows it.
    """
    found = np.zeros(len(seconds), "bool")
    for other in list_alerts(scope, device_id=alert.device_id):
        kind = KINDS.get(other.reason)
        passed = other.end - other.start < timedelta(days=LONGEST)
        if kind and kind.against == "usual" and (passed or other.id == alert.id):
            begin, end = (
                np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "s") for at in (other.start, other.end)
            )
            found |= (seconds >= begin) & (seconds < end)
    return found


def _devices(scope: Scope, alert: Alert) -> set[str]:
    if alert.device_id:
        return {alert.device_id}
    query = scope.owned({"_id": ids.object_id(alert.rule_id) if alert.rule_id else None})
    rule = scope.db["alert_rules"].find_one(query)
    category = str(rule["categoryId"]) if rule and rule["categoryId"] else None
    chosen = [d for d in devices.list_devices(scope) if category is None or d.category_id == category]
    return {device.id for device in devices.counted_devices(scope, chosen)}
