"""The audit log as a file, for whoever has to show it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from services.accounts import require_keeper
from services.administration.audit_log import AuditFilter, find, query_of
from services.audit import Entry
from services.progress import Progress, silent
from services.scope import Scope
from services.tables import write_table
from services.typed import typed

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
    """The details of an entry in one line: ``role: user → admin``."""
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
