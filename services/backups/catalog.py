"""The backups in a folder: what each says of itself, and what its restore would lose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bson import ObjectId
from pymongo.database import Database

from services import accounts
from services.backups.operations import SUFFIX, is_leftover
from services.database import BackupRefused
from services.database.backup.archive import GROWING, STORED, Archive, open_archive
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
    """Return those in the folder, the newest first; their checksums are not checked. Raises `NotAllowed`."""
    accounts.require_keeper(scope)
    paths = [path for path in folder.glob(f"*{SUFFIX}") if not is_leftover(path.name)]
    found = [backup for path in paths if (backup := _read(path, settings))]
    return sorted(found, key=lambda backup: backup.made_at or backup.changed_at, reverse=True)


@typed
def verify(scope: Scope, settings: Settings, path: Path, progress: Progress = silent) -> None:
    """Raise `BackupRefused` unless the backup could be restored, and whatever ``progress`` raises."""
    accounts.require_keeper(scope)
    with open_archive(path, settings.signing_key) as archive:
        verify_archive(archive, progress)


@typed
def describe(scope: Scope, settings: Settings, path: Path) -> Description:
    """Describe a backup: what it says, whom it makes an administrator, whether newer data would be lost.

    Raises `NotAllowed`, and `BackupRefused` for what cannot be read.
    """
    accounts.require_keeper(scope)
    return describe_backup(scope.db, settings, path)


def describe_backup(db: Database[Document], settings: Settings, path: Path) -> Description:
    """Do what `describe` does, for whoever may read the database anyway."""
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


def _read(path: Path, settings: Settings) -> Backup | None:
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


UPDATED = ("users", "facilities", "views", "mappings")
"""Collections whose documents say when they were changed."""
OF_NO_DATA = r"^(sign_in|session|backup\.)"
"""What the audit log notes that changes nothing which a restore would take back."""
SECOND = timedelta(seconds=1)


def newest_change(db: Database[Document], since: datetime) -> datetime | None:
    """Return when something was last stored, changed or deleted after ``since`` (UTC); None if nothing was.

    An id tells of the second in which it was made; what came within that of ``since`` counts as before.
    """
    found = [at for at in _stored_at(db) if at >= since.replace(microsecond=0) + SECOND]
    found += [at for at in _changed_at(db, since) if at > since]
    return max(found, default=None)


def _stored_at(db: Database[Document]) -> Iterator[datetime]:
    """When what is stored was made, by the newest id of each collection and of each user's readings."""
    ids = [last["_id"] for name in STORED - GROWING for last in db[name].find().sort("_id", -1).limit(1)]
    ids += db["revisions"].distinct("revision")
    yield from (made.generation_time for made in ids if isinstance(made, ObjectId))


def _changed_at(db: Database[Document], since: datetime) -> Iterator[datetime]:
    for name in UPDATED:
        yield from db[name].distinct("updatedAt", {"updatedAt": {"$gt": since}})
    noted = db["audit_log"]
    restored = noted.find_one({"action": "backup.restored"}, sort=[("at", -1)])
    after = max(since, restored["at"]) if restored else since  # what was done before was taken back by that
    of_data = {"action": {"$not": {"$regex": OF_NO_DATA}}, "at": {"$gt": after}}
    yield from (entry["at"] for entry in noted.find(of_data).sort("at", -1).limit(1))
