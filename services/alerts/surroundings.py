"""The readings around an alert."""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from services import devices, ids
from services.alerts.alert import Alert
from services.readings.load import load_of
from services.scope import Scope
from services.typed import typed

AROUND = timedelta(days=3)


class Surroundings(NamedTuple):
    """What was drawn before, during and after an event, by the facility's clock."""

    start: npt.NDArray[np.datetime64]
    """datetime64[s][n], when each interval begins."""
    kwh: npt.NDArray[np.float64]
    """[n]; NaN without readings."""


@typed
def surroundings(scope: Scope, alert: Alert) -> Surroundings:
    """The readings of what the alert is about, from three days before it to three days after."""
    load, wanted = load_of(scope), _devices(scope, alert)
    rows = [row for row, (device_id, _) in enumerate(load.meters) if str(device_id) in wanted]
    if not rows:
        return Surroundings(np.zeros(0, "datetime64[s]"), np.zeros(0))
    zone = ZoneInfo(scope.timezone)
    first, last = ((alert.start - AROUND).astimezone(zone), (alert.end + AROUND).astimezone(zone))
    demand = load.demand(np.array(rows)).part(load.days.between(first.date(), last.date()))
    return Surroundings(demand.clock.local, np.where(demand.there, demand.kwh, np.nan))


def _devices(scope: Scope, alert: Alert) -> set[str]:
    if alert.device_id:
        return {alert.device_id}
    query = scope.owned({"_id": ids.object_id(alert.rule_id) if alert.rule_id else None})
    rule = scope.db["alert_rules"].find_one(query)
    category = str(rule["categoryId"]) if rule and rule["categoryId"] else None
    return {d.id for d in devices.list_devices(scope) if category is None or d.category_id == category}
