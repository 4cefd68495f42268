"""Whether a backup holds what it says, and nothing that a database of Loadlens never holds."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import bson
from bson import Code, ObjectId, Regex
from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from pydantic import BaseModel, Field

from services.database import schema
from services.database.backup.archive import FORMER, Archive, count, entry_name, not_whole, reading, runs
from services.progress import Progress
from services.scope import Document

STAGE = "Checking the backup"

_ID = (ObjectId, type(None))
_NUMBER = (int, float, type(None))
_TIME = (datetime, type(None))
_TEXT = (str, type(None))
FIELDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("_id", "userId", "importId", "deviceId", "categoryId", "parentId"), _ID),
    **dict.fromkeys(("consumption", "quantity", "seconds", "predictedValue", "actualValue"), _NUMBER),
    **dict.fromkeys(("date", "createdAt", "updatedAt", "timestamp", "month"), _TIME),
    **dict.fromkeys(
        ("name", "nameKey", "emailKey", "category", "location", "notes", "file", "state", "type"), _TEXT
    ),
}
"""Of which types these fields are, in whatever collection: an operator in their place would match more than
was meant, wherever a value that was read comes into a query."""


class _Account(BaseModel):
    """What everybody relies on who asks for accounts."""

    email: str
    password: str = Field(pattern=r"^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$")
    """A bcrypt hash that does not take hours to compare."""
    role: Literal["user", "admin"]
    status: Literal["active", "inactive"]
    first_name: str = Field(alias="firstName")
    last_name: str = Field(alias="lastName")
    timezone: str


class _Refused(TypeDecoder):
    """A type of BSON that Loadlens never writes."""

    def __init__(self, kind: type) -> None:
        self._kind = kind

    @property
    def bson_type(self) -> Any:
        return self._kind

    def transform_bson(self, value: Any) -> Any:
        raise ValueError(f"a document holds a {self._kind.__name__}")


_STRICT: CodecOptions[Document] = CodecOptions(
    tz_aware=True, type_registry=TypeRegistry([_Refused(Code), _Refused(Regex)])
)


def verify(archive: Archive, progress: Progress, *, distrust: bool = True) -> None:
    """Raise `BackupRefused` unless every entry is as the manifest says.

    With ``distrust`` the documents of a backup that was not made here are looked at one by one. Raises
    whatever ``progress`` raises.
    """
    documents = {name: entry.documents for name, entry in archive.manifest.collections.items()}
    total, done = max(sum(documents.values()), 1), 0
    for collection in documents:
        strange = distrust and not archive.made_here and collection not in FORMER
        for read in _verified(archive, collection, strange):
            progress(STAGE, min(done + read, total), total)
        done += documents[collection]
    emails = [account["email"].casefold() for account in accounts(archive)] if distrust else []
    if len(set(emails)) < len(emails):
        raise not_whole(archive.path)


def accounts(archive: Archive) -> list[Document]:
    """Return the accounts in a backup. Raises `BackupRefused` when they cannot be read."""
    if "users" not in archive.manifest.collections:
        return []
    with reading(archive.path), archive.file.open(entry_name("users")) as stored:
        return [account for run in runs(stored) for account in bson.decode_all(run, _STRICT)]


def _verified(archive: Archive, collection: str, strange: bool) -> Iterator[int]:
    """Tells on the way how many documents were read."""
    digest, documents = hashlib.sha256(), 0
    with reading(archive.path), archive.file.open(entry_name(collection)) as stored:
        for run in runs(stored):
            digest.update(run)
            documents += count(run)
            if strange:
                _look_at(collection, run, archive.manifest.version)
            yield documents
    entry = archive.manifest.collections[collection]
    if digest.hexdigest() != entry.sha256 or documents != entry.documents:
        raise not_whole(archive.path)


def _look_at(collection: str, run: bytes, version: int) -> None:
    """Raises `ValueError` for documents that Loadlens did not write."""
    for document in bson.decode_all(run, _STRICT):
        if collection == "users":
            _Account.model_validate(document)
        for field, value in document.items():
            if field in FIELDS and not isinstance(value, FIELDS[field]):
                raise ValueError(f"{field} is a {type(value).__name__}")
        if version >= schema.NAME_KEYS_SINCE and not schema.has_valid_name_key(collection, document):
            raise ValueError("a name has another's key")
