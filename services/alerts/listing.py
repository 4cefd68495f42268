"""Alerts to look at, and which of them are read."""

from collections.abc import Iterable, Sequence

from bson import ObjectId

from services.alerts.alert import Alert, AlertRefused, from_document
from services.scope import Document, Scope


def get_alert(scope: Scope, alert_id: str) -> Alert:
    """One alert. Raises `AlertRefused`."""
    document = scope.db["alerts"].find_one(scope.owned({"_id": _object_id(alert_id)}))
    if document is None:
        raise AlertRefused
    return named(scope, [document])[0]


def list_alerts(
    scope: Scope,
    type: str | None = None,  # noqa: A002 - the field's name
    severity: str | None = None,
    unread_only: bool = False,
) -> list[Alert]:
    """Alerts by when they began, the newest first; of every type and severity unless one is given."""
    wanted = {"type": type, "severity": severity, "read": False if unread_only else None}
    query = scope.owned({field: value for field, value in wanted.items() if value is not None})
    return named(scope, scope.db["alerts"].find(query).sort([("start", -1), ("_id", 1)]))


def unread_count(scope: Scope) -> int:
    """How many alerts are not read yet."""
    return scope.db["alerts"].count_documents(scope.owned({"read": False}))


def mark(scope: Scope, alert_ids: Sequence[str], read: bool = True) -> None:
    """Mark alerts as read or unread: all of them, or none. Raises `AlertRefused` when one is not there."""
    ids = {_object_id(alert_id) for alert_id in alert_ids}
    query = scope.owned({"_id": {"$in": list(ids)}})
    if scope.db["alerts"].count_documents(query) < len(ids):
        raise AlertRefused
    scope.db["alerts"].update_many(query, {"$set": {"read": read}})


def mark_all_read(scope: Scope) -> None:
    """Mark every alert as read."""
    scope.db["alerts"].update_many(scope.owned({"read": False}), {"$set": {"read": True}})


def named(scope: Scope, documents: Iterable[Document]) -> list[Alert]:
    """Documents of `alerts` as alerts that know their device's name."""
    names = {d["_id"]: d["name"] for d in scope.db["devices"].find(scope.owned(), {"name": True})}
    return [from_document(document, names.get(document["deviceId"], "")) for document in documents]


def _object_id(text: str) -> ObjectId:
    if not ObjectId.is_valid(text):
        raise AlertRefused
    return ObjectId(text)
