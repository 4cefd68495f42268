"""Which reports are made by themselves, and where they go: a user's own on one machine."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bson import ObjectId

from services import audit, ids
from services.day_label import as_label
from services.file_names import NOT_TEXT, is_text
from services.reports.files import SUFFIXES
from services.reports.period import Kind
from services.reports.refused import ReportRefused
from services.reports.subject import Subject, subject_of
from services.scope import Document, Scope
from services.typed import typed


@dataclass(frozen=True)
class Schedule:
    """A report of each month or week in a folder, as files with these suffixes."""

    id: str
    every: Kind
    subject: Subject
    """Under the name that it had when the schedule was made."""
    suffixes: tuple[str, ...]
    folder: Path
    through: date | None
    """The last day of the last report that was made; None before the first."""


@typed
def add_schedule(
    scope: Scope, every: Kind, subject: Subject, suffixes: Sequence[str], folder: Path
) -> Schedule:
    """Make reports from now on, the first of the last period that is whole in the readings.

    Raises `ReportRefused` for a folder that is not there, and for a subject that is gone.
    """
    if not suffixes or not set(suffixes) <= set(SUFFIXES):
        raise ReportRefused("Choose whether the reports are made as .pdf, as .xlsx or as both.")
    present(folder)
    if not is_text(folder):
        raise ReportRefused(NOT_TEXT, folder=folder)
    subject = subject_of(scope, subject.kind, subject.id)
    document = {
        "every": every,
        "subject": {"kind": subject.kind, "id": subject.id, "name": subject.name},
        "suffixes": list(suffixes),
        "folder": str(folder.absolute()),
        "through": None,
        "host": socket.gethostname(),
        "createdAt": datetime.now(UTC),
    }
    inserted = scope.db["report_schedules"].insert_one(scope.owned(document))
    _record(scope, None, document)
    return _from_document({**document, "_id": inserted.inserted_id})


def list_schedules(scope: Scope) -> list[Schedule]:
    """This machine's, the oldest first; a path means nothing on another."""
    query = scope.owned({"host": socket.gethostname()})
    return [_from_document(found) for found in scope.db["report_schedules"].find(query).sort("_id")]


@typed
def delete_schedule(scope: Scope, schedule_id: str) -> None:
    """Make these reports no more; those that are made stay."""
    query = scope.owned({"_id": _object_id(schedule_id)})
    _record(scope, scope.db["report_schedules"].find_one_and_delete(query), None)


def note_made(scope: Scope, schedule: Schedule, through: date) -> None:
    """Remember that the reports up to this day are made."""
    query = scope.owned({"_id": _object_id(schedule.id)})
    scope.db["report_schedules"].update_one(query, {"$set": {"through": as_label(through)}})


def present(folder: Path) -> None:
    """Raises `ReportRefused` unless the folder is there."""
    if not folder.is_dir():
        raise ReportRefused(
            "The folder for reports {folder} is not there. Connect its drive, or choose another folder.",
            folder=folder,
        )


def _from_document(document: Document) -> Schedule:
    through = document["through"]
    return Schedule(
        id=str(document["_id"]),
        every=document["every"],
        subject=Subject(**document["subject"]),
        suffixes=tuple(document["suffixes"]),
        folder=Path(document["folder"]),
        through=through.date() if through else None,
    )


def _record(scope: Scope, before: Document | None, after: Document | None) -> None:
    told = ("every", "subject", "suffixes", "folder")
    old, new = ({name: of[name] for name in told} if of else None for of in (before, after))
    audit.record_changes(scope, "report schedules", old, new)


def _object_id(text: str) -> ObjectId:
    return ids.object_id(text, ReportRefused("This schedule is not there any more. Refresh the list."))
