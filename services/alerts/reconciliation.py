"""The events found now as the alerts of the database, with what each of them costs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from services import devices as all_devices
from services import ids
from services.alerts.actions import read_alerts
from services.alerts.kinds import KINDS
from services.alerts.notification import first_fields, post
from services.alerts.records import Alert, Event
from services.alerts.text import compose, english_text
from services.devices import Device
from services.facility import Facility, Tariff, facility_of, prices
from services.scope import Document, Scope

UNTOUCHED = {"read": False, "acknowledged": None, "normal": {"$ne": True}}
"""Nobody has acted on such an alert."""
IDENTITY = ("deviceId", "ruleId", "type", "start")
PRICED = ("cost", "currency")
LEAST_COST = 0.5
"""Less than half a unit of the currency is not worth a sentence."""


def reconcile(
    scope: Scope, devices: Mapping[str, Device], events: Sequence[Event], among: Document
) -> list[Alert]:
    """Store events of devices (all of them, by id), and of no single device, as alerts; return the new ones.

    These are written to the outbox as far as they are to be mailed. An alert is an event's when device, rule
    and type are the same and both overlap in time. ``among``: a query for the alerts that these events are
    all that is left of.
    """
    stored = {document["_id"]: document for document in scope.db["alerts"].find(scope.owned(among))}
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
    return read_alerts(scope, scope.db["alerts"].find(scope.owned({"_id": {"$in": new}})))


def _matched(events: Sequence[Event], stored: Mapping[ObjectId, Document]) -> dict[Event, ObjectId]:
    """Return each event's alert: the nearest fit first, and no alert twice."""
    alike: dict[tuple[str | None, str | None, str], list[Document]] = {}
    for alert in stored.values():
        key = (_text(alert["deviceId"]), _text(alert.get("ruleId")), alert["type"])
        alike.setdefault(key, []).append(alert)
    pairs = [
        (_fit(event, alert), event, alert["_id"])
        for event in events
        for alert in alike.get((event.device_id, event.rule_id, KINDS[event.reason].type), [])
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
    cost = extra_cost(event, facility.tariff if is_priced(device) else None)
    sentences, details = compose(event, device, cost, facility.currency)
    return {
        "deviceId": _id(event.device_id),
        "ruleId": _id(event.rule_id),
        "type": KINDS[event.reason].type,
        "reason": event.reason,
        "severity": event.severity,
        "message": english_text(sentences, details, scope.timezone),
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
    """Return an upsert: another program may evaluate the same readings at this moment."""
    identity = scope.owned({key: fields[key] for key in IDENTITY})
    rest = {key: value for key, value in fields.items() if key not in identity}
    added = {"_id": alert_id, "createdAt": datetime.now(UTC), **first(fields)}
    return UpdateOne(identity, {"$set": rest, "$setOnInsert": added}, upsert=True)


def _id(text: str | None) -> ObjectId | None:
    return ids.object_id(text) if text else None


def _text(key: ObjectId | None) -> str | None:
    return str(key) if key else None


def price_anew(scope: Scope) -> int:
    """Compute the cost of every alert by the facility's present tariff; return how many changed.

    A rule about a cost keeps what it has found: that is held against the tariff anew by `check_rules`. So
    does an alert of an older Loadlens, which has but a message.
    """
    facility = facility_of(scope)
    by_id = {device.id: device for device in all_devices.list_devices(scope)}
    changes = []
    query = scope.owned({"details.unit": {"$ne": "cost"}, "sentences": {"$exists": True}})
    for alert in scope.db["alerts"].find(query):
        event = _event_of(alert, ZoneInfo(scope.timezone))
        device = by_id.get(event.device_id or "")
        cost = extra_cost(event, facility.tariff if is_priced(device) else None)
        sentences, details = compose(event, device, cost, facility.currency)
        if details == alert["details"]:
            continue
        message = english_text(sentences, details, scope.timezone)
        change = {"sentences": sentences, "details": details, "message": message}
        changes.append(UpdateOne(scope.owned({"_id": alert["_id"]}), {"$set": change}))
    if changes:
        scope.db["alerts"].bulk_write(changes, ordered=False)
    return len(changes)


def is_priced(device: Device | None) -> bool:
    """Return whether the tariff, which is that of electricity bought, tells what a device's kWh cost."""
    return device is None or (device.utility, device.direction) == ("electricity", "consumption")


def extra_cost(event: Event, tariff: Tariff | None) -> float | None:
    """Return what was used beyond what was expected costs, at the mean price of the event's hours.

    None without a tariff, where less was used, and where it is not worth a sentence.
    """
    if tariff is None or event.actual is None or event.expected is None or not KINDS[event.reason].is_priced:
        return None
    cost = (event.actual - event.expected) * _mean_price(tariff, event)
    return cost if cost >= LEAST_COST else None


def _mean_price(tariff: Tariff, event: Event) -> float:
    if not tariff.periods:
        return tariff.base_price
    begin = pd.Timestamp(event.start)
    hours = pd.date_range(begin, max(pd.Timestamp(event.end), begin + pd.Timedelta("1h")), freq="h")[:-1]
    return float(np.mean(prices(tariff, hours)))


def _event_of(alert: Document, zone: ZoneInfo) -> Event:
    """Return the event that an alert is of; prices go by the facility's clock."""
    return Event(
        device_id=_text(alert["deviceId"]),
        reason=alert["reason"],
        severity=alert["severity"],
        start=alert["start"].astimezone(zone),
        end=alert["end"].astimezone(zone),
        expected=alert["expected"],
        actual=alert["actual"],
        facts={name: value for name, value in alert["details"].items() if name not in PRICED},
    )
