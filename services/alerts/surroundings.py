"""The readings around an alert, and what was usual then."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ml.detection.profile import expected
from services import devices, ids, readings
from services.alerts.alert import Alert
from services.alerts.country import country_of
from services.alerts.messages import AS_USUAL
from services.facility import facility_of
from services.readings.load import Demand, load_of
from services.scope import Scope
from services.typed import typed

AROUND = timedelta(days=3)
HOUR = 3600
LONG = timedelta(days=4)
"""Of a longer event the days are told, in whose hours it would not be seen."""


class Surroundings(NamedTuple):
    """What was drawn before, during and after an event, by the facility's clock."""

    start: npt.NDArray[np.datetime64]
    """datetime64[s][n], when each interval begins."""
    kwh: npt.NDArray[np.float64]
    """[n]; NaN without readings."""
    usual: npt.NDArray[np.float64]
    """kWh [n] that the event was held against: what was usual, or what a rule allows in each of these
    intervals; NaN where neither is known."""


@typed
def surroundings(scope: Scope, alert: Alert) -> Surroundings:
    """The readings of what the alert is about, from three days before it to three days after; of a long event
    their sums by day."""
    load, wanted = load_of(scope), _devices(scope, alert)
    rows = [row for row, (device_id, _) in enumerate(load.meters) if str(device_id) in wanted]
    if not rows:
        return Surroundings(np.zeros(0, "datetime64[s]"), np.zeros(0), np.zeros(0))
    zone = ZoneInfo(scope.timezone)
    first, last = ((alert.start - AROUND).astimezone(zone), (alert.end + AROUND).astimezone(zone))
    demand = load.demand(np.array(rows)).part(load.days.between(first.date(), last.date()))
    kwh = np.where(demand.there, demand.kwh, np.nan)
    found = Surroundings(demand.clock.local, kwh, _usual(scope, alert, demand, last))
    if alert.details.get("per") in ("day", "month") or alert.end - alert.start > LONG:
        found = _by_day(found)
    return _with_allowed(found, alert)


def _by_day(found: Surroundings) -> Surroundings:
    """A day is known as far as its readings are; what was usual, if it is known of all of them."""
    days, first = np.unique(found.start.astype("datetime64[D]"), return_index=True)
    known = np.add.reduceat(np.isfinite(found.kwh), first) > 0
    kwh = np.where(known, np.add.reduceat(np.nan_to_num(found.kwh), first), np.nan)
    read = np.where(np.isfinite(found.kwh), found.usual, 0.0)
    return Surroundings(
        days.astype("datetime64[s]"), kwh, np.where(known, np.add.reduceat(read, first), np.nan)
    )


def _with_allowed(found: Surroundings, alert: Alert) -> Surroundings:
    """Beside what a rule allows in an hour or a day, where these are drawn."""
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
    if alert.reason not in AS_USUAL or not alert.device_id:
        return found
    until += timedelta(days=1)  # its whole day is shown
    past = readings.interval_data(scope, end=until, device_ids=[alert.device_id])
    seconds = past["date"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    step = (seconds.astype("int64") - demand.begin) // demand.step
    shown = (step >= 0) & (step < len(found))
    found[step[shown]] = expected(past, country_of(facility_of(scope)))[shown]
    return found


def _devices(scope: Scope, alert: Alert) -> set[str]:
    if alert.device_id:
        return {alert.device_id}
    query = scope.owned({"_id": ids.object_id(alert.rule_id) if alert.rule_id else None})
    rule = scope.db["alert_rules"].find_one(query)
    category = str(rule["categoryId"]) if rule and rule["categoryId"] else None
    return {d.id for d in devices.list_devices(scope) if category is None or d.category_id == category}
