"""What kind of servers keep the data: as far as the driver knows just now, or asked for."""

from pymongo.database import Database

from services.scope import Document


def is_reachable(database: Database[Document]) -> bool:
    """Whether there is a server that takes writes, as far as the driver has noticed."""
    return database.client.topology_description.has_writable_server()


def is_alone(database: Database[Document]) -> bool:
    """Whether it is one server that keeps the data by itself; False while that is not known."""
    return _kinds(database) == {"Standalone"}


def is_sharded(database: Database[Document]) -> bool:
    """Whether the data may be spread over several servers; True while that is not known."""
    return not _kinds(database) <= {
        "Standalone",
        "RSPrimary",
        "RSSecondary",
        "RSArbiter",
        "RSOther",
        "RSGhost",
    }


def is_replicated(database: Database[Document]) -> bool:
    """Whether others than the server that answers keep the data, too. Asks it."""
    told = database.command("hello")
    return "setName" in told or told.get("msg") == "isdbgrid"


def _kinds(database: Database[Document]) -> set[str]:
    """Of servers, but for those of which nothing is known; of all of them when that is every one."""
    servers = database.client.topology_description.server_descriptions().values()
    kinds = {server.server_type_name for server in servers}
    return kinds - {"Unknown"} or kinds
