"""Prepare an opened database: finish a restore, migrate it, finish an upgrade of its server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pymongo import MongoClient
from pymongo.database import Database

from services.database import locks, schema
from services.database.backup.restore import finish_restore
from services.database.backup.writing import back_up
from services.database.errors import DatabaseUnavailable
from services.file_names import as_text
from services.scope import Document
from services.secret_store import writable
from services.settings import Settings

MIGRATION = {"_id": "migration"}


def prepare(db: Database[Document], settings: Settings) -> None:
    """Finish what a dead program left of a restore, and bring a new or an earlier database to this version.

    An earlier one is backed up first, into the data folder. Of several programs that start one does it, and
    the others wait. Raises `DatabaseUnavailable` for a database that a newer Loadlens has written, and
    `BackupRefused` when the backup cannot be written: then nothing is changed.
    """
    finish_restore(db)
    _require_known_version(db)
    if schema.is_current(db):
        return
    with locks.exclusive_lock(db) as lock:
        _require_known_version(db)
        if schema.is_current(db):
            return  # another program was first
        if 0 < schema.version_of(db) < schema.VERSION:
            _back_up_once(db, settings, lock)
        schema.migrate(db)
        db["settings"].delete_one(MIGRATION)


def _require_known_version(db: Database[Document]) -> None:
    version = schema.version_of(db)
    if version > schema.VERSION:
        raise DatabaseUnavailable(
            "This database was written by a newer Loadlens (schema {found}; this one knows {known}). "
            "Install the newer Loadlens.",
            found=version,
            known=schema.VERSION,
        )


def _back_up_once(db: Database[Document], settings: Settings, lock: locks.Lock) -> None:
    """Unless a migration that was cut short has done so: now it would be of something in between."""
    begun = db["settings"].find_one(MIGRATION)
    if begun is not None and Path(begun["backup"]).exists():
        return
    folder = writable(settings.backups_dir)
    path = folder / f"{db.name} before version {schema.VERSION} {datetime.now(UTC):%Y-%m-%d %H%M%S}.backup"
    back_up(db, path, key=settings.signing_key, lock=lock)
    db["settings"].update_one(MIGRATION, {"$set": {"backup": as_text(path)}}, upsert=True)


SYSTEM_DATABASES = {"admin", "config", "local"}
CONFIRMED_SINCE = 7
"""Since this version the server wants it confirmed that there is no way back."""


def finish_upgrade(db: Database[Document], settings: Settings) -> None:
    """Let the server write as its own version does, if it still writes as the one before it.

    Until then the older server could still open the folder; so every database is backed up first. Who is
    killed meanwhile begins anew. Raises `BackupRefused` and `DataFolderRefused`: then nothing is changed.
    """
    client = db.client
    version = client.server_info()["version"]
    wanted = ".".join(version.split(".")[:2])
    if _feature_version(client) == wanted:
        return
    with locks.exclusive_lock(db):
        if _feature_version(client) == wanted:
            return  # another program was first
    for one in _databases(client):
        folder = writable(settings.backups_dir)
        path = folder / f"{one.name} before MongoDB {wanted} {datetime.now(UTC):%Y-%m-%d %H%M%S}.backup"
        with locks.exclusive_lock(one) as lock:
            back_up(one, path, key=settings.signing_key, lock=lock)
    confirmed: Document = {"confirm": True} if int(version.split(".")[0]) >= CONFIRMED_SINCE else {}
    client.admin.command("setFeatureCompatibilityVersion", wanted, **confirmed)


def _feature_version(client: MongoClient[Document]) -> str:
    """The version whose servers can open the folder (MongoDB's feature compatibility version)."""
    parameters = client.admin.command("getParameter", 1, featureCompatibilityVersion=1)
    version: str = parameters["featureCompatibilityVersion"]["version"]
    return version


def _databases(client: MongoClient[Document]) -> Iterator[Database[Document]]:
    for name in sorted(set(client.list_database_names()) - SYSTEM_DATABASES):
        if client[name]["settings"].find_one({"_id": "schema"}):
            yield client[name]
