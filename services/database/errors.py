"""Errors of the database: what they are called, which of them mean a disconnect, and the retry after one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from services.errors import LoadlensError
from services.progress import Progress, silent

DISCONNECT_CODES = frozenset({6, 7, 89, 91, 134, 189, 211, 262, 9001, 10107, 11600, 11602, 13435, 13436})
"""Codes by which a server says that it is going away, or is not the primary any more, or not quite yet: 211
until a new one has read the keys that the time of a set is signed with."""

RETRY_SECONDS = 60
SECONDS_BETWEEN_RETRIES = 0.5
RETRY_STAGE = "Waiting for the database"

Result = TypeVar("Result")


class DatabaseUnavailable(LoadlensError):
    """The database cannot be started, reached or used."""


class ConnectionLost(DatabaseUnavailable):
    """The database was there and does not answer now; what was asked of it may be asked again."""


def is_disconnect(error: BaseException) -> bool:
    """Return whether the driver or the server says that there is no connection, or no primary, just now."""
    from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure  # not for the first paint

    if isinstance(error, BulkWriteError):
        errors = [*error.details.get("writeErrors", []), *error.details.get("writeConcernErrors", [])]
        return any(one.get("code") in DISCONNECT_CODES for one in errors)
    if isinstance(error, OperationFailure):
        return error.code in DISCONNECT_CODES
    return isinstance(error, ConnectionFailure | ConnectionLost)


@contextmanager
def disconnects_named() -> Iterator[None]:
    """Raise `ConnectionLost` in the place of whatever the driver calls a lost connection."""
    try:
        yield
    except ConnectionLost:
        raise
    except Exception as error:
        if is_disconnect(error):
            raise connection_lost() from error
        raise


def connection_lost() -> ConnectionLost:
    """Return the error for whoever waited for an answer."""
    return ConnectionLost(
        "The connection to the database was lost before this was confirmed as done. "
        "Try again when it is back."
    )


def retry_on_disconnect(work: Callable[..., Result], *args: object, progress: Progress = silent) -> Result:
    """Call ``work(*args)``, which may be done twice, again for a minute while there is no connection.

    Raises what the driver raised last, and whatever ``progress`` raises.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed  # not for the first paint

    retrying = Retrying(
        retry=retry_if_exception(is_disconnect),
        stop=stop_after_delay(RETRY_SECONDS),
        wait=wait_fixed(SECONDS_BETWEEN_RETRIES),
        before_sleep=lambda _: progress(RETRY_STAGE, 0, 1),
        reraise=True,
    )
    return retrying(work, *args)
