"""Open the database that the settings name, ready for use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from services.database import mongod, schema, server
from services.database.unavailable import DatabaseUnavailable
from services.scope import Document
from services.settings import Settings

OPTIONS: dict[str, Any] = {
    "tz_aware": True,
    "appname": "loadlens",
    "serverSelectionTimeoutMS": 5000,
    # An acknowledged write survives the death of the server.
    "w": "majority",
    "journal": True,
}

__all__ = ["DatabaseUnavailable", "opened"]


@contextmanager
def opened(settings: Settings) -> Iterator[Database[Document]]:
    """The database, with its indexes, as long as the context lasts.

    Raises `DatabaseUnavailable`, and `DataFolderRefused` when the private database has nowhere to live.
    """
    if settings.mongodb_uri or settings.mongodb_host:
        with _configured_client(settings) as client:
            yield _ready(client, settings)
    else:
        with server.joined(settings) as port, _private_client(settings, port) as client:
            yield _ready(client, settings)


def _ready(client: MongoClient[Document], settings: Settings) -> Database[Document]:
    database = client[settings.mongodb_name]
    try:
        schema.prepare(database)
    except OperationFailure as error:
        raise DatabaseUnavailable(
            "The database server refused Loadlens: {reason}. Check MONGODB_USER and MONGODB_PASSWORD, "
            "or the user's rights on {name}.",
            reason=error.details["errmsg"] if error.details else str(error),
            name=settings.mongodb_name,
        ) from None
    except PyMongoError as error:
        raise DatabaseUnavailable(
            "The database server at {address} does not answer ({reason}). Check that it runs and that "
            "this machine reaches it, or remove MONGODB_URI and MONGODB_HOST to use the private database.",
            address=_address(settings),
            reason=str(error).split(",", maxsplit=1)[0].split(" (configured", maxsplit=1)[0],
        ) from None
    return database


def _configured_client(settings: Settings) -> MongoClient[Document]:
    try:
        if settings.mongodb_uri:
            uri = settings.mongodb_uri.get_secret_value()
            said = {option.lower() for option in parse_uri(uri)["options"]}
            return MongoClient(uri, **{name: OPTIONS[name] for name in OPTIONS if name.lower() not in said})
        password = settings.mongodb_password
        return MongoClient(
            settings.mongodb_host,
            settings.mongodb_port or 27017,
            username=settings.mongodb_user,
            password=password.get_secret_value() if password else None,
            **OPTIONS,
        )
    except (ConfigurationError, InvalidURI, ValueError) as error:
        raise DatabaseUnavailable(
            "MONGODB_URI or MONGODB_HOST cannot be used: {reason}. "
            "Write it like mongodb://user:password@server:27017/.",
            reason=error,
        ) from None


def _private_client(settings: Settings, port: int) -> MongoClient[Document]:
    return MongoClient(
        "127.0.0.1",
        port,
        username=mongod.USER,
        password=settings.private_database_password,
        **OPTIONS,
    )


def _address(settings: Settings) -> str:
    if settings.mongodb_uri:
        # Never the part before the @: it holds the password.
        return settings.mongodb_uri.get_secret_value().split("//")[-1].split("@")[-1].split("/")[0]
    return f"{settings.mongodb_host or '127.0.0.1'}:{settings.mongodb_port or 27017}"
