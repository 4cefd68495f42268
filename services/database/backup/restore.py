"""The whole database out of a backup: never half."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.database import deployment, locks, schema
from services.database.backup import archive
from services.database.backup.archive import (
    Archive,
    BackupRefused,
    entry_name,
    not_whole,
    open_archive,
    reading,
    runs,
)
from services.database.backup.verification import verify
from services.database.deployment import journaled
from services.database.errors import connection_lost
from services.database.raw_batch import insert_raw
from services.progress import Progress, silent
from services.scope import Document

STAGE = "Restoring"
STAGED = "restoring_"
NOTE = {"_id": "restore"}
OF_THE_DEAD = {"pid": 0, "processCreated": ""}


def restore(
    db: Database[Document],
    path: Path,
    progress: Progress = silent,
    *,
    key: bytes = b"",
    trust_foreign: bool = False,
) -> dict[str, int]:
    """Replace the database by a backup; the number of documents of each collection.

    The file is verified and loaded beside what is there, which is replaced last of all, so that an
    error or a cancel changes nothing; a program that dies while it replaces is finished by the next that
    starts. Imports that the backup found under way count as those of a program that died. What the
    installation with this key has not written, or not so, is refused without ``trust_foreign``.
    Raises `BackupRefused`, and whatever ``progress`` raises.
    """
    with open_archive(path, key) as archive:
        if not archive.made_here and not trust_foreign:
            raise BackupRefused(
                "{file} was not written by this installation, or was altered since. Nothing was changed.",
                file=path.name,
            )
        verify(archive, progress)
        with locks.exclusive_lock(db, progress) as lock:
            _begin(db)
            try:
                with journaled(db):
                    _load(db, archive, progress)
                lock.require()
            except BaseException:
                _forget(db)
                raise
            _replace_from_now_on(db, archive)
            _finish(db)
            schema.migrate(db)
    return {name: entry.documents for name, entry in archive.manifest.restored.items()}


def finish_restore(db: Database[Document]) -> None:
    """Finish a restore whose program died while it replaced what was there; forget one that came less far.

    Waits for one that is under way.
    """
    if db["settings"].find_one(NOTE) is None:
        return
    with locks.exclusive_lock(db):
        _finish(db)


def _finish(db: Database[Document]) -> None:
    note = db["settings"].find_one(NOTE)
    if note is None:
        return
    if "collections" in note:
        _put_in_place(db, note["collections"])
        # An earlier Loadlens has loaded the settings like any other collection.
        version = note.get("schema") or _loaded_version(db)
        # Not as its indexes say: those of what was dropped are made anew.
        restored = {"$set": {"version": version}, "$unset": {"indexes": ""}}
        db["settings"].update_one({"_id": "schema"}, restored, upsert=True)
    _forget(db)


def _put_in_place(db: Database[Document], restored: list[str]) -> None:
    loaded = set(db.list_collection_names())
    for name in (archive.STORED | archive.OF_THE_MOMENT) - archive.GROWING - {*restored}:
        db[name].drop()
    for name in restored:
        if STAGED + name not in loaded or name in archive.OF_THE_DATABASE:
            continue
        if name in archive.GROWING:
            db[STAGED + name].aggregate([{"$merge": {"into": name, "whenMatched": "keepExisting"}}])
        else:
            db[STAGED + name].rename(name, dropTarget=True)


def _loaded_version(db: Database[Document]) -> int:
    stored = db[f"{STAGED}settings"].find_one({"_id": "schema"})
    return stored["version"] if stored else schema.VERSION


def _begin(db: Database[Document]) -> None:
    _finish(db)  # one that died half-way is not to be forgotten if this one fails
    _forget(db)
    db["settings"].insert_one({**NOTE})


def _replace_from_now_on(db: Database[Document], archive: Archive) -> None:
    manifest = archive.manifest
    put = {"collections": list(manifest.restored), "schema": manifest.version}
    db["settings"].update_one(NOTE, {"$set": put})


def _forget(db: Database[Document]) -> None:
    for name in db.list_collection_names():
        if name.startswith(STAGED):
            db[name].drop()
    db["settings"].delete_one(NOTE)


def _load(db: Database[Document], archive: Archive, progress: Progress) -> None:
    restored = archive.manifest.restored
    total = max(sum(entry.documents for entry in restored.values()), 1)
    done = 0
    for name in restored:
        staged = deployment.bulk_collection(db, STAGED + name)
        # Made even when it stays empty, so that there is something to rename.
        schema.create_collection(db, name, staged.name)
        with _fitting(archive.path), archive.file.open(entry_name(name)) as stored:
            for run in runs(stored):
                progress(STAGE, done, total)
                done += _insert(staged, run)
            if name in schema.INDEXES:
                schema.create_indexes_of(staged, name)
    progress(STAGE, total, total)
    _adapt(db)


def _insert(collection: Collection[Document], run: bytes) -> int:
    """How many documents that were; raises `ValueError` for what the database does not take."""
    answer = insert_raw(collection, [run])
    if answer.get("writeConcernError"):
        raise connection_lost()
    if answer.get("writeErrors"):
        raise ValueError(answer["writeErrors"][0]["errmsg"])
    return int(answer["n"])


@contextmanager
def _fitting(path: Path) -> Iterator[None]:
    """Raises `BackupRefused` for documents that the database does not take, such as an account twice."""
    try:
        with reading(path):
            yield
    except DuplicateKeyError:
        raise not_whole(path) from None


def _adapt(db: Database[Document]) -> None:
    """What was under way when the backup was written is nobody's now, and what was mailed since is mailed."""
    under_way = {"$or": [{"state": {"$in": ["running", "undoing"]}}, {"alertsDue": True}]}
    here = {**OF_THE_DEAD, "host": socket.gethostname()}
    db[f"{STAGED}imports"].update_many(under_way, {"$set": here})
    waiting = [mail["_id"] for mail in db[f"{STAGED}outbox"].find({"state": "waiting"}, {"_id": True})]
    for mail in db["outbox"].find({"_id": {"$in": waiting}, "state": {"$ne": "waiting"}}):
        db[f"{STAGED}outbox"].replace_one({"_id": mail["_id"]}, mail)
