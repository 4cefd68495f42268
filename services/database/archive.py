"""The file that a backup is: a zip of BSON, one entry a collection, with a manifest of checksums."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bson.raw_bson import RawBSONDocument

from services.database import schema
from services.errors import LoadlensError

MANIFEST = "manifest.json"
CHUNK = 1 << 20
BATCH_BYTES = 8 << 20

Manifest = dict[str, Any]


class BackupRefused(LoadlensError):
    """The backup cannot be written, or is none that can be restored."""


def entry_name(collection: str) -> str:
    """Where a collection's documents lie in the archive."""
    return f"{collection}.bson"


def open_archive(path: Path) -> zipfile.ZipFile:
    """Raises `BackupRefused` for what cannot be opened as an archive."""
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise BackupRefused(
            "{file} cannot be opened: {reason}.", file=path.name, reason=error.strerror or error
        ) from None
    except zipfile.BadZipFile:
        raise _not_whole(path) from None


def checked_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest of an archive whose every entry has the checksum that it says.

    Raises `BackupRefused` when one has not, and for a backup of a newer schema.
    """
    try:
        manifest: Manifest = json.loads(archive.read(MANIFEST))
        if manifest["schema"] > schema.VERSION:
            raise BackupRefused(
                "{file} was written by a newer Loadlens. Install the newer Loadlens to restore it.",
                file=path.name,
            )
        for collection, entry in manifest["collections"].items():
            if _checksum(archive, entry_name(collection)) != entry["sha256"]:
                raise _not_whole(path)
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise _not_whole(path) from None
    return manifest


def batches(stored: IO[bytes]) -> Iterator[list[RawBSONDocument]]:
    """The documents of one entry, some megabytes of them at a time."""
    batch: list[RawBSONDocument] = []
    held = 0
    while head := stored.read(4):
        document = head + stored.read(int.from_bytes(head, "little") - len(head))
        batch.append(RawBSONDocument(document))
        held += len(document)
        if held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _checksum(archive: zipfile.ZipFile, entry: str) -> str:
    digest = hashlib.sha256()
    with archive.open(entry) as stored:
        while chunk := stored.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _not_whole(path: Path) -> BackupRefused:
    return BackupRefused(
        "{file} is no whole backup of Loadlens: it is damaged, was altered or is of another kind. "
        "Nothing was changed; choose another backup.",
        file=path.name,
    )
