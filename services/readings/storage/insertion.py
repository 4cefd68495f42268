"""New readings into the database: encoded here while the server stores the batch before."""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from services.progress import Progress
from services.readings.storage.encode import Encoder
from services.scope import Document

BATCH = 10_000
"""Readings in one command: some 2 MB, which take the server less than a tenth of a second."""
SENDERS = 2
"""Commands under way at once: the server works on each with a processor of its own."""
STAGE = "Storing readings"
DUPLICATE_KEY = 11000

UNCONFIRMED = WriteConcern(w=1, j=False)
"""For what the note of an import covers: whatever is lost with the server is lost from the end, so that
the journaled note that the import is whole, written last, proves all that came before it."""


class Run(RawBSONDocument):
    """Documents one behind the other, where the driver expects one: it sends the bytes as they are.

    Handing over a million documents one by one costs more than storing them.
    """

    def __init__(self, documents: bytes) -> None:
        self._bytes = documents

    @property
    def raw(self) -> bytes:
        return self._bytes


def insert(collection: Collection[Document], total: int, encoder: Encoder, progress: Progress) -> int:
    """Insert so many encoded readings; how many of them another program stored at the same moment."""
    raced = 0
    sending: deque[Future[int]] = deque()
    with ThreadPoolExecutor(SENDERS) as beside:
        for begin in range(0, total, BATCH):
            progress(STAGE, begin, total)
            runs = encoder.documents(begin, min(begin + BATCH, total))
            if len(sending) == SENDERS:
                raced += sending.popleft().result()
            sending.append(beside.submit(_send, collection, runs))
        raced += sum(sent.result() for sent in sending)
    progress(STAGE, total, total)
    return raced


def insert_new(collection: Collection[Document], documents: Sequence[Any]) -> int:
    """Insert what is not there yet; how many were."""
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return _already_there(error.details)
    return 0


def _send(collection: Collection[Document], runs: Sequence[bytes]) -> int:
    """Insert what is not there yet; how many were."""
    result = collection.database.command(
        "insert",
        collection.name,
        documents=[Run(documents) for documents in runs],
        ordered=False,
        writeConcern=UNCONFIRMED.document,
    )
    return _already_there(result)


def _already_there(answer: Mapping[str, Any]) -> int:
    """How many documents the server refused because they are there; raises for any other reason."""
    failures = answer.get("writeErrors", [])
    if answer.get("writeConcernError") or any(failure["code"] != DUPLICATE_KEY for failure in failures):
        raise BulkWriteError({**answer, "writeErrors": failures})
    return len(failures)
