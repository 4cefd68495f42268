"""The verb that runs the jobs where no window does."""

import logging
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database

from services import accounts, backups, forecasts, jobs, reports, watching
from services.cli.printing import as_json, print_json, print_lines
from services.console import say
from services.database.errors import ConnectionLost, connection_lost, is_disconnect
from services.errors import LoadlensError
from services.jobs import Job, JobContext, Timetable, Troubles
from services.messages import N_, gettext
from services.scope import Document
from services.settings import Settings
from services.startup import opened

log = logging.getLogger(__name__)


FILE_READ = N_("{file}: {added} added, {refused} refused, {alerts} new alerts.")
FILE_READ_AGAIN = N_("{file}: read again, {added} added, {refused} refused, {alerts} new alerts.")


class JobFailed(LoadlensError):
    """Loadlens itself failed at a job."""


def watch(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens watch`: run each job whenever it is due until interrupted, or all once with ``--once``.

    What goes wrong with a job is said once on standard error, and the others run all the same. With
    ``--once`` the command fails with the first job that failed.
    """
    with opened(settings) as db:
        scope = accounts.scope_of(db, chosen.user)
        if watching.watched_folder(scope) != chosen.folder.absolute():
            watching.set_folder(scope, chosen.folder)
        troubles, timetable = Troubles(), Timetable(time.monotonic(), at_once=True)
        while True:
            failures = _run(db, settings, chosen, timetable.take_due(time.monotonic()), troubles)
            if chosen.once:
                for other in failures[1:]:
                    say(other)
                if failures:
                    raise failures[0]
                return
            try:
                time.sleep(timetable.seconds_to_next(time.monotonic()))
            except KeyboardInterrupt:
                return


@dataclass(frozen=True)
class _Line:
    """What is told of one thing that a job did."""

    line: str = ""
    key: str = ""
    """Of the list in the JSON object that ``value`` belongs to."""
    value: object = None
    trouble: LoadlensError | None = None
    """Said on standard error once, for each thing that is ``about``."""
    about: str = ""


def _run(
    db: Database[Document],
    settings: Settings,
    chosen: Namespace,
    due: Sequence[Job[object]],
    troubles: Troubles,
) -> list[LoadlensError]:
    """Run the jobs and tell what became of them; why some failed as a whole."""
    answer: dict[str, list[object]] = {"files": []} if chosen.once else {}
    failures: list[LoadlensError] = []
    for job in due:
        try:
            # Anew each time: an import may move the facility to another time zone.
            outcome = jobs.run_job(job, JobContext(accounts.scope_of(db, chosen.user), settings))
        except Exception as error:
            failures.append(_failure(job, error))
            if not chosen.once:
                _warn(troubles, job.name, failures[-1])
            if isinstance(failures[-1], ConnectionLost):
                break  # the others would wait for it as long
            continue
        troubles.is_new(job.name, "")
        for one in outcome if isinstance(outcome, list) else [outcome]:
            line = OUTCOMES.get(type(one), lambda _: _Line())(one)
            if line.key:
                answer.setdefault(line.key, []).append(line.value)
            if line.line and not chosen.json:
                print_lines(line.line)
            _warn(troubles, f"{job.name} {line.about}", line.trouble)
    if chosen.json and answer:
        print_json(answer)
    return failures


def _failure(job: Job[object], error: Exception) -> LoadlensError:
    """The error as a sentence."""
    if isinstance(error, LoadlensError):
        return error
    if is_disconnect(error):
        return connection_lost()
    log.exception("The job %s failed", job.name)
    return JobFailed("Loadlens itself failed at the job “{job}”. The details are in its log.", job=job.name)


def _warn(troubles: Troubles, about: str, trouble: LoadlensError | None) -> None:
    if troubles.is_new(about, str(trouble or "")):
        say(trouble)


def _file(outcome: watching.Outcome) -> _Line:
    value = {
        "file": outcome.file,
        "summary": as_json(outcome.summary),
        "refusal": str(outcome.refusal) if outcome.refusal else None,
        "movedTo": str(outcome.moved_to) if outcome.moved_to else None,
        "again": outcome.again,
    }
    name = watching.printable(outcome.file)
    if outcome.refusal or not outcome.summary:
        return _Line(f"{name}: {outcome.refusal}", "files", value)
    message = FILE_READ_AGAIN if outcome.again else FILE_READ
    summary = outcome.summary
    counts = {"added": summary.added, "refused": len(summary.refused), "alerts": len(summary.alerts)}
    return _Line(gettext(message, file=name, **counts), "files", value)


def _report(made: reports.Made) -> _Line:
    files = [str(path) for path in made.files]
    value = {
        "period": made.period.label,
        "files": files,
        "refusal": str(made.refusal) if made.refusal else None,
    }
    line = ""
    if len(files) == 1:
        line = gettext("The report {period} is in {file}.", period=made.period.label, file=files[0])
    elif files:
        line = gettext(
            "The report {period} is in {files} and {last}.",
            period=made.period.label,
            files=", ".join(files[:-1]),
            last=files[-1],
        )
    return _Line(line, "reports", value, made.refusal, made.schedule.id)


OUTCOMES: dict[type, Callable[[Any], _Line]] = {
    watching.Outcome: _file,
    reports.Made: _report,
    backups.Made: lambda made: _Line(trouble=made.refusal, about="made"),
    forecasts.Renewal: lambda renewal: _Line(trouble=renewal.refusal, about="renewed"),
}
"""How each kind of outcome is reported; others are not."""
