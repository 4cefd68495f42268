"""The events found now, and the alerts that stand in the database."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from services import ids
from services.alerts.alert import Alert
from services.alerts.costs import extra_cost
from services.alerts.event import Event
from services.alerts.listing import named
from services.alerts.messages import in_english, message
from services.alerts.telling import first_fields, post
from services.devices import Device
from services.facility import Facility, facility_of
from services.scope import Document, Scope

UNTOUCHED = {"read": False, "acknowledged": None, "normal": {"$ne": True}}
"""Nobody has acted on such an alert."""
IDENTITY = ("deviceId", "ruleId", "type", "start")


def reconcile(
    scope: Scope, devices: Mapping[str, Device], events: Sequence[Event], among: Document | None = None
) -> list[Alert]:
    """Store the events of these devices (by id), and of no single device, as their alerts; those that are
    new, which are written to the outbox as far as they are to be mailed.

    An alert is an event's when device, rule and type are the same and both overlap in time. ``among``: the
    alerts that these events are all that is left of, every one of the devices unless said.
    """
    about = [*ids.object_ids(devices), None]
    query = scope.owned({"deviceId": {"$in": about}, **(among or {})})
    stored = {document["_id"]: document for document in scope.db["alerts"].find(query)}
    matched = _matched(events, stored)
    kept = set(matched.values())
    vanished = [alert_id for alert_id in stored if alert_id not in kept]
    # Removed first, and in ascending order: no start is written while another alert still has it.
    changes: list[DeleteOne | UpdateOne] = [
        DeleteOne(scope.owned({"_id": alert_id, **UNTOUCHED})) for alert_id in vanished
    ]
    new: list[ObjectId] = []
    facility, first = facility_of(scope), first_fields(scope)
    for event in sorted(events, key=lambda event: event.start):
        fields = _fields(scope, event, devices.get(event.device_id or ""), facility)
        if event in matched:
            changes.append(UpdateOne(scope.owned({"_id": matched[event]}), {"$set": fields}))
        else:
            new.append(ObjectId())
            changes.append(_addition(scope, new[-1], fields, first))
    if changes:
        scope.db["alerts"].bulk_write(changes)
        post(scope)
    return named(scope, scope.db["alerts"].find(scope.owned({"_id": {"$in": new}})))


def _matched(events: Sequence[Event], stored: Mapping[ObjectId, Document]) -> dict[Event, ObjectId]:
    """Each event's alert: the nearest fit first, and no alert twice."""
    alike: dict[tuple[str | None, str | None, str], list[Document]] = {}
    for alert in stored.values():
        key = (_text(alert["deviceId"]), _text(alert.get("ruleId")), alert["type"])
        alike.setdefault(key, []).append(alert)
    pairs = [
        (_fit(event, alert), event, alert["_id"])
        for event in events
        for alert in alike.get((event.device_id, event.rule_id, event.type), [])
        if event.overlap(alert["start"], alert["end"]) > 0
    ]
    found: dict[Event, ObjectId] = {}
    taken: set[ObjectId] = set()
    for _, event, alert_id in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if event not in found and alert_id not in taken:
            found[event] = alert_id
            taken.add(alert_id)
    return found


def _fit(event: Event, alert: Document) -> tuple[bool, bool, float]:
    return (
        alert["start"] == event.start,
        alert["reason"] == event.reason,
        event.overlap(alert["start"], alert["end"]),
    )


def _fields(scope: Scope, event: Event, device: Device | None, facility: Facility) -> Document:
    cost = extra_cost(event, facility.tariff)
    sentences, details = message(event, device, cost, facility.currency)
    return {
        "deviceId": _id(event.device_id),
        "ruleId": _id(event.rule_id),
        "type": event.type,
        "reason": event.reason,
        "severity": event.severity,
        "message": in_english(sentences, details, scope.timezone),
        "sentences": sentences,
        "details": {**details, "start": event.start.astimezone(UTC), "end": event.end.astimezone(UTC)},
        "start": event.start.astimezone(UTC),
        "end": event.end.astimezone(UTC),
        "expected": event.expected,
        "actual": event.actual,
    }


def _addition(
    scope: Scope, alert_id: ObjectId, fields: Document, first: Callable[[Document], Document]
) -> UpdateOne:
    """An upsert: another program may evaluate the same readings at this moment."""
    identity = scope.owned({key: fields[key] for key in IDENTITY})
    rest = {key: value for key, value in fields.items() if key not in identity}
    added = {"_id": alert_id, "createdAt": datetime.now(UTC), **first(fields)}
    return UpdateOne(identity, {"$set": rest, "$setOnInsert": added}, upsert=True)


def _id(text: str | None) -> ObjectId | None:
    return ids.object_id(text) if text else None


def _text(key: ObjectId | None) -> str | None:
    return str(key) if key else None
