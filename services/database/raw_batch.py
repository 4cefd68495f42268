"""Documents that are sent to the server as the bytes they are."""

from bson.raw_bson import RawBSONDocument


class RawBatch(RawBSONDocument):
    """Documents one behind the other, where the driver expects one: it sends the bytes as they are.

    Handing over a million documents one by one costs more than storing them.
    """

    def __init__(self, documents: bytes) -> None:
        self._bytes = documents

    @property
    def raw(self) -> bytes:
        return self._bytes
