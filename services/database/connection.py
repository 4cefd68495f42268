"""Open the database that the environment names, else the one that was chosen, ready for use."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

import pymongo
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.database import readiness
from services.database.private import server, server_version, user
from services.database.private.address import uri
from services.database.team import half_copy
from services.database.team.chosen import chosen, password_of
from services.database.team.failure import failure
from services.database.team.team_server import (
    OPTIONS,
    ConnectionRefused,
    TeamServer,
    connect,
    is_exposed,
    taken_apart,
)
from services.database.unavailable import DatabaseUnavailable
from services.scope import Document
from services.settings import Settings

SECONDS_TO_CLOSE = 1

log = logging.getLogger(__name__)

Prepare = Callable[[Database[Document], Settings], None]

__all__ = ["DatabaseUnavailable", "Place", "opened", "place"]


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
    """Which database is opened. Raises `DatabaseUnavailable` when what was chosen cannot be read."""
    if settings.names_a_server:
        return Place("environment", *_of_environment(settings))
    server = chosen(settings)
    if server is None:
        return Place("nobody", None)
    return Place("choice", server, password_of(settings, server))


@contextmanager
def opened(settings: Settings) -> Iterator[Database[Document]]:
    """The database, with its indexes, as long as the context lasts.

    Raises `DatabaseUnavailable`, and `DataFolderRefused` when the private database has nowhere to live.
    """
    where = place(settings)
    if where.server is None:
        with server.joined(settings) as address, _closed(_private_client(settings, address)) as client:
            yield _ready(client, settings, settings.mongodb_name, address, server_version.finish_upgrade)
        return
    address = where.server.hosts[0]
    if where.server.user and is_exposed(where.server):
        log.warning("what is sent to %s, passwords too, is not encrypted", address)
    with _closed(_team_client(where.server, where.password)) as client:
        yield _ready(client, settings, where.server.database, address)


def _ready(
    client: MongoClient[Document], settings: Settings, name: str, address: str, *more: Prepare
) -> Database[Document]:
    database = client[name]
    try:
        half_copy.require_whole(database)
        for prepare in (readiness.prepare, *more):
            prepare(database, settings)
    except PyMongoError as error:
        raise failure(client, error, address, name) from None
    return database


@contextmanager
def _closed(client: MongoClient[Document]) -> Iterator[MongoClient[Document]]:
    """The client as long as the context lasts, whose farewell waits for no server that is away."""
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
        named, password = taken_apart(TeamServer(uri, tls=False))
        return replace(named, database=settings.mongodb_name), password or ""
    address = f"{settings.mongodb_host}:{settings.mongodb_port or 27017}"
    given = settings.mongodb_password
    named = TeamServer(address, settings.mongodb_name, settings.mongodb_user or "", tls=False)
    return named, given.get_secret_value() if given else ""


def _private_client(settings: Settings, address: str) -> MongoClient[Document]:
    login = {**user.LOGIN, "password": settings.private_database_password}
    return MongoClient(uri(address), **login, **OPTIONS)
