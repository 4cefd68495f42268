"""The database out of a backup."""

import shutil
import zipfile
from pathlib import Path

from pymongo.database import Database

from services import accounts, audit, database, importing
from services.backups.author import Author, author_of
from services.database import BackupRefused
from services.file_names import as_text
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed

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
    restored(scope.db, settings, path, author_of(scope), progress, trust_foreign=trust_foreign)


def restored(
    db: Database[Document],
    settings: Settings,
    path: Path,
    author: Author,
    progress: Progress = silent,
    *,
    trust_foreign: bool = False,
) -> dict[str, int]:
    """Like `restore`, for whoever may replace the database anyway; the documents of each collection."""
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
