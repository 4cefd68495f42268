"""The backup that fell due, made, and the older ones that it makes superfluous, deleted."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pymongo.database import Database

from services import database
from services.backups import names
from services.backups.author import ITSELF
from services.backups.making import made
from services.backups.schedule import (
    Schedule,
    is_due,
    note_made,
    note_trouble,
    require_folder,
    standing,
)
from services.database import BackupRefused
from services.database.backup.archive import open_archive
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings

LEFT_SECONDS = 24 * 3600
"""What was not written on for so long, nobody writes any more."""


@dataclass(frozen=True)
class Made:
    """What became of the backup that was due."""

    path: Path | None
    refusal: LoadlensError | None
    """Why it was not made; it is tried again."""


def make_due(scope: Scope, settings: Settings, progress: Progress = silent) -> Made | None:
    """Make the backup that is due on this computer, whoever is signed in; None if none is.

    What fell due while no program ran is made once. A restore that a program died in is finished on the way.
    To be called by one program at a time, as `services.jobs` does. Raises whatever ``progress`` raises.
    """
    database.finish_restore(scope.db)
    return _made(scope.db, settings, progress) if is_due(scope.db, datetime.now()) else None


def _made(db: Database[Document], settings: Settings, progress: Progress) -> Made:
    schedule = standing(db, settings).schedule
    try:
        require_folder(schedule, settings)
        path = schedule.folder / names.scheduled(db.name, datetime.now())
        made(db, settings, path, ITSELF, progress)
    except LoadlensError as refusal:
        note_trouble(db, refusal)
        return Made(None, refusal)
    note_made(db)
    _delete_older(db, settings, schedule, path)
    return Made(path, None)


def _delete_older(db: Database[Document], settings: Settings, schedule: Schedule, newest: Path) -> None:
    """Keep as many as wanted, the one just made among them; what somebody else put there stays."""
    others = [
        path
        for path in schedule.folder.iterdir()
        if names.is_scheduled(path.name, db.name) and path != newest and _is_ours(path, db, settings)
    ]
    for path in sorted(others, key=lambda path: path.name, reverse=True)[schedule.keep - 1 :]:
        path.unlink(missing_ok=True)
    for path in schedule.folder.iterdir():
        if names.is_left_over(path.name) and time.time() - path.stat().st_mtime > LEFT_SECONDS:
            path.unlink(missing_ok=True)


def _is_ours(path: Path, db: Database[Document], settings: Settings) -> bool:
    try:
        with open_archive(path, settings.signing_key) as archive:
            return archive.made_here and archive.manifest.database == db.name
    except BackupRefused:
        return False
