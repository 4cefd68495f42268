"""Whether two collections hold the same, byte for byte."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from pymongo import ASCENDING
from pymongo.database import Database

from services.moving.copying import Advance, Raw
from services.progress import Cancelled
from services.scope import Document

SECONDS_BETWEEN_REPORTS = 0.1


@dataclass(frozen=True)
class Sum:
    """How many documents a collection holds, and a checksum over them in the order of their ids."""

    documents: int
    sha256: str


@dataclass
class _Walk:
    """How far the reading of one side is."""

    documents: int = 0


def sums(source: Raw, target: Raw, advance: Advance) -> tuple[Sum, Sum]:
    """Of both, read at the same time; ``advance`` hears of the documents of the source."""
    told = 0
    walk = _Walk()
    with _stopped_at_the_end() as stop, ThreadPoolExecutor(2) as beside:
        ours = beside.submit(_sum, source, stop, walk)
        theirs = beside.submit(_sum, target, stop, _Walk())
        try:
            while not (ours.done() and theirs.done()):
                stop.wait(SECONDS_BETWEEN_REPORTS)
                now = walk.documents
                advance(now - told)
                told = now
        except BaseException:
            stop.set()
            raise
        advance(walk.documents - told)
        return ours.result(), theirs.result()


def writes(db: Database[Document], name: str) -> int:
    """How often the collection was written to since the server began; only a `mongod` of one's own tells."""
    seen = db.client.admin.command("top")["totals"].get(f"{db.name}.{name}")
    return int(seen["writeLock"]["count"]) if seen else 0


def _sum(collection: Raw, stop: Event, walk: _Walk) -> Sum:
    digest = hashlib.sha256()
    blocks: Iterator[bytes] = collection.find_raw_batches({}, sort=[("_id", ASCENDING)])  # type: ignore[assignment]
    for block in blocks:
        if stop.is_set():
            raise Cancelled
        digest.update(block)
        walk.documents += _count(block)
    return Sum(walk.documents, digest.hexdigest())


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
