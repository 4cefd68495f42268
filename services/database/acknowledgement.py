"""How much a server has to confirm of writes that come in bulk.

A lone server loses, when it dies, what it wrote last: a confirmed write in its journal proves all that came
before it, so that only that one has to wait for the disk. In a replica set a dying primary can take back
anything that no majority has, and the driver goes on at the next one: there each write waits for a majority.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bson import ObjectId
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from services.database.patience import patiently
from services.database.topology import is_alone, is_replicated
from services.database.unavailable import ConnectionLost
from services.scope import Document

UNCONFIRMED = WriteConcern(w=1, j=False)


def in_bulk(database: Database[Document]) -> WriteConcern:
    """For writes within `proven`."""
    return UNCONFIRMED if is_alone(database) else database.write_concern


def collection(database: Database[Document], name: str) -> Collection[Document]:
    """A collection whose writes come within `proven`."""
    return database[name].with_options(write_concern=in_bulk(database))


@contextmanager
def proven(database: Database[Document]) -> Iterator[None]:
    """What was written within is there to stay when the context ends.

    Raises `ConnectionLost` when a lone server died meanwhile, be it that it was started again at once.
    """
    before = _life(database)
    yield
    if before is not None and patiently(_journaled, database) != before:
        raise ConnectionLost("The database was started anew meanwhile, so this was not done. Try again.")


def _journaled(database: Database[Document]) -> ObjectId | None:
    """The process of a lone server, when all that it was given is in its journal."""
    proof = {"_id": ObjectId()}
    database["settings"].with_options(write_concern=UNCONFIRMED).insert_one(proof)
    database["settings"].delete_one(proof)
    return _life(database)


def _life(database: Database[Document]) -> ObjectId | None:
    """The process of a lone server; None where a majority confirms each write."""
    if is_replicated(database):
        return None
    process: ObjectId = database.command("hello")["topologyVersion"]["processId"]
    return process
