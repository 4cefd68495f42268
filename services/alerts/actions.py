"""Alerts to look at, and what people do with them: read, take note, put off, mute, say that it was normal."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pandas as pd
from bson import ObjectId

from services import ids
from services.alerts.records import Alert, AlertRefused, AlertType, Severity, State, read_alert
from services.scope import Document, Scope
from services.typed import typed

UNASKED = {"ruleId": None}
"""What was found without a rule: only that can be normal after all."""
LONGEST_NOTE = 2000


@typed
def get_alert(scope: Scope, alert_id: str) -> Alert:
    """Return one alert. Raises `AlertRefused`."""
    document = scope.db["alerts"].find_one(scope.owned({"_id": ids.object_id(alert_id, AlertRefused())}))
    if document is None:
        raise AlertRefused
    return read_alerts(scope, [document])[0]


@typed
def list_alerts(
    scope: Scope,
    type: AlertType | None = None,  # noqa: A002 - the field's name
    severity: Severity | None = None,
    unread_only: bool = False,
    device_id: str | None = None,
    state: State | None = None,
    reason: str | None = None,
) -> list[Alert]:
    """Return alerts by when they began, the newest first.

    Of every type, severity, device, state and reason (a name of `kinds.KINDS`) unless one is given.
    """
    device = ids.object_id(device_id) if device_id else None
    wanted = {"type": type, "severity": severity, "deviceId": device, "reason": reason}
    query: Document = {field: value for field, value in wanted.items() if value is not None}
    states: set[State | None] = {state, "unread" if unread_only else None}
    query["$and"] = [_in_state(state) for state in states if state] or [{}]
    return read_alerts(scope, scope.db["alerts"].find(scope.owned(query)).sort([("start", -1), ("_id", 1)]))


def unread_count(scope: Scope) -> int:
    """Count the alerts that are not read yet, without those that are put off."""
    return scope.db["alerts"].count_documents(scope.owned(_in_state("unread")))


def read_alerts(scope: Scope, documents: Iterable[Document]) -> list[Alert]:
    """Return what documents of `alerts` describe, with the names of their devices."""
    names = {d["_id"]: d["name"] for d in scope.db["devices"].find(scope.owned(), {"name": True})}
    return [read_alert(document, names.get(document["deviceId"], "")) for document in documents]


@typed
def mark(scope: Scope, alert_ids: Sequence[str], read: bool = True) -> None:
    """Mark alerts as read or unread: all of them, or none. Raises `AlertRefused` when one is not there."""
    _set(scope, alert_ids, {"read": read})


def mark_all_read(scope: Scope) -> None:
    """Mark every alert as read that is not put off."""
    scope.db["alerts"].update_many(scope.owned(_in_state("unread")), {"$set": {"read": True}})


@typed
def acknowledge(scope: Scope, alert_ids: Sequence[str], note: str = "") -> None:
    """Take note of alerts, which makes them read: who, when, and why nothing more need be done.

    Raises `AlertRefused` when one of them is not there.
    """
    user = scope.db["users"].find_one({"_id": scope.user_id}, {"firstName": True, "lastName": True})
    by = f"{user['firstName']} {user['lastName']}" if user else ""
    noted = {"by": by, "at": datetime.now(UTC), "note": note.strip()[:LONGEST_NOTE]}
    _set(scope, alert_ids, {"read": True, "acknowledged": noted})


@typed
def snooze(scope: Scope, alert_ids: Sequence[str], until: datetime) -> None:
    """Put alerts off until then (aware): they count as new again at that time, and are due once more.

    Raises `AlertRefused` when one of them is not there.
    """
    _set(scope, alert_ids, {"read": False, "snoozedUntil": until, "tellAt": until})


@typed
def mark_normal(scope: Scope, alert_ids: Sequence[str], normal: bool = True) -> list[str]:
    """Say that what was found was normal after all, or that it was not; return the devices to evaluate anew.

    Normal events teach the detector (`normal_events`). What a rule has found is left as it is. Raises
    `AlertRefused` when one of them is not there.
    """
    wanted = _existing_ids(scope, alert_ids)
    found = list(scope.db["alerts"].find(scope.owned({"_id": {"$in": wanted}, **UNASKED})))
    for alert in found:
        event = scope.owned({key: alert[key] for key in ("deviceId", "start", "end")})
        if normal:
            scope.db["normal_events"].update_one(event, {"$set": {"reason": alert["reason"]}}, upsert=True)
        else:
            scope.db["normal_events"].delete_many(event)
    change: Document = {"normal": normal, **({"read": True} if normal else {})}
    scope.db["alerts"].update_many(scope.owned({"_id": {"$in": [a["_id"] for a in found]}}), {"$set": change})
    return sorted({str(alert["deviceId"]) for alert in found})


@typed
def normal_events(scope: Scope, device_ids: Sequence[str]) -> pd.DataFrame:
    """Return what was normal after all: columns device (id), start and end (aware, UTC), reason."""
    query = scope.owned({"deviceId": {"$in": ids.object_ids(device_ids)}})
    rows = [
        (str(event["deviceId"]), pd.Timestamp(event["start"]), pd.Timestamp(event["end"]), event["reason"])
        for event in scope.db["normal_events"].find(query).sort("start")
    ]
    return pd.DataFrame(rows, columns=["device", "start", "end", "reason"])


@typed
def mute(scope: Scope, device_ids: Sequence[str], muted: bool = True) -> None:
    """List a device's alerts as read, and notify nobody of them, from now on; or as usual again."""
    _set_on_devices(scope, device_ids, {"alertsMuted": muted})
    if muted:
        unread = {"deviceId": {"$in": ids.object_ids(device_ids)}, "read": False}
        scope.db["alerts"].update_many(scope.owned(unread), {"$set": {"read": True, "mailDue": False}})


@typed
def snooze_device(scope: Scope, device_ids: Sequence[str], until: datetime | None) -> None:
    """Notify of nothing that is found at these devices until then (aware), or again from now on (None)."""
    _set_on_devices(scope, device_ids, {"alertsSnoozedUntil": until})


def muted_devices(scope: Scope) -> set[str]:
    """Return the ids of the devices whose alerts nobody is notified of."""
    found = scope.db["devices"].find(scope.owned({"alertsMuted": True}), {"_id": True})
    return {str(device["_id"]) for device in found}


def _in_state(state: State) -> Document:
    now = datetime.now(UTC)
    queries: dict[State, Document] = {
        "unread": {"read": False, "snoozedUntil": {"$not": {"$gt": now}}},
        "open": {"acknowledged": None, "normal": {"$ne": True}},
        "acknowledged": {"acknowledged": {"$ne": None}},
        "snoozed": {"snoozedUntil": {"$gt": now}},
        "normal": {"normal": True},
    }
    return queries[state]


def _existing_ids(scope: Scope, alert_ids: Sequence[str]) -> list[ObjectId]:
    """Return the database's ids. Raises `AlertRefused` when one of the alerts is not there."""
    wanted = list(set(ids.object_ids(alert_ids, AlertRefused())))
    if scope.db["alerts"].count_documents(scope.owned({"_id": {"$in": wanted}})) < len(wanted):
        raise AlertRefused
    return wanted


def _set(scope: Scope, alert_ids: Sequence[str], fields: Document) -> None:
    wanted = _existing_ids(scope, alert_ids)
    scope.db["alerts"].update_many(scope.owned({"_id": {"$in": wanted}}), {"$set": fields})


def _set_on_devices(scope: Scope, device_ids: Sequence[str], fields: Document) -> None:
    wanted = list(set(ids.object_ids(device_ids, AlertRefused())))
    query = scope.owned({"_id": {"$in": wanted}})
    if scope.db["devices"].count_documents(query) < len(wanted):
        raise AlertRefused
    scope.db["devices"].update_many(query, {"$set": fields})
