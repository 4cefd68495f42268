"""What people do with alerts: take note, put off, mute, or say that it was normal after all."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd

from services import ids
from services.alerts.alert import AlertRefused
from services.alerts.listing import object_ids
from services.scope import Document, Scope
from services.typed import typed

UNASKED = {"ruleId": None}
"""What was found without a rule: only that can be normal after all."""
LONGEST_NOTE = 2000


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
    """Put alerts off until then (aware): they count as new again at that time, and are told once more.

    Raises `AlertRefused` when one of them is not there.
    """
    _set(scope, alert_ids, {"read": False, "snoozedUntil": until, "tellAt": until})


@typed
def mark_normal(scope: Scope, alert_ids: Sequence[str], normal: bool = True) -> list[str]:
    """Say that what was found was normal after all, or that it was not; the devices to evaluate anew.

    Normal events teach the detector (`normal_events`). What a rule has found is left as it is. Raises
    `AlertRefused` when one of them is not there.
    """
    wanted = object_ids(scope, alert_ids)
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
    """What was normal after all: columns device (id), start and end (aware, UTC), reason."""
    query = scope.owned({"deviceId": {"$in": ids.object_ids(device_ids)}})
    rows = [
        (str(event["deviceId"]), pd.Timestamp(event["start"]), pd.Timestamp(event["end"]), event["reason"])
        for event in scope.db["normal_events"].find(query).sort("start")
    ]
    return pd.DataFrame(rows, columns=["device", "start", "end", "reason"])


@typed
def mute(scope: Scope, device_ids: Sequence[str], muted: bool = True) -> None:
    """Have a device's alerts listed as read, and told to nobody, from now on; or as usual again."""
    _set_on_devices(scope, device_ids, {"alertsMuted": muted})
    if muted:
        unread = {"deviceId": {"$in": ids.object_ids(device_ids)}, "read": False}
        scope.db["alerts"].update_many(scope.owned(unread), {"$set": {"read": True, "mailDue": False}})


@typed
def snooze_device(scope: Scope, device_ids: Sequence[str], until: datetime | None) -> None:
    """Tell nothing of what is found at these devices until then (aware), or again from now on (None)."""
    _set_on_devices(scope, device_ids, {"alertsSnoozedUntil": until})


def muted_devices(scope: Scope) -> set[str]:
    """The ids of the devices whose alerts are told to nobody."""
    found = scope.db["devices"].find(scope.owned({"alertsMuted": True}), {"_id": True})
    return {str(device["_id"]) for device in found}


def _set(scope: Scope, alert_ids: Sequence[str], fields: Document) -> None:
    wanted = object_ids(scope, alert_ids)
    scope.db["alerts"].update_many(scope.owned({"_id": {"$in": wanted}}), {"$set": fields})


def _set_on_devices(scope: Scope, device_ids: Sequence[str], fields: Document) -> None:
    wanted = list(set(ids.object_ids(device_ids, AlertRefused())))
    query = scope.owned({"_id": {"$in": wanted}})
    if scope.db["devices"].count_documents(query) < len(wanted):
        raise AlertRefused
    scope.db["devices"].update_many(query, {"$set": fields})
