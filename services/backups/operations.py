"""Make a backup, and restore one: what is noted, what it is called, who did it."""

import re
import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bson import ObjectId
from pymongo.database import Database

from services import accounts, audit, database, importing
from services.database import BackupRefused
from services.file_names import as_text
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed


@dataclass(frozen=True)
class Author:
    """An account, or what works without one."""

    user_id: ObjectId | None
    email: str


ITSELF = Author(None, "schedule")
COMMAND_LINE = Author(None, "command line")


def author_of(scope: Scope) -> Author:
    """Return the scope's account; asked before a restore, which may not know it."""
    owner = scope.db["users"].find_one({"_id": scope.user_id}, {"email": True})
    return Author(scope.user_id, owner["email"] if owner else "")


SUFFIX = ".backup"
_MOMENT = "%Y-%m-%d %H%M%S"


def manual_name(database: str, at: datetime) -> str:
    """Return the name of a backup that somebody asked for, which is never deleted."""
    return f"{database} {at:{_MOMENT}}{SUFFIX}"


def scheduled_name(database: str, at: datetime) -> str:
    """Return the name of a backup that was made by itself, and is deleted when newer ones are there."""
    return f"{database} scheduled {at:{_MOMENT}}{SUFFIX}"


def is_scheduled_name(name: str, database: str) -> bool:
    """Return whether a file of that name was made by itself, of that database."""
    return bool(
        re.fullmatch(
            rf"{re.escape(database)} scheduled \d{{4}}-\d\d-\d\d \d{{6}}{re.escape(SUFFIX)}", name, re.ASCII
        )
    )


def is_leftover(name: str) -> bool:
    """Return whether it is what a program that died has written of a backup so far."""
    return bool(re.fullmatch(rf"\.[0-9a-f]{{32}}{re.escape(SUFFIX)}", name))


@typed
def back_up(scope: Scope, settings: Settings, path: Path, progress: Progress = silent) -> None:
    """Write the whole database to a file, verified.

    Raises `NotAllowed`, `BackupRefused`, and whatever ``progress`` raises.
    """
    accounts.require_keeper(scope)
    back_up_database(scope.db, settings, path, author_of(scope), progress)


def back_up_database(
    db: Database[Document], settings: Settings, path: Path, author: Author, progress: Progress = silent
) -> dict[str, int]:
    """Do what `back_up` does, for whoever may read the database anyway; the documents of each collection."""
    counts = database.back_up(db, path, progress, key=settings.signing_key)
    detail = {"bytes": path.stat().st_size, "documents": sum(counts.values())}
    audit.record(
        db, "backup.made", by=author.user_id, email=author.email, subject=as_text(path.name), detail=detail
    )
    return counts


def proposed_path(scope: Scope, settings: Settings) -> Path:
    """Return where a backup might go that is made now."""
    return settings.backups_dir / manual_name(scope.db.name, datetime.now())


PACKED_BY_SERVER = 2
"""How much less room documents take on the disk at least, indexes included, than in a backup unpacked."""


@typed
def restore(
    scope: Scope, settings: Settings, path: Path, progress: Progress = silent, *, trust_foreign: bool = False
) -> None:
    """Replace the whole database by a backup; everybody is signed out by it.

    One that this installation has not written, or not so, is refused without ``trust_foreign``.
    Raises `NotAllowed`, `BackupRefused`, and whatever ``progress`` raises: then nothing was changed.
    """
    accounts.require_keeper(scope)
    restore_database(scope.db, settings, path, author_of(scope), progress, trust_foreign=trust_foreign)


def restore_database(
    db: Database[Document],
    settings: Settings,
    path: Path,
    author: Author,
    progress: Progress = silent,
    *,
    trust_foreign: bool = False,
) -> dict[str, int]:
    """Do what `restore` does for whoever may replace the database anyway; the documents of each."""
    _require_room(settings, path)
    counts = database.restore(db, path, progress, key=settings.signing_key, trust_foreign=trust_foreign)
    detail = {"documents": sum(counts.values())}
    audit.record(
        db,
        "backup.restored",
        by=author.user_id,
        email=author.email,
        subject=as_text(path.name),
        detail=detail,
    )
    importing.recover(db)
    return counts


def _require_room(settings: Settings, path: Path) -> None:
    """Raises `BackupRefused` when the private database would fill the disk."""
    if not database.place(settings).is_private or not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        needed = sum(entry.file_size for entry in archive.infolist()) // PACKED_BY_SERVER
    free = shutil.disk_usage(settings.data_dir).free
    if free < needed:
        raise BackupRefused(
            "To restore {file} may need {needed} MB, and only {free} MB are free where the database is. Make "
            "room there.",
            file=path.name,
            needed=needed >> 20,
            free=free >> 20,
        )
