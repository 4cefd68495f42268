"""Scheduled reports whose time has come, made one after the other."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pymongo.errors import PyMongoError

from services import readings
from services.errors import LoadlensError
from services.progress import Cancelled, Progress, silent
from services.reports.contents import gather
from services.reports.files import file_name, save
from services.reports.period import Period, last_whole, period_of
from services.reports.refused import NoReadings, ReportRefused
from services.reports.schedules import Schedule, list_schedules, note_made, present
from services.reports.subject import subject_of
from services.reports.wording import Wording
from services.scope import Scope
from services.settings import Settings

log = logging.getLogger(__name__)

STAGE = "Making scheduled reports"
GRACE = timedelta(days=7)
"""A report does not wait longer for the last readings of its period."""


@dataclass(frozen=True)
class Made:
    """What became of one scheduled report."""

    schedule: Schedule
    period: Period
    files: tuple[Path, ...]
    refusal: LoadlensError | None
    """Why it was not made; it is tried again."""


def due_periods(schedule: Schedule, span: tuple[date, date] | None, today: date) -> list[Period]:
    """The periods whose reports are to be made, the oldest first.

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


def make_due(scope: Scope, settings: Settings, wording: Wording, progress: Progress = silent) -> list[Made]:
    """Make every report that is due, and note each once its files are whole; what became of them.

    A report whose program died before it was noted is made again under the same name. After a refusal the
    schedule's later reports wait for it. To be called by one program at a time, as `services.jobs` does.
    Raises whatever ``progress`` raises before the first report is dealt with.
    """
    schedules = list_schedules(scope)
    return _all_made(scope, settings, wording, schedules, progress) if schedules else []


def _all_made(
    scope: Scope, settings: Settings, wording: Wording, schedules: list[Schedule], progress: Progress
) -> list[Made]:
    span, today = readings.span(scope), datetime.now(ZoneInfo(scope.timezone)).date()
    waiting = {schedule: due_periods(schedule, span, today) for schedule in schedules}
    total = sum(map(len, waiting.values()))
    outcomes: list[Made] = []
    try:
        for schedule, period in _in_turn(waiting, outcomes):
            progress(STAGE, len(outcomes), total)
            outcomes.append(_made(scope, settings, wording, schedule, period))
    except (PyMongoError, Cancelled):
        # What was made before has to be told.
        if not outcomes:
            raise
    return [made for made in outcomes if made.files or made.refusal]


def _in_turn(
    waiting: dict[Schedule, list[Period]], outcomes: list[Made]
) -> Iterator[tuple[Schedule, Period]]:
    """Each report that is due; none of a schedule after one that was refused."""
    for schedule, periods in waiting.items():
        for period in periods:
            yield schedule, period
            if outcomes[-1].refusal is not None:
                break


def _made(scope: Scope, settings: Settings, wording: Wording, schedule: Schedule, period: Period) -> Made:
    try:
        files = _written(scope, settings, wording, schedule, period)
    except NoReadings:
        files = ()  # and there will be none: the readings go on after it, or have ended long before
    except LoadlensError as refusal:
        return Made(schedule, period, (), refusal)
    except PyMongoError:
        raise
    except Exception:
        # One report that no one foresaw must not keep the others from their turn.
        log.exception("A scheduled report failed")
        words = "The report {period} was not made: Loadlens itself failed at it. The details are in its log."
        return Made(schedule, period, (), ReportRefused(words, period=period.label))
    note_made(scope, schedule, period.end)
    return Made(schedule, period, files, None)


def _written(
    scope: Scope, settings: Settings, wording: Wording, schedule: Schedule, period: Period
) -> tuple[Path, ...]:
    present(schedule.folder)
    subject = subject_of(scope, schedule.subject.kind, schedule.subject.id)
    contents = gather(scope, settings, subject, period)
    files = tuple(schedule.folder / file_name(contents, wording, suffix) for suffix in schedule.suffixes)
    for path in files:
        save(contents, wording, path)
    return files
