"""The database server: what it is, who can listen, and whether it keeps what it acknowledges."""

import time
from datetime import UTC, datetime

from pymongo.database import Database
from pymongo.errors import OperationFailure
from pymongo.write_concern import WriteConcern

from services import database
from services.database import Place, Server
from services.database.team_server import is_exposed, is_local
from services.doctor.check import Seen, Unwell, seen
from services.scope import Document
from services.settings import Settings

CONFIRMED = WriteConcern("majority", wtimeout=10_000, j=True)
SECONDS_TO_MEET = 3
"""The driver asks each member of a replica set by itself, beginning when it connects."""


def look(settings: Settings, db: Database[Document]) -> Seen:
    """Raises `Unwell` for what endangers the data."""
    place, server = database.place(settings), database.describe(db.client)
    _check_way(place)
    _check_acknowledgement(db)
    if server.kind == "replica set":
        _check_members(db)
    return seen(
        "MongoDB {version}, {kind}, database {name}; writes are on the disk of {who} when acknowledged",
        version=server.version,
        kind=_kind(place, server),
        name=db.name,
        who="the majority" if server.kind != "standalone" else "the server",
    )


def _kind(place: Place, server: Server) -> str:
    if place.is_private:
        return "private to this machine"
    members = f" {server.set_name} of {len(server.members)}" if server.kind == "replica set" else ""
    return f"{server.kind}{members}"


def _check_way(place: Place) -> None:
    """Who can listen on the way there, and who else is let in."""
    if place.server is None or all(is_local(host) for host in place.server.hosts):
        return
    host = place.server.hosts[0]
    if is_exposed(place.server) and place.server.options.get("tls") != "false":
        raise Unwell(
            "What goes to {host}, passwords too, can be read on its way. Turn TLS on, for the server and in "
            "its address.",
            host=host,
        )
    if not place.server.user and "authmechanism" not in place.server.options:
        raise Unwell(
            "The server at {host} lets in everybody who reaches it. Have it ask for user and password.",
            host=host,
        )


def _check_acknowledgement(db: Database[Document]) -> None:
    concern = db.write_concern.document
    if concern.get("w") != "majority" or concern.get("j") is False:
        raise Unwell(
            "The address of the server asks for w={w}: what was acknowledged can be lost with the server. "
            "Take w and journal out of it.",
            w=concern.get("w", 1),
        )
    try:
        # By really writing: a server without a journal refuses, one without a majority waits.
        db["settings"].with_options(write_concern=CONFIRMED).update_one(
            {"_id": "doctor"}, {"$set": {"at": datetime.now(UTC)}}, upsert=True
        )
    except OperationFailure as error:
        raise Unwell(
            "The server does not confirm that what is written stays ({reason}). Have its journal turned on, "
            "and enough of its replica set running.",
            reason=str(error).split(", full error", maxsplit=1)[0],
        ) from None


def _check_members(db: Database[Document]) -> None:
    deadline = time.monotonic() + SECONDS_TO_MEET
    while (away := _away(db)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if away:
        raise Unwell(
            "{members} of the replica set cannot be reached. Have them started, or the network looked at: "
            "with one more away nothing can be stored.",
            members=", ".join(sorted(away)),
        )


def _away(db: Database[Document]) -> list[str]:
    members = db.client.topology_description.server_descriptions().values()
    return [
        f"{member.address[0]}:{member.address[1]}"
        for member in members
        if member.server_type_name in {"Unknown", "RSGhost", "RSOther"}
    ]
