"""What alerts cost, once the price of energy is another."""

from zoneinfo import ZoneInfo

from pymongo import UpdateOne

from services import devices
from services.alerts.costs import extra_cost
from services.alerts.event import Event
from services.alerts.messages import in_english, message
from services.facility import facility_of
from services.scope import Document, Scope

PRICED = ("cost", "currency")
TOLD = {"sentences": {"$exists": True}}
"""Older ones have but a message."""


def price_anew(scope: Scope) -> int:
    """Reckon the cost of every alert by the facility's present tariff; how many changed.

    A rule about a cost keeps what it has found: that is held against the tariff anew by `check_rules`.
    """
    facility = facility_of(scope)
    by_id = {device.id: device for device in devices.list_devices(scope)}
    changes = []
    for alert in scope.db["alerts"].find(scope.owned({"details.unit": {"$ne": "cost"}, **TOLD})):
        event = _event(alert, ZoneInfo(scope.timezone))
        cost = extra_cost(event, facility.tariff)
        sentences, details = message(event, by_id.get(event.device_id or ""), cost, facility.currency)
        if details == alert["details"]:
            continue
        said = in_english(sentences, details, scope.timezone)
        change = {"sentences": sentences, "details": details, "message": said}
        changes.append(UpdateOne(scope.owned({"_id": alert["_id"]}), {"$set": change}))
    if changes:
        scope.db["alerts"].bulk_write(changes, ordered=False)
    return len(changes)


def _event(alert: Document, zone: ZoneInfo) -> Event:
    """The event that an alert tells of; prices go by the facility's clock."""
    return Event(
        device_id=str(alert["deviceId"]) if alert["deviceId"] else None,
        reason=alert["reason"],
        severity=alert["severity"],
        start=alert["start"].astimezone(zone),
        end=alert["end"].astimezone(zone),
        expected=alert["expected"],
        actual=alert["actual"],
        facts={name: value for name, value in alert["details"].items() if name not in PRICED},
    )
