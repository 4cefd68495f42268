"""The one error of opening a database, and what it is called when an open one goes away."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.errors import LoadlensError

PASSING = frozenset({6, 7, 89, 91, 134, 189, 211, 262, 9001, 10107, 11600, 11602, 13435, 13436})
"""Codes by which a server says that it is going away, or is not the primary any more, or not quite yet: 211
until a new one has read the keys that the time of a set is signed with."""


class DatabaseUnavailable(LoadlensError):
    """The database cannot be started, reached or used."""


class ConnectionLost(DatabaseUnavailable):
    """The database was there and does not answer now; what was asked of it may be asked again."""


def is_loss(error: BaseException) -> bool:
    """Whether the driver or the server says that there is no connection, or no primary, just now."""
    from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure  # not for the first paint

    if isinstance(error, BulkWriteError):
        told = [*error.details.get("writeErrors", []), *error.details.get("writeConcernErrors", [])]
        return any(one.get("code") in PASSING for one in told)
    if isinstance(error, OperationFailure):
        return error.code in PASSING
    return isinstance(error, ConnectionFailure | ConnectionLost)


@contextmanager
def losses_named() -> Iterator[None]:
    """Whatever the driver calls a lost connection becomes a `ConnectionLost`."""
    try:
        yield
    except ConnectionLost:
        raise
    except Exception as error:
        if is_loss(error):
            raise lost() from error
        raise


def lost() -> ConnectionLost:
    """In words for whoever waited for an answer."""
    return ConnectionLost(
        "The connection to the database was lost before this was confirmed as done. "
        "Try again when it is back."
    )
