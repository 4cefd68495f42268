"""The whole database into one file, as it is at one moment."""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database import locks, schema
from services.database.backup.archive import (
    MANIFEST,
    SIGNATURE,
    BackupRefused,
    count,
    entry_name,
    installation,
    open_archive,
    signature,
    to_back_up,
)
from services.database.backup.verification import verify
from services.database.deployment import is_replicated
from services.progress import Progress, silent
from services.scope import Document
from services.whole_file import whole_file

STAGE = "Backing up"
SNAPSHOT_GONE = (239, 246)
"""Too old, or a collection was renamed since."""
PACKED_BETTER = 2
"""At least so many times less than the server takes, as measured."""
ROOM_TO_SPARE = 16 << 20

T = TypeVar("T")


def back_up(
    db: Database[Document],
    path: Path,
    progress: Progress = silent,
    *,
    key: bytes = b"",
    lock: locks.Lock | None = None,
) -> dict[str, int]:
    """Write every collection to a compressed file, signed with ``key``; the number of documents of each.

    It is the database at one moment: where the server has snapshots, imports go on meanwhile, elsewhere they
    wait. Who holds the exclusive lock already hands it over. The file is read back and compared before it
    takes its name. Models are not in it: they are trained anew from the readings.
    Raises `BackupRefused`, `locks.Interrupted`, and whatever ``progress`` raises.
    """
    with whole_file(path, BackupRefused) as draft:
        _require_room(db, path)
        counts = _written(db, draft, progress, key, lock)
        with open_archive(draft, key) as archive:
            verify(archive, progress, distrust=False)
    _keep_name(path.parent)
    return counts


def _written(
    db: Database[Document], draft: Path, progress: Progress, key: bytes, lock: locks.Lock | None
) -> dict[str, int]:
    if lock is not None:
        return _write(db, None, draft, progress, key)
    if is_replicated(db):
        try:
            with _snapshot(db, progress) as session:
                return _write(db, session, draft, progress, key)
        except OperationFailure as error:
            if error.code not in SNAPSHOT_GONE:
                raise
            draft.unlink()
    with locks.exclusive_lock(db, progress) as own:
        counts = _write(db, None, draft, progress, key)
        own.require()
    return counts


@contextmanager
def _snapshot(db: Database[Document], progress: Progress) -> Iterator[ClientSession]:
    """The database as it is at a moment at which no readings are being changed."""
    with ExitStack() as held, db.client.start_session(snapshot=True) as session:
        held.enter_context(locks.exclusive_lock(db, progress))
        db["users"].find_one({}, session=session)  # all that is read later is of the moment of the first
        held.close()
        yield session


def _write(
    db: Database[Document], session: ClientSession | None, draft: Path, progress: Progress, key: bytes
) -> dict[str, int]:
    stored = db["settings"].find_one({"_id": "schema"})
    names = to_back_up(db)
    total = max(sum(db[name].estimated_document_count() for name in names), 1)
    entries: dict[str, dict[str, Any]] = {}

    def tell(documents: int) -> None:
        done = documents + sum(entry["documents"] for entry in entries.values())
        progress(STAGE, min(done, total), total)

    with draft.open("xb") as file:
        os.chmod(draft, 0o600)  # noqa: PTH101 - it holds everybody's readings
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in names:
                entries[name] = _dump(db, session, name, archive, tell)
            manifest = json.dumps(
                {
                    "schema": stored["version"] if stored else schema.VERSION,
                    "createdAt": datetime.now(UTC).isoformat(),
                    "database": db.name,
                    "installation": installation(key),
                    "collections": entries,
                },
                indent=1,
            ).encode()
            archive.writestr(MANIFEST, manifest)
            archive.writestr(SIGNATURE, signature(manifest, key))
        file.flush()
        os.fsync(file.fileno())
    return {name: entry["documents"] for name, entry in entries.items()}


def _dump(
    db: Database[Document],
    session: ClientSession | None,
    name: str,
    archive: zipfile.ZipFile,
    tell: Callable[[int], None],
) -> dict[str, Any]:
    digest, documents = hashlib.sha256(), 0
    # The driver's type tells of documents, where it gives their bytes as they came.
    found = cast(Iterator[bytes], db[name].find_raw_batches({}, session=session))
    with archive.open(entry_name(name), "w", force_zip64=True) as entry:
        for run in _ahead(found):
            tell(documents)
            entry.write(run)
            digest.update(run)
            documents += count(run)
    return {"documents": documents, "sha256": digest.hexdigest()}


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """The same, each fetched while the one before is at work."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = beside.submit(next, items, None)
            yield item


def _require_room(db: Database[Document], path: Path) -> None:
    """Raises `BackupRefused` when the disk is as good as full."""
    needed = int(db.command("dbStats")["storageSize"]) // PACKED_BETTER + ROOM_TO_SPARE
    free = shutil.disk_usage(path.absolute().parent).free
    if free < needed:
        raise BackupRefused(
            "{file} may need {needed} MB, and in {folder} only {free} MB are free. Make room there or choose "
            "another folder.",
            file=path.name,
            folder=path.absolute().parent,
            needed=needed >> 20,
            free=free >> 20,
        )


def _keep_name(folder: Path) -> None:
    """Let the file's name outlive a power cut, where folders can be written through."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
