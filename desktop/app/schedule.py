"""The table of jobs, run by one timer while somebody is signed in."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from services import jobs

if TYPE_CHECKING:
    from desktop.app.session_context import Workplace

TICK_MS = 1_000
"""Between two looks at the timetable."""


def begin(workplace: "Workplace") -> None:
    """Start each job when it is due, until the workplace is deleted."""
    timetable = jobs.Timetable(time.monotonic())
    start = starters(workplace)

    def start_due() -> None:
        if _may_work(workplace):
            for job in timetable.take_due(time.monotonic()):
                start[job.name]()

    timer = QTimer(workplace)
    timer.timeout.connect(start_due)
    timer.start(TICK_MS)
    start_due()


def starters(workplace: "Workplace") -> dict[str, Callable[[], None]]:
    """What starts each job: the view-model that shows what becomes of it."""
    return {
        jobs.BACKUPS.name: workplace.backups.make_due,
        jobs.WATCHED_FOLDER.name: lambda: _look_into_folder(workplace),
        jobs.FORECASTS.name: workplace.main.predict_if_due,
        jobs.ALERTS.name: workplace.delivery.check,
        jobs.REPORTS.name: workplace.report_schedules.make_due,
        jobs.MAIL.name: workplace.delivery.work,
    }


def _may_work(workplace: "Workplace") -> bool:
    """What is written while the database is moved would have to be compared again; and without a connection
    nobody is told every few seconds that there is none."""
    return not (workplace.database.moving or workplace.connection.is_lost)


def _look_into_folder(workplace: "Workplace") -> None:
    """Files that appeared in the watched folder wait while the user imports others."""
    if not workplace.imports.busy:
        workplace.watched.look()
