"""What kind of server keeps the data, and what follows from it: the one place where the kinds differ.

A standalone server loses, when it dies, what it wrote last: a confirmed write in its journal proves all that
came before it, so that only that one has to wait for the disk. In a replica set a dying primary can take back
anything that no majority has, and the driver goes on at the next one: there each write waits for a majority.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bson import ObjectId
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from services.database.errors import ConnectionLost, retry_on_disconnect
from services.scope import Document

UNJOURNALED = WriteConcern(w=1, j=False)


def is_reachable(database: Database[Document]) -> bool:
    """Return whether there is a server that takes writes, as far as the driver has noticed."""
    return database.client.topology_description.has_writable_server()


def is_standalone(database: Database[Document]) -> bool:
    """Return whether it is one server that keeps the data by itself; False while that is not known."""
    return _server_types(database) == {"Standalone"}


def is_sharded(database: Database[Document]) -> bool:
    """Return whether the data may be spread over several servers; True while that is not known."""
    return not _server_types(database) <= {
        "Standalone",
        "RSPrimary",
        "RSSecondary",
        "RSArbiter",
        "RSOther",
        "RSGhost",
    }


def is_replicated(database: Database[Document]) -> bool:
    """Ask the server whether others keep the data, too: then it has snapshots and change streams."""
    return process_id(database) is None


def process_id(database: Database[Document]) -> ObjectId | None:
    """Ask a standalone server which process it is; None where a majority confirms each write."""
    hello = database.command("hello")
    if "setName" in hello or hello.get("msg") == "isdbgrid":
        return None
    process: ObjectId = hello["topologyVersion"]["processId"]
    return process


def _server_types(database: Database[Document]) -> set[str]:
    """Return the types of the servers that are known; ``Unknown`` where that is none of them."""
    servers = database.client.topology_description.server_descriptions().values()
    kinds = {server.server_type_name for server in servers}
    return kinds - {"Unknown"} or kinds


def bulk_write_concern(database: Database[Document]) -> WriteConcern:
    """Return the write concern of bulk writes within `journaled`."""
    return UNJOURNALED if is_standalone(database) else database.write_concern


def bulk_collection(database: Database[Document], name: str) -> Collection[Document]:
    """Return a collection whose writes come within `journaled`."""
    return database[name].with_options(write_concern=bulk_write_concern(database))


@contextmanager
def journaled(database: Database[Document]) -> Iterator[None]:
    """Write in bulk within the context; what was written is there to stay when it ends.

    Raises `ConnectionLost` when a standalone server died meanwhile, be it that it was started again at once.
    """
    before = process_id(database)
    yield
    if before is not None and retry_on_disconnect(_wait_for_journal, database) != before:
        raise ConnectionLost("The database was started anew meanwhile, so this was not done. Try again.")


def _wait_for_journal(database: Database[Document]) -> ObjectId | None:
    """Wait until all that a standalone server was given is in its journal; return which process it is."""
    proof = {"_id": ObjectId()}
    database["settings"].with_options(write_concern=UNJOURNALED).insert_one(proof)
    database["settings"].delete_one(proof)
    return process_id(database)
