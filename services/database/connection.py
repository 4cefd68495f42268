"""Choose a database, and open the one that the environment names, else the one that was chosen.

The choice is kept in ``connection.json`` in the data folder, the password where this installation keeps its
secrets.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import pymongo
from pydantic import BaseModel, ConfigDict, Field
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import secret_store
from services.database import inspection, prepare
from services.database.errors import DatabaseUnavailable
from services.database.inspection import Server, describe
from services.database.private import server, user
from services.database.private.address import uri
from services.database.team_server import (
    OPTIONS,
    ConnectionRefused,
    TeamServer,
    connect,
    connection_failure,
    is_exposed,
    parse_server,
    validate_server,
)
from services.scope import Document
from services.secret_store import require_own
from services.settings import Settings
from services.whole_file import whole_file

SECONDS_TO_CLOSE = 1

log = logging.getLogger(__name__)

Prepare = Callable[[Database[Document], Settings], None]


@dataclass(frozen=True)
class Place:
    """Where the data lives, and who said so."""

    said_by: Literal["environment", "choice", "nobody"]
    """Nobody: then it is the private database."""
    server: TeamServer | None
    password: str = ""

    @property
    def is_private(self) -> bool:
        """Whether the data lives in the private database."""
        return self.server is None


def place(settings: Settings) -> Place:
    """Return which database is opened. Raises `DatabaseUnavailable` when what was chosen cannot be read."""
    if settings.names_a_server:
        return Place("environment", *_of_environment(settings))
    server = chosen_server(settings)
    if server is None:
        return Place("nobody", None)
    return Place("choice", server, password_of(settings, server))


@contextmanager
def opened(settings: Settings) -> Iterator[Database[Document]]:
    """Open the database, with its indexes, as long as the context lasts.

    Raises `DatabaseUnavailable`, and `DataFolderRefused` when the private database has nowhere to live.
    """
    where = place(settings)
    if where.server is None:
        with server.joined(settings) as address, _closed(_private_client(settings, address)) as client:
            yield _prepared(client, settings, settings.mongodb_name, address, prepare.finish_upgrade)
        return
    address = where.server.hosts[0]
    if where.server.user and is_exposed(where.server):
        log.warning("what is sent to %s, passwords too, is not encrypted", address)
    with _closed(_team_client(where.server, where.password)) as client:
        yield _prepared(client, settings, where.server.database, address)


def _prepared(
    client: MongoClient[Document], settings: Settings, name: str, address: str, *more: Prepare
) -> Database[Document]:
    database = client[name]
    try:
        inspection.require_complete(database)
        for step in (prepare.prepare, *more):
            step(database, settings)
    except PyMongoError as error:
        raise connection_failure(client, error, address, name) from None
    return database


@contextmanager
def _closed(client: MongoClient[Document]) -> Iterator[MongoClient[Document]]:
    """Close the client when the context ends, without waiting for a server that is away."""
    try:
        yield client
    finally:
        with pymongo.timeout(SECONDS_TO_CLOSE):
            client.close()


def _team_client(named: TeamServer, password: str) -> MongoClient[Document]:
    try:
        return connect(named, password)
    except ConnectionRefused as error:
        raise DatabaseUnavailable(error.sentence, **error.details) from None


def _of_environment(settings: Settings) -> tuple[TeamServer, str]:
    if settings.mongodb_uri:
        uri = settings.mongodb_uri.get_secret_value()
        # The name of the database is the setting's, as ever.
        named, password = parse_server(TeamServer(uri, tls=False))
        return replace(named, database=settings.mongodb_name), password or ""
    address = f"{settings.mongodb_host}:{settings.mongodb_port or 27017}"
    given = settings.mongodb_password
    named = TeamServer(address, settings.mongodb_name, settings.mongodb_user or "", tls=False)
    return named, given.get_secret_value() if given else ""


def _private_client(settings: Settings, address: str) -> MongoClient[Document]:
    login = {**user.LOGIN, "password": settings.private_database_password}
    return MongoClient(uri(address), **login, **OPTIONS)


class _Choice(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(strict=True)
    in_use: bool = Field(default=False, alias="inUse")
    server: TeamServer | None = None


def chosen_server(settings: Settings) -> TeamServer | None:
    """Return the server in use; None for the private database.

    Raises `DatabaseUnavailable` when the choice cannot be read: the private database in its place could
    take in what belongs to the team's.
    """
    try:
        kept = _read(settings)
        if kept.in_use and kept.server is None:
            raise ValueError("no server is named")
    except (ValueError, OSError):
        raise DatabaseUnavailable(
            "{file} does not tell which database to open: it is damaged. Choose the database anew.",
            file=_file(settings),
        ) from None
    return kept.server if kept.in_use else None


def last_chosen(settings: Settings) -> TeamServer | None:
    """Return the server that was in use last, in use or not; None when there was none that can be read."""
    try:
        return _read(settings).server
    except (ValueError, OSError):
        return None


def choose(settings: Settings, server: TeamServer, password: str | None) -> None:
    """Open this server from the next start on; None leaves the password as it is kept.

    Raises `ConnectionRefused`, and `secret_store.DataFolderRefused` when nothing can be kept.
    """
    _save(settings, validate_server(server), password, in_use=True)


def remember(settings: Settings, server: TeamServer, password: str | None) -> None:
    """Keep the server for another time; which database is opened stays as it is."""
    _save(settings, validate_server(server), password, in_use=chosen_server(settings) is not None)


def choose_private(settings: Settings) -> None:
    """Open the private database from the next start on; the server is kept for another time."""
    server = last_chosen(settings)
    if server is None:
        _file(settings).unlink(missing_ok=True)
    else:
        _write(settings, server, in_use=False)


def password_of(settings: Settings, server: TeamServer) -> str:
    """Return the password for that user of that server; empty where this installation knows none."""
    return secret_store.kept(settings.data_dir, _secret_name(server)) or ""


def _read(settings: Settings) -> _Choice:
    """Read the choice. Raises `ValueError`, `OSError` and `OwnershipRefused`."""
    file = _file(settings)
    require_own(file)
    return _Choice.model_validate_json(file.read_bytes()) if file.exists() else _Choice()


def _save(settings: Settings, server: TeamServer, password: str | None, in_use: bool) -> None:
    if password is not None:
        secret_store.keep(settings.data_dir, _secret_name(server), password)
    _write(settings, server, in_use)


def _write(settings: Settings, server: TeamServer, in_use: bool) -> None:
    secret_store.writable(settings.data_dir)
    with whole_file(_file(settings), ConnectionRefused) as draft:
        draft.write_text(json.dumps({"inUse": in_use, "server": asdict(server)}, indent=1), encoding="utf-8")


def _file(settings: Settings) -> Path:
    return settings.data_dir / "connection.json"


def _secret_name(server: TeamServer) -> str:
    # With the server in it: a password is never offered to another server than it was typed for.
    return f"database {server.user}@{','.join(server.hosts)}"


@dataclass(frozen=True)
class Location:
    """The database that is open."""

    said_by: Literal["environment", "choice", "nobody"]
    database: str
    server: Server
    named: TeamServer | None
    """The team's server; None for the private database."""
    exposed: bool
    """Whether what is sent to it can be read on its way."""
    folder: Path
    """Of the private database, in use or not."""
    size: int
    """What the private database takes of the disk, in bytes."""


def location(db: Database[Document], settings: Settings) -> Location:
    """Describe where a database lives that `opened` gave. Raises `DatabaseUnavailable`."""
    where = place(settings)
    folder = settings.data_dir / "database"
    return Location(
        said_by=where.said_by,
        database=db.name,
        server=describe(db.client),
        named=where.server,
        exposed=where.server is not None and is_exposed(where.server),
        folder=folder,
        size=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    )
