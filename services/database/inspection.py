"""What a database server is, lets Loadlens do and holds: found out by really doing it."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pymongo import ASCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from services.database import schema
from services.database.errors import DatabaseUnavailable
from services.database.team_server import (
    ConnectionRefused,
    TeamServer,
    connect,
    connection_failure,
    is_exposed,
    validate_server,
)
from services.scope import Document

COPY_COLLECTION = "moving"


@dataclass(frozen=True)
class PartialCopy:
    """The mark of a database that is being copied into, so that nobody takes it for a whole one."""

    source: str
    """The computer and the data folder that it is a copy of."""
    began: datetime
    whole: bool
    """Whether everything is there and was compared."""


def partial_copy(db: Database[Document]) -> PartialCopy | None:
    """Return the mark of this database; None for a usual one."""
    found = db[COPY_COLLECTION].find_one({"_id": "copy"})
    return PartialCopy(found["source"], found["began"], found["whole"]) if found else None


def begin_copy(db: Database[Document], source: str) -> None:
    """Mark the database before the first document is copied into it."""
    mark = {"source": source, "began": datetime.now(UTC), "whole": False}
    db[COPY_COLLECTION].update_one({"_id": "copy"}, {"$setOnInsert": mark}, upsert=True)


def mark_copy_complete(db: Database[Document]) -> None:
    """Note that all of the source is there: whoever opens the database next may use it."""
    db[COPY_COLLECTION].update_one({"_id": "copy"}, {"$set": {"whole": True}})


def unmark_copy(db: Database[Document]) -> None:
    """Take the mark away."""
    db[COPY_COLLECTION].drop()


def require_complete(db: Database[Document]) -> None:
    """Raise `DatabaseUnavailable` for a database that lacks a part of what it is a copy of."""
    found = partial_copy(db)
    if found is None:
        return
    if not found.whole:
        raise DatabaseUnavailable(
            "The database {name} is half a copy of the one on {source}. Finish the move there, under "
            "Settings → Database, or use another database.",
            name=db.name,
            source=found.source,
        )
    unmark_copy(db)


LEAST_VERSION = (5, 0)
"""Older servers lack what summing and undoing rest on, and get no security updates."""
TRIAL = "loadlens_trial_"
Kind = Literal["standalone", "replica set", "sharded cluster"]


@dataclass(frozen=True)
class Server:
    """What the server says of itself."""

    version: str
    kind: Kind
    set_name: str
    members: tuple[str, ...]
    """Of a replica set, as they call each other."""


@dataclass(frozen=True)
class Holding:
    """What lies in the database already."""

    kind: Literal["nothing", "loadlens", "half copy", "something else"]
    schema: int = 0
    accounts: int = 0
    readings: int = 0
    copy: PartialCopy | None = None


@dataclass(frozen=True)
class Inspection:
    """A server that can be used, and how well."""

    server: Server
    exposed: bool
    """Whether what is sent there can be read on its way."""
    tells_changes: bool
    """Whether it tells of changes as they happen; else programs look for them from time to time."""
    clustered: bool
    """Whether readings can lie in the order of their ids, which is faster."""
    holding: Holding


def inspect(named: TeamServer, password: str) -> Inspection:
    """Connect, and do in a collection of its own all that Loadlens does; nothing is left of it.

    Raises `ConnectionRefused` and `DatabaseUnavailable` with what is wrong and what to do.
    """
    named = validate_server(named)
    with connect(named, password) as client:
        try:
            return _inspect(client, named)
        except PyMongoError as error:
            raise connection_failure(client, error, named.hosts[0], named.database) from None


def require_usable(named: TeamServer, password: str) -> None:
    """Inspect a server for who wants to work in the database that is there.

    Raises `DatabaseUnavailable`, and `ConnectionRefused` also for half a copy or something else's database.
    """
    holding = inspect(named, password).holding
    if holding.kind == "something else":
        raise ConnectionRefused(
            "The database {name} there holds something else. Enter another name for the database.",
            name=named.database,
        )
    if holding.copy is not None and not holding.copy.whole:
        raise ConnectionRefused(
            "The database {name} there is half a copy of the one on {source}. Finish that move, or enter "
            "another name for the database.",
            name=named.database,
            source=holding.copy.source,
        )


def describe(client: MongoClient[Document]) -> Server:
    """Return what a connected server says of itself."""
    hello = client.admin.command("hello")
    kind: Kind = "replica set" if "setName" in hello else "standalone"
    if hello.get("msg") == "isdbgrid":
        kind = "sharded cluster"
    return Server(
        version=client.server_info()["version"],
        kind=kind,
        set_name=hello.get("setName", ""),
        members=tuple(hello.get("hosts", ())),
    )


def holding_of(db: Database[Document]) -> Holding:
    """Return what lies in a database already."""
    names = {name for name in db.list_collection_names() if not name.startswith(("system.", TRIAL))}
    if COPY_COLLECTION in names and (copy := partial_copy(db)):
        return Holding("half copy", copy=copy)
    stored = db["settings"].find_one({"_id": "schema"})
    if stored:
        return Holding(
            "loadlens",
            schema=stored["version"],
            accounts=db["users"].estimated_document_count(),
            readings=db["consumption_data"].estimated_document_count(),
        )
    return Holding("something else" if names else "nothing")


def _inspect(client: MongoClient[Document], named: TeamServer) -> Inspection:
    server = describe(client)
    if tuple(int(part) for part in server.version.split(".")[:2]) < LEAST_VERSION:
        raise DatabaseUnavailable(
            "The server runs MongoDB {version}; Loadlens needs {least} or newer. Have it upgraded.",
            version=server.version,
            least=".".join(map(str, LEAST_VERSION)),
        )
    db = client[named.database]
    clustered, tells_changes = _try(db, server.kind)
    holding = holding_of(db)
    if holding.schema > schema.VERSION:
        raise DatabaseUnavailable(
            "The database {name} there was written by a newer Loadlens. Install the newer Loadlens.",
            name=named.database,
        )
    return Inspection(server, is_exposed(named), tells_changes, clustered, holding)


def _try(db: Database[Document], kind: Kind) -> tuple[bool, bool]:
    """Return whether the database takes collections in the order of ids, and tells of changes."""
    trial = db[TRIAL + secrets.token_hex(6)]
    renamed = db[f"{trial.name}_2"]
    try:
        clustered = _create(trial)
        for step in _steps(trial, renamed):
            step()
        return clustered, kind != "standalone" and _can(lambda: renamed.watch().close())
    finally:
        for collection in (trial, renamed):
            with suppress(PyMongoError):
                collection.drop()


def _steps(trial: Collection[Document], renamed: Collection[Document]) -> list[Callable[[], Any]]:
    return [
        lambda: trial.create_index([("n", ASCENDING)], unique=True),
        lambda: trial.insert_one({"_id": 1, "n": 1}),
        lambda: trial.find_one({"n": 1}),
        lambda: trial.update_one({"n": 1}, {"$set": {"n": 2}}),
        lambda: trial.rename(renamed.name),
        lambda: renamed.delete_one({"n": 2}),
        lambda: renamed.drop(),
    ]


def _create(trial: Collection[Document]) -> bool:
    by_id = {"key": {"_id": ASCENDING}, "unique": True}
    if _can(lambda: trial.database.create_collection(trial.name, clusteredIndex=by_id)):
        return True
    trial.database.create_collection(trial.name)
    return False


def _can(do: Callable[[], Any]) -> bool:
    try:
        do()
    except OperationFailure:
        return False
    return True
