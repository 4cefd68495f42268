"""A backup made by hand."""

from datetime import datetime
from pathlib import Path

from pymongo.database import Database

from services import accounts, audit, database
from services.backups import names
from services.backups.author import Author, author_of
from services.file_names import as_text
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed


@typed
def back_up(scope: Scope, settings: Settings, path: Path, progress: Progress = silent) -> None:
    """Write the whole database to a file, verified.

    Raises `NotAllowed`, `BackupRefused`, and whatever ``progress`` raises.
    """
    accounts.require_keeper(scope)
    made(scope.db, settings, path, author_of(scope), progress)


def made(
    db: Database[Document], settings: Settings, path: Path, author: Author, progress: Progress = silent
) -> dict[str, int]:
    """Like `back_up`, for whoever may read the database anyway; the documents of each collection."""
    counts = database.back_up(db, path, progress, key=settings.signing_key)
    detail = {"bytes": path.stat().st_size, "documents": sum(counts.values())}
    audit.record(
        db, "backup.made", by=author.user_id, email=author.email, subject=as_text(path.name), detail=detail
    )
    return counts


def proposed_path(scope: Scope, settings: Settings) -> Path:
    """Where a backup might go that is made now."""
    return settings.backups_dir / names.by_hand(scope.db.name, datetime.now())
