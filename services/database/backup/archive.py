"""The file that a backup is: a zip of BSON, one entry a collection, with a manifest of checksums.

The manifest is signed with the key of the installation that wrote it. A backup of another installation, or
one that was altered, is restored for who says that it is to be trusted: nobody knows whether what is in it is
what was written.
"""

import hashlib
import hmac
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from bson.errors import BSONError
from pydantic import BaseModel, Field, ValidationError
from pymongo.database import Database

from services.database import schema
from services.errors import LoadlensError
from services.scope import Document

MANIFEST = "manifest.json"
SIGNATURE = "signature"
SIGNED = b"Loadlens backup\0"
NAMED = b"Loadlens installation\0"
CHUNK = 1 << 20
MOST_MANIFEST_BYTES = 1 << 20
MOST_DOCUMENT_BYTES = (16 << 20) + (16 << 10)
LEAST_DOCUMENT_BYTES = 22
"""An id and nothing else."""
MOST_TIMES_PACKED = 200
"""Readings pack 20 times at most, as measured; a file made to fill a disk packs a thousand times."""
UNSUSPICIOUS_BYTES = 64 << 20
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OverflowError,
    BSONError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a damaged archive, or one that somebody made up, comes to."""


class BackupRefused(LoadlensError):
    """The backup cannot be written, or is none that can be restored."""


class Entry(BaseModel):
    """What the manifest says of a collection."""

    documents: int = Field(ge=0)
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself."""

    version: int = Field(alias="schema", ge=0)
    created_at: datetime = Field(alias="createdAt")
    database: str = ""
    installation: str = ""
    """Says who wrote it; empty in backups of earlier versions."""
    collections: dict[str, Entry]

    @property
    def restored(self) -> dict[str, Entry]:
        """The collections that a restore reads."""
        return {name: entry for name, entry in self.collections.items() if name not in FORMER}


@dataclass(frozen=True)
class Archive:
    """An opened backup whose form is right; its checksums are not looked at yet."""

    path: Path
    file: zipfile.ZipFile
    manifest: Manifest
    made_here: bool
    """Whether this installation has written it, and nobody has altered it since."""
    altered: bool = False
    """Whether it says that this installation has written it, and is not as that signed it."""


def entry_name(collection: str) -> str:
    """Return where a collection's documents lie in the archive."""
    return f"{collection}.bson"


def signature(manifest: bytes, key: bytes) -> str:
    """Return what proves that the installation with this key wrote the manifest."""
    return hmac.new(key, SIGNED + manifest, hashlib.sha256).hexdigest()


def installation(key: bytes) -> str:
    """Return what the installation with this key calls itself; the key cannot be derived from it."""
    return hmac.new(key, NAMED, hashlib.sha256).hexdigest()[:16]


def not_whole(path: Path) -> BackupRefused:
    return BackupRefused(
        "{file} is no whole backup of Loadlens: it is damaged, was altered or is of another kind. "
        "Nothing was changed; choose another backup.",
        file=path.name,
    )


@contextmanager
def open_archive(path: Path, key: bytes) -> Iterator[Archive]:
    """Open a backup whose form is right: known collections alone, of a known schema, and no zip bomb.

    ``key`` is this installation's. Raises `BackupRefused`.
    """
    with ExitStack() as opened:
        with reading(path):
            file = opened.enter_context(zipfile.ZipFile(path))
            archive = _opened(path, file, key)
        yield archive


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise `BackupRefused` for whatever keeps a backup from being read within the context."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(
            "{file} cannot be opened: {reason}.", file=path.name, reason=error.strerror or error
        ) from None
    except UNREADABLE:
        raise not_whole(path) from None


def runs(stored: IO[bytes]) -> Iterator[bytes]:
    """Yield whole documents one behind the other, a megabyte at a time: no more than a command may bring.

    Raises `ValueError` where no document can begin or end.
    """
    rest = b""
    while chunk := stored.read(CHUNK):
        held = rest + chunk
        whole = max(_ends(held), default=0)
        if whole:
            yield held[:whole]
        rest = held[whole:]
    if rest:
        raise ValueError("a document is cut off")


def count(run: bytes) -> int:
    """Return how many documents the run is of."""
    return sum(1 for _ in _ends(run))


def _ends(held: bytes) -> Iterator[int]:
    """Where each of the documents ends that are there as a whole."""
    begin, held_bytes = 0, len(held)
    while begin + 4 <= held_bytes:
        length = int.from_bytes(held[begin : begin + 4], "little")
        if not LEAST_DOCUMENT_BYTES <= length <= MOST_DOCUMENT_BYTES:
            raise ValueError("no document has that length")
        begin += length
        if begin > held_bytes:
            return
        if held[begin - 1]:
            raise ValueError("a document ends with a zero byte")
        yield begin


def _opened(path: Path, file: zipfile.ZipFile, key: bytes) -> Archive:
    entries = file.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or not all(map(_is_readable, entries)):
        raise not_whole(path)
    if file.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
        raise not_whole(path)
    text = file.read(MANIFEST)
    _check_version(path, text)
    manifest = _manifest(path, text)
    if {*names} - {SIGNATURE} != {MANIFEST, *map(entry_name, manifest.collections)}:
        raise not_whole(path)
    signed = SIGNATURE in names and file.getinfo(SIGNATURE).file_size == hashlib.sha256().digest_size * 2
    proof = file.read(SIGNATURE) if signed else b""
    made_here = hmac.compare_digest(proof, signature(text, key).encode())
    altered = not made_here and manifest.installation == installation(key)
    return Archive(path, file, manifest, made_here, altered)


def _manifest(path: Path, text: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError:
        raise not_whole(path) from None
    if not manifest.collections.keys() <= STORED | FORMER:
        raise not_whole(path)
    return manifest


def _check_version(path: Path, text: bytes) -> None:
    """First of all: what a newer Loadlens writes may look otherwise."""
    said: Any = json.loads(text)
    if said["schema"] > schema.VERSION:
        raise BackupRefused(
            "{file} was written by a newer Loadlens. Install the newer Loadlens to restore it.",
            file=path.name,
        )


def _is_readable(entry: zipfile.ZipInfo) -> bool:
    """Whether it is packed as backups are, and does not unpack to what no backup holds."""
    encrypted = entry.flag_bits & 1
    bomb = entry.file_size > max(UNSUSPICIOUS_BYTES, MOST_TIMES_PACKED * entry.compress_size)
    return entry.compress_type in READABLE and not encrypted and not bomb


OF_THE_DATABASE = {"settings", "turns", "moving", "backup_schedules", "sign_in_failures"}
"""Not in a backup, and untouched by a restore: they tell of this database, not of what is stored in it."""
OF_THE_MOMENT = {"sessions"}
"""Not in a backup, and gone after a restore: a session that has ended must not live again."""
GROWING = {"audit_log"}
"""A restore adds what is missing, and takes away nothing: what was done stays noted."""
FORMER = {"settings", "daily_consumption"}
"""In backups of earlier versions; nothing is read out of them."""

STORED = (schema.INDEXES.keys() | {"audit_log"}) - OF_THE_DATABASE - OF_THE_MOMENT
"""In every backup."""

_LAST = ("devices", "categories", "users")


def to_back_up(db: Database[Document]) -> list[str]:
    """Return the collections of a backup that are there.

    What others refer to comes last: what is made while the backup is read is then in it, for whatever refers
    to it.
    """
    there = STORED.intersection(db.list_collection_names())
    return sorted(there.difference(_LAST)) + [name for name in _LAST if name in there]
