"""The last backup: how old it is, and whether it could be restored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pymongo.database import Database

from services.backups import ScheduleStatus, schedule_status
from services.backups.operations import SUFFIX
from services.database.backup.archive import open_archive
from services.database.backup.verification import verify
from services.doctor.check import Seen, Unwell, seen
from services.progress import Progress
from services.scope import Document
from services.settings import Settings

LONGEST = {"daily": timedelta(days=3), "weekly": timedelta(days=15)}
"""Between two backups; computers rest over a weekend."""


def look(settings: Settings, db: Database[Document] | None, progress: Progress) -> Seen:
    """Read the last backup through. Raises `BackupRefused` for one that is damaged, and `Unwell` for one that
    is too old."""
    wanted = schedule_status(db, settings) if db is not None else None
    if wanted is not None and not wanted.is_mine:
        return seen("{host} makes them", host=wanted.host)
    folder = wanted.schedule.folder if wanted else settings.backups_dir
    written = sorted(folder.glob(f"*{SUFFIX}"), key=_changed)
    if wanted is not None:
        _check_schedule(wanted)
    if not written:
        return seen("none yet")
    last = written[-1]
    with open_archive(last, settings.signing_key) as archive:
        verify(archive, progress, distrust=False)
    return seen(
        "{count} in {folder}; the last is {days} days old, {size} MB, and whole",
        count=len(written),
        folder=folder,
        days=(datetime.now(UTC) - _changed(last)).days,
        size=last.stat().st_size >> 20,
    )


def _check_schedule(wanted: ScheduleStatus) -> None:
    if wanted.trouble is not None:
        raise wanted.trouble
    longest = LONGEST.get(wanted.schedule.every)
    if longest and wanted.last_at and datetime.now(UTC) - wanted.last_at > longest:
        raise Unwell(
            "The last backup was made on {day}. Let Loadlens run at {at}, when one is wanted, or choose "
            "another time.",
            day=f"{wanted.last_at:%Y-%m-%d}",
            at=f"{wanted.schedule.at:%H:%M}",
        )


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
