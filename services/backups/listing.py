"""The backups in a folder, and what each says of itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pymongo.database import Database

from services import accounts
from services.backups.names import SUFFIX, is_left_over
from services.backups.newer import newest_change
from services.database import BackupRefused
from services.database.backup.archive import Archive, open_archive
from services.database.backup.verification import accounts as accounts_in
from services.database.backup.verification import verify as verify_archive
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed


@dataclass(frozen=True)
class Backup:
    """A file that looks like a backup."""

    path: Path
    size: int
    """Bytes."""
    changed_at: datetime
    """When the file was."""
    made_at: datetime | None
    """None where it cannot be read as a backup."""
    database: str
    version: int
    """Of the schema."""
    documents: int
    made_here: bool
    """Whether this installation has written it, and nobody has altered it since."""
    altered: bool = False
    """Whether it says that this installation has written it, and was altered since."""


@dataclass(frozen=True)
class Description:
    """What somebody should know before restoring a backup."""

    backup: Backup
    administrators: tuple[str, ...]
    """The active ones' emails."""
    new_administrators: tuple[str, ...]
    """Those who are none now."""
    newest_change: datetime | None
    """When the database was last changed after the backup was made; None if it was not."""


@typed
def list_backups(scope: Scope, settings: Settings, folder: Path) -> list[Backup]:
    """Those in the folder, the newest first; their checksums are not looked at. Raises `NotAllowed`."""
    accounts.require_keeper(scope)
    paths = [path for path in folder.glob(f"*{SUFFIX}") if not is_left_over(path.name)]
    found = [backup for path in paths if (backup := _found(path, settings))]
    return sorted(found, key=lambda backup: backup.made_at or backup.changed_at, reverse=True)


@typed
def verify(scope: Scope, settings: Settings, path: Path, progress: Progress = silent) -> None:
    """Raises `BackupRefused` unless the backup could be restored, and whatever ``progress`` raises."""
    accounts.require_keeper(scope)
    with open_archive(path, settings.signing_key) as archive:
        verify_archive(archive, progress)


@typed
def describe(scope: Scope, settings: Settings, path: Path) -> Description:
    """What a backup says of itself, whom it makes an administrator, and whether newer data would be lost.

    Raises `NotAllowed`, and `BackupRefused` for what cannot be read.
    """
    accounts.require_keeper(scope)
    return described(scope.db, settings, path)


def described(db: Database[Document], settings: Settings, path: Path) -> Description:
    """Like `describe`, for whoever may read the database anyway."""
    with open_archive(path, settings.signing_key) as archive:
        administrators = sorted(
            account["email"]
            for account in accounts_in(archive)
            if account.get("role") == "admin" and account.get("status") == "active"
        )
        backup, made_at = _backup(path, archive), archive.manifest.created_at
    known = {user.email for user in accounts.everyone(db) if user.role == "admin"}
    return Description(
        backup,
        tuple(administrators),
        tuple(email for email in administrators if email not in known),
        newest_change(db, made_at),
    )


def _found(path: Path, settings: Settings) -> Backup | None:
    try:
        with open_archive(path, settings.signing_key) as archive:
            return _backup(path, archive)
    except BackupRefused:
        pass
    try:
        state = path.stat()
    except OSError:
        return None  # taken away since
    changed = datetime.fromtimestamp(state.st_mtime, UTC)
    return Backup(path, state.st_size, changed, None, "", 0, 0, made_here=False)


def _backup(path: Path, archive: Archive) -> Backup:
    state, manifest = path.stat(), archive.manifest
    return Backup(
        path=path,
        size=state.st_size,
        changed_at=datetime.fromtimestamp(state.st_mtime, UTC),
        made_at=manifest.created_at,
        database=manifest.database,
        version=manifest.version,
        documents=sum(entry.documents for entry in manifest.restored.values()),
        made_here=archive.made_here,
        altered=archive.altered,
    )
