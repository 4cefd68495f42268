"""The audit log: who did what, and when. Written as things happen, never changed afterwards."""

import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from services.scope import Document, Scope
from services.typed import typed

LONGEST_SUBJECT = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One thing that was done."""

    id: str
    at: datetime
    action: str
    """A dotted word, such as ``import.done``."""
    email: str
    """Of who did it."""
    subject: str
    """To what or whom: a file, a device, an email."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    host: str = ""


def record(
    db: Database[Document],
    action: str,
    *,
    by: ObjectId | None,
    email: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    entry_id: ObjectId | None = None,
) -> None:
    """Note that it was done; never a secret, never a reading. Once, if an ``entry_id`` is given.

    What was done stays done when the note cannot be written, so this raises nothing.
    """
    entry = {
        "_id": entry_id or ObjectId(),
        "at": datetime.now(UTC),
        "action": action,
        "userId": by,
        "email": email,
        "subject": subject[:LONGEST_SUBJECT],
        "detail": dict(detail or {}),
        "host": socket.gethostname(),
    }
    try:
        db["audit_log"].insert_one(entry)
    except DuplicateKeyError:
        pass  # by a program that died before it could say so
    except PyMongoError:
        log.warning("%s of %s was not noted in the audit log", action, email, exc_info=True)


@typed
def record_for(
    scope: Scope,
    action: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    entry_id: ObjectId | None = None,
) -> None:
    """Record what the scope's account did."""
    try:
        owner = scope.db["users"].find_one({"_id": scope.user_id}, {"email": True})
    except PyMongoError:
        owner = None
    email = owner["email"] if owner else ""
    record(scope.db, action, by=scope.user_id, email=email, subject=subject, detail=detail, entry_id=entry_id)


NOT_TOLD = frozenset({"_id", "userId", "createdAt", "updatedAt"})


@typed
def _filled(value: Any) -> Any:
    """Return a value, None where it is a list of nothing."""
    return None if value in ([], ()) else value


def record_changes(
    scope: Scope, subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    """Record the fields of a setting that are others now, with both values; nothing if none is.

    ``before`` is None for what was added, ``after`` for what was deleted. Neither may hold a secret.
    """
    old, new = before or {}, after or {}
    changed = {
        name: [old.get(name), new.get(name)]
        for name in {**old, **new}
        if name not in NOT_TOLD and _filled(old.get(name)) != _filled(new.get(name))
    }
    if changed:
        record_for(scope, "settings.changed", subject, changed)
