"""The events found now, and the alerts that stand in the database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from services.alerts.alert import Alert
from services.alerts.event import Event
from services.alerts.listing import named
from services.alerts.messages import message
from services.devices import Device
from services.scope import Document, Scope


def reconcile(scope: Scope, devices: Mapping[str, Device], events: Sequence[Event]) -> list[Alert]:
    """Store the events of these devices (by id) as their alerts; those that are new.

    An alert is an event's when device and type are the same and both overlap in time.
    """
    query = scope.owned({"deviceId": {"$in": [ObjectId(device_id) for device_id in devices]}})
    stored = {document["_id"]: document for document in scope.db["alerts"].find(query)}
    matched = _matched(events, stored)
    kept = set(matched.values())
    vanished = [i for i, alert in stored.items() if i not in kept and not alert["read"]]
    # Removed first, and in ascending order: no start is written while another alert still has it.
    changes: list[DeleteOne | UpdateOne] = [
        DeleteOne(scope.owned({"_id": alert_id, "read": False})) for alert_id in vanished
    ]
    new: list[ObjectId] = []
    for event in sorted(events, key=lambda event: event.start):
        fields = _fields(event, devices[event.device_id])
        if event in matched:
            changes.append(UpdateOne(scope.owned({"_id": matched[event]}), {"$set": fields}))
        else:
            new.append(ObjectId())
            changes.append(_addition(scope, new[-1], fields))
    if changes:
        scope.db["alerts"].bulk_write(changes)
    return named(scope, scope.db["alerts"].find(scope.owned({"_id": {"$in": new}})))


def _matched(events: Sequence[Event], stored: Mapping[ObjectId, Document]) -> dict[Event, ObjectId]:
    """Each event's alert: the nearest fit first, and no alert twice."""
    of_device: dict[tuple[str, str], list[Document]] = {}
    for alert in stored.values():
        of_device.setdefault((str(alert["deviceId"]), alert["type"]), []).append(alert)
    pairs = [
        (_fit(event, alert), event, alert["_id"])
        for event in events
        for alert in of_device.get((event.device_id, event.type), [])
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


def _fields(event: Event, device: Device) -> Document:
    return {
        "deviceId": ObjectId(event.device_id),
        "type": event.type,
        "reason": event.reason,
        "severity": event.severity,
        "message": message(event, device),
        "start": event.start.astimezone(UTC),
        "end": event.end.astimezone(UTC),
        "expected": event.expected,
        "actual": event.actual,
    }


def _addition(scope: Scope, alert_id: ObjectId, fields: Document) -> UpdateOne:
    """An upsert: another program may evaluate the same readings at this moment."""
    identity = scope.owned({key: fields[key] for key in ("deviceId", "type", "start")})
    rest = {key: value for key, value in fields.items() if key not in identity}
    first = {"_id": alert_id, "read": False, "createdAt": datetime.now(UTC)}
    return UpdateOne(identity, {"$set": rest, "$setOnInsert": first}, upsert=True)
