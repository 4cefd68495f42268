"""Alerts to look at, and which of them are read."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bson import ObjectId

from services import ids
from services.alerts.alert import Alert, AlertRefused, from_document
from services.scope import Document, Scope
from services.typed import typed

STATES = ("unread", "open", "acknowledged", "snoozed", "normal")
"""Not read; not acknowledged nor normal; acknowledged; put off; normal after all."""


@typed
def get_alert(scope: Scope, alert_id: str) -> Alert:
    """One alert. Raises `AlertRefused`."""
    document = scope.db["alerts"].find_one(scope.owned({"_id": ids.object_id(alert_id, AlertRefused())}))
    if document is None:
        raise AlertRefused
    return named(scope, [document])[0]


@typed
def list_alerts(
    scope: Scope,
    type: str | None = None,  # noqa: A002 - the field's name
    severity: str | None = None,
    unread_only: bool = False,
    device_id: str | None = None,
    state: str | None = None,
    reason: str | None = None,
) -> list[Alert]:
    """Alerts by when they began, the newest first; of every type, severity, device, state (of `STATES`) and
    reason (of `event.TYPES`) unless one is given."""
    device = ids.object_id(device_id) if device_id else None
    wanted = {"type": type, "severity": severity, "deviceId": device, "reason": reason}
    query: Document = {field: value for field, value in wanted.items() if value is not None}
    states = {state, "unread" if unread_only else None} - {None}
    query["$and"] = [_in_state(state) for state in states if state] or [{}]
    return named(scope, scope.db["alerts"].find(scope.owned(query)).sort([("start", -1), ("_id", 1)]))


def unread_count(scope: Scope) -> int:
    """How many alerts are not read yet, without those that are put off."""
    return scope.db["alerts"].count_documents(scope.owned(_in_state("unread")))


@typed
def mark(scope: Scope, alert_ids: Sequence[str], read: bool = True) -> None:
    """Mark alerts as read or unread: all of them, or none. Raises `AlertRefused` when one is not there."""
    wanted = object_ids(scope, alert_ids)
    scope.db["alerts"].update_many(scope.owned({"_id": {"$in": wanted}}), {"$set": {"read": read}})


def mark_all_read(scope: Scope) -> None:
    """Mark every alert as read that is not put off."""
    scope.db["alerts"].update_many(scope.owned(_in_state("unread")), {"$set": {"read": True}})


def named(scope: Scope, documents: Iterable[Document]) -> list[Alert]:
    """Documents of `alerts` as alerts that know their device's name."""
    names = {d["_id"]: d["name"] for d in scope.db["devices"].find(scope.owned(), {"name": True})}
    return [from_document(document, names.get(document["deviceId"], "")) for document in documents]


def object_ids(scope: Scope, alert_ids: Sequence[str]) -> list[ObjectId]:
    """The ids as the database knows them. Raises `AlertRefused` when one of the alerts is not there."""
    wanted = list(set(ids.object_ids(alert_ids, AlertRefused())))
    if scope.db["alerts"].count_documents(scope.owned({"_id": {"$in": wanted}})) < len(wanted):
        raise AlertRefused
    return wanted


def _in_state(state: str) -> Document:
    now = datetime.now(UTC)
    queries: dict[str, Document] = {
        "unread": {"read": False, "snoozedUntil": {"$not": {"$gt": now}}},
        "open": {"acknowledged": None, "normal": {"$ne": True}},
        "acknowledged": {"acknowledged": {"$ne": None}},
        "snoozed": {"snoozedUntil": {"$gt": now}},
        "normal": {"normal": True},
    }
    return queries[state]
