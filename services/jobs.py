"""What Loadlens does by itself from time to time: one table, which the window and `loadlens watch` run.

What is due is known by the database, so that any program may run a job at any time: it does nothing where
there is nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from filelock import FileLock, Timeout

from services import alerts, backups, forecasts, notifications, reports, watching
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class JobContext:
    """For whom jobs run."""

    scope: Scope
    settings: Settings


@dataclass(frozen=True)
class Job(Generic[T]):
    """One entry of the table."""

    name: str
    every: float
    """Seconds between two runs."""
    first: float
    """Seconds from the start of a window to the first run, so that it holds nobody up."""
    lock: str
    """Names the lock by which one program of this computer alone runs it; ``{user}`` for each user's own."""
    run: Callable[[JobContext, Progress], T]
    """Do what is due and return what became of it."""
    is_due: Callable[[JobContext], bool] = lambda _context: True
    """Whether to run it, where it does not find that out itself; called by one program at a time."""


def _make_reports(context: JobContext, progress: Progress) -> list[reports.Made]:
    return reports.make_due(context.scope, context.settings, progress)


def _mail(context: JobContext, _progress: Progress) -> int:
    """Write and send mail; return how many mails a server has taken."""
    alerts.post(context.scope)
    return notifications.send_due(context.scope, context.settings)


BACKUPS: Job[backups.Made | None] = Job(
    "backups",
    300,
    60,
    "backups",
    lambda context, progress: backups.make_due(context.scope, context.settings, progress),
)
WATCHED_FOLDER: Job[list[watching.Outcome]] = Job(
    "watched folder", 15, 15, "watch-{user}", lambda context, progress: watching.scan(context.scope, progress)
)
FORECASTS: Job[forecasts.Renewal] = Job(
    "forecasts",
    600,
    120,
    "forecasts-{user}",
    lambda context, progress: forecasts.renew(context.scope, context.settings, progress),
    is_due=lambda context: forecasts.claim_import(context.scope),
)
ALERTS: Job[list[alerts.Alert]] = Job(
    "alerts", 600, 30, "alerts-{user}", lambda context, _progress: alerts.check_rules(context.scope)
)
REPORTS: Job[list[reports.Made]] = Job("reports", 600, 20, "reports-{user}", _make_reports)
MAIL: Job[int] = Job("mail", 30, 0, "mail-{user}", _mail)

JOBS: tuple[Job[Any], ...] = (BACKUPS, WATCHED_FOLDER, ALERTS, REPORTS, MAIL, FORECASTS)
"""In the order in which they run where several are due: of what one finds, later ones notify."""


def run_job(
    job: Job[T], context: JobContext, progress: Progress = silent, although_not_due: bool = False
) -> T | None:
    """Do what is due of a job and return what became of it; None where nothing is or another program does it.

    Raises what the job raises, and whatever ``progress`` raises.
    """
    folder = context.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / f"{job.lock.format(user=context.scope.user_id)}.lock", timeout=0):
            if job.is_due(context) or although_not_due:
                return job.run(context, progress)
    except Timeout:
        pass
    return None


class Timetable:
    """When each job runs next, by a clock in seconds that never goes back.

    The first time is some time after ``start``, or ``at_once``.
    """

    def __init__(self, start: float, at_once: bool = False) -> None:
        self._next = {job.name: start if at_once else start + job.first for job in JOBS}

    def take_due(self, now: float) -> list[Job[object]]:
        """Return the jobs whose time has come, and set the next one."""
        due = [job for job in JOBS if self._next[job.name] <= now]
        self._next |= {job.name: now + job.every for job in due}
        return due

    def seconds_to_next(self, now: float) -> float:
        """Return for how long there is nothing to do."""
        return max(0.0, min(self._next.values()) - now)


class Troubles:
    """What is wrong with jobs, so that each trouble is said once however often the job is tried again."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def of(self, what: str) -> str:
        """Return what was last said of something, empty if all is well."""
        return self._said.get(what, "")

    def is_new(self, what: str, sentence: str) -> bool:
        """Return whether this has to be said now; an empty sentence says that all is well again."""
        before, self._said[what] = self.of(what), sentence
        return bool(sentence) and sentence != before
