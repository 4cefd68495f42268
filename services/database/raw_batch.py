"""Documents that are sent to the server as the bytes they are."""

from collections.abc import Iterable

from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection

from services.database.deployment import bulk_write_concern
from services.scope import Document


class RawBatch(RawBSONDocument):
    """Documents one behind the other, where the driver expects one: it sends the bytes as they are.

    Handing over a million documents one by one costs more than storing them.
    """

    def __init__(self, documents: bytes) -> None:
        self._bytes = documents

    @property
    def raw(self) -> bytes:
        return self._bytes


def insert_raw(collection: Collection[Document], batches: Iterable[bytes]) -> Document:
    """Insert batches of documents in one command, within `deployment.journaled`.

    Return the server's answer, whose ``writeErrors`` and ``writeConcernError`` are the caller's to look at.
    """
    return collection.database.command(
        "insert",
        collection.name,
        documents=[RawBatch(documents) for documents in batches],
        ordered=False,
        writeConcern=bulk_write_concern(collection.database).document,
    )
