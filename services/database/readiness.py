"""A database made ready for use: restored to the end, of this version, with its indexes."""

from datetime import UTC, datetime
from pathlib import Path

from pymongo.database import Database

from services.database import migrations, schema, turns
from services.database.backup.restore import finish_restore
from services.database.backup.writing import back_up
from services.database.unavailable import DatabaseUnavailable
from services.file_names import as_text
from services.scope import Document
from services.secret_store import writable
from services.settings import Settings

NOTE = {"_id": "migration"}


def prepare(db: Database[Document], settings: Settings) -> None:
    """Finish what a dead program left of a restore, and bring a new or an earlier database to this version.

    An earlier one is backed up first, into the data folder. Of several programs that start one does it, and
    the others wait. Raises `DatabaseUnavailable` for a database that a newer Loadlens has written, and
    `BackupRefused` when the backup cannot be written: then nothing is changed.
    """
    finish_restore(db)
    _require_known(db)
    if migrations.is_current(db):
        return
    with turns.alone(db) as turn:
        _require_known(db)
        if migrations.is_current(db):
            return  # another program was first
        if 0 < migrations.version_of(db) < schema.VERSION:
            _back_up(db, settings, turn)
        migrations.migrate(db)
        db["settings"].delete_one(NOTE)


def _require_known(db: Database[Document]) -> None:
    version = migrations.version_of(db)
    if version > schema.VERSION:
        raise DatabaseUnavailable(
            "This database was written by a newer Loadlens (schema {found}; this one knows {known}). "
            "Install the newer Loadlens.",
            found=version,
            known=schema.VERSION,
        )


def _back_up(db: Database[Document], settings: Settings, turn: turns.Turn) -> None:
    """Unless a migration that was cut short has done so: now it would be of something in between."""
    begun = db["settings"].find_one(NOTE)
    if begun is not None and Path(begun["backup"]).exists():
        return
    folder = writable(settings.backups_dir)
    path = folder / f"{db.name} before version {schema.VERSION} {datetime.now(UTC):%Y-%m-%d %H%M%S}.backup"
    back_up(db, path, key=settings.signing_key, turn=turn)
    db["settings"].update_one(NOTE, {"$set": {"backup": as_text(path)}}, upsert=True)
