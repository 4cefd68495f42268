"""Reports that are made by themselves: which, where they go, and making those whose time has come.

A schedule is a user's own on one machine: a folder means nothing on another.
"""

import logging
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bson import ObjectId
from pymongo.errors import PyMongoError

from services import audit, ids, readings
from services.day_label import as_label
from services.documents import from_document, to_document
from services.errors import LoadlensError
from services.file_names import NOT_TEXT, is_text
from services.messages import N_
from services.progress import Cancelled, Progress, silent
from services.reports.contents import gather
from services.reports.files import SUFFIXES, file_name, save
from services.reports.subject import (
    Kind,
    NoReadings,
    Period,
    ReportRefused,
    Subject,
    last_whole,
    period_of,
    subject_of,
)
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed

log = logging.getLogger(__name__)

STAGE = N_("Making scheduled reports")
GRACE = timedelta(days=7)
"""A report does not wait longer for the last readings of its period."""


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
    _check_folder(folder)
    if not is_text(folder):
        raise ReportRefused(NOT_TEXT, folder=folder)
    subject = subject_of(scope, subject.kind, subject.id)
    schedule = Schedule("", every, subject, tuple(suffixes), folder.absolute(), None)
    document = scope.owned(
        to_document(schedule) | {"host": socket.gethostname(), "createdAt": datetime.now(UTC)}
    )
    scope.db["report_schedules"].insert_one(document)
    _record(scope, None, document)
    return from_document(Schedule, document)


def list_schedules(scope: Scope) -> list[Schedule]:
    """Return this machine's, the oldest first."""
    query = scope.owned({"host": socket.gethostname()})
    return [from_document(Schedule, found) for found in scope.db["report_schedules"].find(query).sort("_id")]


@typed
def delete_schedule(scope: Scope, schedule_id: str) -> None:
    """Make these reports no more; those that are made stay."""
    query = scope.owned({"_id": _object_id(schedule_id)})
    _record(scope, scope.db["report_schedules"].find_one_and_delete(query), None)


def note_made(scope: Scope, schedule: Schedule, through: date) -> None:
    """Remember that the reports up to this day are made."""
    query = scope.owned({"_id": _object_id(schedule.id)})
    scope.db["report_schedules"].update_one(query, {"$set": {"through": as_label(through)}})


def _check_folder(folder: Path) -> None:
    """Raise `ReportRefused` unless the folder is there."""
    if not folder.is_dir():
        raise ReportRefused(
            "The folder for reports {folder} is not there. Connect its drive, or choose another folder.",
            folder=folder,
        )


def _record(scope: Scope, before: Document | None, after: Document | None) -> None:
    recorded = ("every", "subject", "suffixes", "folder")
    old, new = ({name: of[name] for name in recorded} if of else None for of in (before, after))
    audit.record_changes(scope, "report schedules", old, new)


def _object_id(text: str) -> ObjectId:
    return ids.object_id(text, ReportRefused("This schedule is not there any more. Refresh the list."))


@dataclass(frozen=True)
class Made:
    """What became of one scheduled report."""

    schedule: Schedule
    period: Period
    files: tuple[Path, ...]
    refusal: LoadlensError | None
    """Why it was not made; it is tried again."""


def due_periods(schedule: Schedule, span: tuple[date, date] | None, today: date) -> list[Period]:
    """Return the periods whose reports are to be made, the oldest first.

    Those after the last one made, or from the last that is whole if none was, that are over by the
    facility's calendar and in the readings up to their last day, or over for `GRACE`. Nothing without
    readings, whose first and last day are the ``span``.
    """
    if span is None:
        return []
    period, due = _first(schedule, span), []
    while period.end < today and period.start <= span[1]:
        if period.end <= span[1] or period.end + GRACE < today:
            due.append(period)
        period = period.next
    return due


def _first(schedule: Schedule, span: tuple[date, date]) -> Period:
    if schedule.through is None:
        return last_whole(span[1], schedule.every)
    return period_of(max(schedule.through + timedelta(days=1), span[0]), schedule.every)


def make_due(scope: Scope, settings: Settings, progress: Progress = silent) -> list[Made]:
    """Make every report that is due, and note each once its files are whole; return what became of them.

    A report whose program died before it was noted is made again under the same name. After a refusal the
    schedule's later reports wait for it. To be called by one program at a time, as `services.jobs` does.
    Raises whatever ``progress`` raises before the first report is dealt with.
    """
    schedules = list_schedules(scope)
    return _make_all(scope, settings, schedules, progress) if schedules else []


def _make_all(scope: Scope, settings: Settings, schedules: list[Schedule], progress: Progress) -> list[Made]:
    span, today = readings.span(scope), datetime.now(ZoneInfo(scope.timezone)).date()
    waiting = {schedule: due_periods(schedule, span, today) for schedule in schedules}
    total = sum(map(len, waiting.values()))
    outcomes: list[Made] = []
    try:
        for schedule, period in _in_turn(waiting, outcomes):
            progress(STAGE, len(outcomes), total)
            outcomes.append(_make(scope, settings, schedule, period))
    except (PyMongoError, Cancelled):
        # What was made before has to be returned.
        if not outcomes:
            raise
    return [made for made in outcomes if made.files or made.refusal]


def _in_turn(
    waiting: dict[Schedule, list[Period]], outcomes: list[Made]
) -> Iterator[tuple[Schedule, Period]]:
    """Yield each report that is due; none of a schedule after one that was refused."""
    for schedule, periods in waiting.items():
        for period in periods:
            yield schedule, period
            if outcomes[-1].refusal is not None:
                break


def _make(scope: Scope, settings: Settings, schedule: Schedule, period: Period) -> Made:
    try:
        files = _write(scope, settings, schedule, period)
    except NoReadings:
        files = ()  # and there will be none: the readings go on after it, or have ended long before
    except LoadlensError as refusal:
        return Made(schedule, period, (), refusal)
    except PyMongoError:
        raise
    except Exception:
        # One report that no one foresaw must not keep the others from their turn.
        log.exception("A scheduled report failed")
        failure = ReportRefused(
            "The report {period} was not made: Loadlens itself failed at it. The details are in its log.",
            period=period.label,
        )
        return Made(schedule, period, (), failure)
    note_made(scope, schedule, period.end)
    return Made(schedule, period, files, None)


def _write(scope: Scope, settings: Settings, schedule: Schedule, period: Period) -> tuple[Path, ...]:
    _check_folder(schedule.folder)
    subject = subject_of(scope, schedule.subject.kind, schedule.subject.id)
    contents = gather(scope, settings, subject, period)
    files = tuple(schedule.folder / file_name(contents, suffix) for suffix in schedule.suffixes)
    for path in files:
        save(contents, path)
    return files
