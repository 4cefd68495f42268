"""The jobs: how often each runs, which programs it runs in alone, and what it does.

What is due is known by the database, so that any program may run a job at any time: it does nothing where
there is nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services import alerts, backups, forecasts, notifications, reports, watching
from services.facility import facility_of
from services.progress import Progress
from services.reports import English, Wording
from services.scope import Scope
from services.settings import Settings

T = TypeVar("T")


def _english(country: str | None) -> Wording:
    return English(reports.paper_of(country))


@dataclass(frozen=True)
class JobContext:
    """For whom jobs run, and in whose words: ``wording`` gives those for a country (ISO 3166)."""

    scope: Scope
    settings: Settings
    wording: Callable[[str | None], Wording] = _english


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
    """Do what is due; what became of it."""
    is_due: Callable[[JobContext], bool] = lambda _at: True
    """Whether to run it, where it does not find that out itself; called by one program at a time."""


def _make_reports(at: JobContext, progress: Progress) -> list[reports.Made]:
    return reports.make_due(at.scope, at.settings, at.wording(facility_of(at.scope).country), progress)


def _mail(at: JobContext, _progress: Progress) -> int:
    """Write and send mail; how many mails a server has taken."""
    alerts.post(at.scope)
    return notifications.send_due(at.scope, at.settings)


BACKUPS: Job[backups.Made | None] = Job(
    "backups", 300, 60, "backups", lambda at, progress: backups.make_due(at.scope, at.settings, progress)
)
WATCHED_FOLDER: Job[list[watching.Outcome]] = Job(
    "watched folder", 15, 15, "watch-{user}", lambda at, progress: watching.scan(at.scope, progress)
)
FORECASTS: Job[forecasts.Renewal] = Job(
    "forecasts",
    600,
    120,
    "forecasts-{user}",
    lambda at, progress: forecasts.renew(at.scope, at.settings, progress),
    is_due=lambda at: forecasts.claim_import(at.scope),
)
ALERTS: Job[list[alerts.Alert]] = Job(
    "alerts", 600, 30, "alerts-{user}", lambda at, _progress: alerts.check_rules(at.scope)
)
REPORTS: Job[list[reports.Made]] = Job("reports", 600, 20, "reports-{user}", _make_reports)
MAIL: Job[int] = Job("mail", 30, 0, "mail-{user}", _mail)

JOBS: tuple[Job[Any], ...] = (BACKUPS, WATCHED_FOLDER, ALERTS, REPORTS, MAIL, FORECASTS)
"""In the order in which they run where several are due: what one finds, later ones tell; the longest last."""
