"""Collections from one database into another as they lie on the disk, a batch at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, DESCENDING, DeleteOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database

from services.scope import Document

RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
BATCH_BYTES = 4 << 20
MOST_AT_ONCE = 10_000

Raw = Collection[RawBSONDocument]
Advance = Callable[[int], None]
"""Told of so many documents more that are done."""


def raw(db: Database[Document], name: str) -> Raw:
    """The collection's documents as bytes."""
    found: Raw = db[name].with_options(codec_options=RAW)
    return found


def copy(source: Raw, target: Raw, advance: Advance) -> None:
    """Copy what the target lacks, in the order of the ids: what is there already was copied before."""
    last = target.find_one({}, {"_id": True}, sort=[("_id", DESCENDING)])
    if last:
        advance(target.estimated_document_count())
    for batch in batches(source.find({"_id": {"$gt": last["_id"]}} if last else {}).sort("_id", ASCENDING)):
        target.insert_many(batch, ordered=True)
        advance(len(batch))


def mend(source: Raw, target: Raw) -> None:
    """Make the target equal to a source that was written to while it was copied."""
    for batch in batches(source.find({}).sort("_id", ASCENDING)):
        there = {one["_id"]: one.raw for one in target.find({"_id": {"$in": _ids(batch)}})}
        if differing := [one for one in batch if there.get(one["_id"]) != one.raw]:
            target.bulk_write([ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in differing])
    for batch in batches(target.find({}, {"_id": True}).sort("_id", ASCENDING)):
        kept = set(_ids(source.find({"_id": {"$in": _ids(batch)}}, {"_id": True})))
        if gone := [DeleteOne({"_id": one}) for one in _ids(batch) if one not in kept]:
            target.bulk_write(gone)


def batches(documents: Iterable[RawBSONDocument]) -> Iterator[list[RawBSONDocument]]:
    """Some megabytes of documents at a time."""
    batch: list[RawBSONDocument] = []
    held = 0
    for document in documents:
        batch.append(document)
        held += len(document.raw)
        if held >= BATCH_BYTES or len(batch) >= MOST_AT_ONCE:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _ids(documents: Iterable[RawBSONDocument]) -> list[Any]:
    return [document["_id"] for document in documents]
