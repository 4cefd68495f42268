"""Copy collections as they lie on the disk, and compare them byte for byte."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, DESCENDING, DeleteOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database

from services.progress import Cancelled
from services.scope import Document

RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
BATCH_BYTES = 4 << 20
MOST_AT_ONCE = 10_000

Raw = Collection[RawBSONDocument]
Advance = Callable[[int], None]
"""Told of so many documents more that are done."""


def raw_collection(db: Database[Document], name: str) -> Raw:
    """Return the collection's documents as bytes."""
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


def repair(source: Raw, target: Raw) -> None:
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
    """Return some megabytes of documents at a time."""
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


SECONDS_BETWEEN_REPORTS = 0.1


@dataclass(frozen=True)
class Checksum:
    """How many documents a collection holds, and a checksum over them in the order of their ids."""

    documents: int
    sha256: str


@dataclass
class _Progress:
    """How far the reading of one side is."""

    documents: int = 0


def checksums(source: Raw, target: Raw, advance: Advance) -> tuple[Checksum, Checksum]:
    """Return the checksums of both, read at once; ``advance`` hears of the documents of the source."""
    reported = 0
    walk = _Progress()
    with _stopped_at_the_end() as stop, ThreadPoolExecutor(2) as beside:
        ours = beside.submit(_checksum, source, stop, walk)
        theirs = beside.submit(_checksum, target, stop, _Progress())
        try:
            while not (ours.done() and theirs.done()):
                stop.wait(SECONDS_BETWEEN_REPORTS)
                now = walk.documents
                advance(now - reported)
                reported = now
        except BaseException:
            stop.set()
            raise
        advance(walk.documents - reported)
        return ours.result(), theirs.result()


def write_count(db: Database[Document], name: str) -> int:
    """Return how often the collection was written to since the server began; a private `mongod` tells."""
    seen = db.client.admin.command("top")["totals"].get(f"{db.name}.{name}")
    return int(seen["writeLock"]["count"]) if seen else 0


def _checksum(collection: Raw, stop: Event, walk: _Progress) -> Checksum:
    digest = hashlib.sha256()
    blocks: Iterator[bytes] = collection.find_raw_batches({}, sort=[("_id", ASCENDING)])  # type: ignore[assignment]
    for block in blocks:
        if stop.is_set():
            raise Cancelled
        digest.update(block)
        walk.documents += _count(block)
    return Checksum(walk.documents, digest.hexdigest())


def _count(block: bytes) -> int:
    """How many documents lie one behind the other."""
    count = place = 0
    while place < len(block):
        place += int.from_bytes(block[place : place + 4], "little")
        count += 1
    return count


@contextmanager
def _stopped_at_the_end() -> Iterator[Event]:
    stop = Event()
    try:
        yield stop
    finally:
        stop.set()
