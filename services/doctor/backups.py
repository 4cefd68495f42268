"""The last backup: how old it is, and whether it could be restored."""

from datetime import UTC, datetime
from pathlib import Path

from pymongo.database import Database

from services.database.archive import open_archive
from services.database.verification import verify
from services.doctor.check import Seen, seen
from services.progress import Progress
from services.scope import Document
from services.settings import Settings


def look(settings: Settings, db: Database[Document] | None, progress: Progress) -> Seen:
    """Read the last backup through. Raises `BackupRefused` for one that is damaged."""
    written = sorted(settings.backups_dir.glob("*.backup"), key=_changed)
    if not written:
        return seen("none yet")
    last = written[-1]
    with open_archive(last, settings.signing_key) as archive:
        verify(archive, progress, distrust=False)
    return seen(
        "{count} in {folder}; the last is {days} days old, {size} MB, and whole",
        count=len(written),
        folder=settings.backups_dir,
        days=(datetime.now(UTC) - _changed(last)).days,
        size=last.stat().st_size >> 20,
    )


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
