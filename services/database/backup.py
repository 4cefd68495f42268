"""The whole database into one file."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.database import Database

from services.database import schema
from services.database.archive import MANIFEST, BackupRefused, checked_manifest, entry_name, open_archive
from services.database.restore import collections
from services.progress import Progress, silent
from services.scope import Document
from services.whole_file import whole_file

RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)


def back_up(db: Database[Document], path: Path, progress: Progress = silent) -> dict[str, int]:
    """Write every collection to a compressed, checksummed file; the number of documents of each.

    The file is read back and compared before it takes its name. Models are not in it: they are trained
    anew from the readings. Raises `BackupRefused`, and whatever ``progress`` raises.
    """
    with whole_file(path, BackupRefused) as draft:
        counts = _write(db, draft, progress)
        with open_archive(draft) as archive:
            checked_manifest(archive, path)
    return counts


def _write(db: Database[Document], draft: Path, progress: Progress) -> dict[str, int]:
    names = collections(db)
    entries: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for position, name in enumerate(names):
            progress("Backing up", position, len(names))
            entries[name] = _dump(db, name, archive)
        written = {
            "schema": schema.VERSION,
            "createdAt": datetime.now(UTC).isoformat(),
            "collections": entries,
        }
        archive.writestr(MANIFEST, json.dumps(written, indent=1))
    return {name: entry["documents"] for name, entry in entries.items()}


def _dump(db: Database[Document], name: str, archive: zipfile.ZipFile) -> dict[str, Any]:
    digest, documents = hashlib.sha256(), 0
    with archive.open(entry_name(name), "w", force_zip64=True) as entry:
        for document in db[name].with_options(codec_options=RAW).find({}):
            entry.write(document.raw)
            digest.update(document.raw)
            documents += 1
    return {"documents": documents, "sha256": digest.hexdigest()}
