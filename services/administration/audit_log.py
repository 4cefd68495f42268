"""The audit log for whoever looks after the database: read, filtered, and written to a file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from services import ids
from services.accounts import require_keeper
from services.administration.users import AccountRefused, account_gone
from services.audit import Entry
from services.local_times import day_start
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.tables import write_table
from services.typed import typed

GROUPS: dict[str, tuple[str, ...]] = {
    "sign-ins": ("sign_in", "sign_in.refused", "sign_in.locked", "sign_out", "sessions.ended"),
    "accounts": (
        "user.created",
        "user.role",
        "user.status",
        "user.profile",
        "password.changed",
        "password.reset",
    ),
    "imports": ("import.done", "import.undone"),
    "deletions": ("device.deleted",),
    "settings": ("settings.changed",),
    "database": ("backup.made", "backup.restored", "database.moved"),
}
PAGE = 500
"""So many entries at once."""


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are wanted; None means any."""

    group: str | None = None
    """One of `GROUPS`."""
    user_id: str | None = None
    """Of who did it."""
    first: date | None = None
    last: date | None = None
    """By the clock of the facility of whoever asks, both included."""
    text: str = ""
    """To be found in the email or the subject, whatever its case."""


@typed
def audit_entries(
    scope: Scope, wanted: AuditFilter | None = None, older_than: Entry | None = None, limit: int = PAGE
) -> list[Entry]:
    """Return the newest entries, or the newest of those older than one. Raises `NotAllowed`."""
    require_keeper(scope)
    query = query_of(scope, wanted or AuditFilter())
    if older_than:
        earlier = {"at": older_than.at, "_id": {"$lt": ids.object_id(older_than.id, account_gone())}}
        query["$or"] = [{"at": {"$lt": older_than.at}}, earlier]
    return list(find(scope, query, limit))


def query_of(scope: Scope, wanted: AuditFilter) -> Document:
    """Return the query of a filter. Raises `AccountRefused` for what is no group, or no id."""
    query: Document = {}
    if wanted.group is not None:
        if wanted.group not in GROUPS:
            raise AccountRefused("There is no such part of the audit log. Choose another.")
        query["action"] = {"$in": list(GROUPS[wanted.group])}
    if wanted.user_id is not None:
        query["userId"] = ids.object_id(wanted.user_id, account_gone())
    if wanted.first or wanted.last:
        query["at"] = _within(wanted.first, wanted.last, ZoneInfo(scope.timezone))
    if words := wanted.text.split():
        query["$and"] = [{"$or": [{field: _holds(word)} for field in ("email", "subject")]} for word in words]
    return query


def _holds(word: str) -> Document:
    if "\0" in word:  # where an expression ends for the database, and then it would be found everywhere
        return {"$in": []}
    return {"$regex": re.escape(word), "$options": "i"}


def _within(first: date | None, last: date | None, zone: ZoneInfo) -> Document:
    within: dict[str, datetime] = {}
    if first:
        within["$gte"] = day_start(first, zone)
    if last:
        within["$lt"] = day_start(last + timedelta(days=1), zone)
    return within


def find(scope: Scope, query: Document, limit: int) -> Iterator[Entry]:
    """Return entries, the newest first; 0 is no limit."""
    newest_first = [("at", -1), ("_id", -1)]
    for found in scope.db["audit_log"].find(query, limit=limit, sort=newest_first):
        yield Entry(
            id=str(found["_id"]),
            at=found["at"],
            action=found["action"],
            email=found["email"],
            subject=found["subject"],
            detail=found["detail"],
            host=found["host"],
        )


AT_ONCE = 5_000
"""Entries between two reports of progress."""


@typed
def export_audit_log(
    scope: Scope, path: Path, wanted: AuditFilter | None = None, progress: Progress = silent
) -> int:
    """Write all entries that are wanted as .csv or .xlsx, the newest first; how many there are.

    What was done is named as it is stored, whatever the language of the program.
    Raises `NotAllowed`, `TableRefused`, and whatever ``progress`` raises.
    """
    require_keeper(scope)
    query = query_of(scope, wanted or AuditFilter())
    total = scope.db["audit_log"].count_documents(query)
    found: list[Entry] = []
    for entry in find(scope, query, 0):
        if len(found) % AT_ONCE == 0:
            progress("Reading the audit log", len(found), max(total, len(found) + 1))
        found.append(entry)
    write_table(_as_frame(found, scope.timezone), path, progress)
    return len(found)


def details(entry: Entry) -> str:
    """Return the details of an entry in one line: ``role: user → admin``."""
    return "; ".join(f"{name}: {_change(value)}" for name, value in entry.detail.items())


def _change(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        before, after = ("–" if of is None else _plain(of) for of in value)
        return f"{before} → {after}"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "(" + "; ".join(f"{name}: {_plain(of)}" for name, of in value.items()) + ")"
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _as_frame(entries: list[Entry], timezone: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Time": pd.DatetimeIndex([entry.at for entry in entries], tz="UTC").tz_convert(timezone),
            "Action": [entry.action for entry in entries],
            "Who": [entry.email for entry in entries],
            "What": [entry.subject for entry in entries],
            "Details": [details(entry) for entry in entries],
            "Computer": [entry.host for entry in entries],
        }
    )
