"""What Loadlens does by itself, from time to time, while somebody is signed in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from desktop.composition import Workplace

DELIVERY_MS = 30_000
"""Between two looks at what is to be told and mailed."""
WATCH_MS = 15_000
"""Between two looks into the watched folder."""
REPORTS_MS = 600_000
"""Between two looks whether a scheduled report is due."""
BACKUPS_MS = 300_000
"""Between two looks whether a backup is due."""
FIRST_BACKUP_MS = 60_000
"""After the start, so that it holds nobody up."""
FIRST_REPORTS_MS = 20_000
"""After the start, when the pages have come up."""


def begin(workplace: "Workplace") -> None:
    """Go the rounds until the workplace is deleted."""
    _every(WATCH_MS, lambda: _look_into_folder(workplace), workplace)
    _every(DELIVERY_MS, workplace.delivery.work, workplace)
    _every(REPORTS_MS, workplace.report_schedules.make_due, workplace)
    _every(BACKUPS_MS, workplace.backups.make_due, workplace)
    QTimer.singleShot(FIRST_BACKUP_MS, workplace, workplace.backups.make_due)
    QTimer.singleShot(FIRST_REPORTS_MS, workplace, workplace.report_schedules.make_due)
    workplace.delivery.work()


def _every(milliseconds: int, work: Callable[[], None], workplace: "Workplace") -> None:
    timer = QTimer(workplace)
    timer.timeout.connect(lambda: work() if _may_work(workplace) else None)
    timer.start(milliseconds)


def _may_work(workplace: "Workplace") -> bool:
    """What is written while the database is moved would have to be compared again; and without a connection
    nobody is told every few seconds that there is none."""
    return not (workplace.database.moving or workplace.connection.is_lost)


def _look_into_folder(workplace: "Workplace") -> None:
    """Files that appeared in the watched folder wait while the user imports others."""
    if not workplace.imports.busy:
        workplace.watched.look()
