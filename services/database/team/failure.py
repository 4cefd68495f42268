"""Why a database server cannot be used, in one sentence that says what to do."""

import re
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError, ServerSelectionTimeoutError

from services.database.unavailable import DatabaseUnavailable

UNAUTHORIZED = 13
AUTHENTICATION_FAILED = 18
MECHANISM_UNAVAILABLE = 334
"""Of a user whom the server does not know the driver tries another mechanism, which may be turned off."""

UNKNOWN_NAME = (
    "The database server {address} does not answer: its name is known to nobody on this network. "
    "Check how it is written, and that this machine is online."
)
NOBODY_THERE = (
    "The database server {address} does not answer: nothing listens there. "
    "Check the address and the port, and that the server runs."
)
SILENCE = (
    "The database server {address} does not answer. Check that it runs and that this machine reaches it: "
    "network, VPN, firewall."
)
CERTIFICATE_EXPIRED = (
    "The certificate of {address} has expired. Have it renewed, and check this machine's clock."
)
CERTIFICATE_OF_ANOTHER = (
    "The certificate shown by {address} is for another name. Write the address as the certificate has it, "
    "or have one made for this address."
)
CERTIFICATE_UNKNOWN = (
    "Nobody whom this machine trusts vouches for the certificate of {address}. Choose the CA file that "
    "whoever looks after the server gave you."
)
NO_TLS_THERE = (
    "The database server {address} and this machine do not agree on TLS ({reason}). Have TLS set up on the "
    "server, or choose the client certificate if it asks for one."
)
HUNG_UP = "The database server {address} hung up: it probably wants TLS. Turn TLS on."
NO_PRIMARY = (
    "No primary of the replica set at {address} can be reached just now. Wait a moment and try again; "
    "if it stays so, ask whoever looks after it."
)
ANOTHER_SET = (
    "The server {address} is not of the replica set that the address names. Take replicaSet out of the "
    "address, or correct it."
)
WRONG_PASSWORD = (
    "The database server {address} refused Loadlens: it does not know this user with this password. Type "
    "both again (MONGODB_USER and MONGODB_PASSWORD, if the environment names the server)."
)
NO_RIGHT = (
    "The database server {address} refused Loadlens: the user has not every right in {database}. "
    "Ask for the role readWrite on it."
)
UNUSABLE = "The database server {address} cannot be used: {reason}."

TOLD = (
    # The driver hands on what the system and OpenSSL say as text alone.
    (r"certificate has expired", CERTIFICATE_EXPIRED),
    (r"certificate is not valid for|doesn't match", CERTIFICATE_OF_ANOTHER),
    (r"CERTIFICATE_VERIFY_FAILED", CERTIFICATE_UNKNOWN),
    (r"\bSSL\b|\[SSL", NO_TLS_THERE),
    (r"getaddrinfo|name resolution|[Nn]ame or service|nodename|No address", UNKNOWN_NAME),
    (r"\[(Errno (61|111)|WinError 10061)\]", NOBODY_THERE),
    (r"connection closed", HUNG_UP),
)


def failure(
    client: MongoClient[Any], error: PyMongoError, address: str, database: str
) -> DatabaseUnavailable:
    """The refusal behind what the driver raised."""
    if isinstance(error, OperationFailure):
        return _refused(error, address, database)
    if not isinstance(error, ServerSelectionTimeoutError):
        lost = isinstance(error, ConnectionFailure)
        return DatabaseUnavailable(SILENCE if lost else UNUSABLE, address=address, reason=_short(error))
    seen = client.topology_description.server_descriptions().values()
    if not seen:
        return DatabaseUnavailable(ANOTHER_SET, address=address)
    if any(one.server_type_name == "RSSecondary" for one in seen):
        return DatabaseUnavailable(NO_PRIMARY, address=address)
    for one in seen:
        if one.error is not None:
            # A member of a replica set calls itself by a name of its own, which may be the one to mend.
            host, port = one.address
            name = host if port is None else f"{host}:{port}"
            return DatabaseUnavailable(_sentence(str(one.error)), address=name, reason=_short(one.error))
    return DatabaseUnavailable(SILENCE, address=address)


def _refused(error: OperationFailure, address: str, database: str) -> DatabaseUnavailable:
    if error.code in {AUTHENTICATION_FAILED, MECHANISM_UNAVAILABLE}:
        return DatabaseUnavailable(WRONG_PASSWORD, address=address)
    if error.code == UNAUTHORIZED:
        return DatabaseUnavailable(NO_RIGHT, address=address, database=database)
    reason = error.details["errmsg"] if error.details and "errmsg" in error.details else str(error)
    return DatabaseUnavailable(UNUSABLE, address=address, reason=reason.rstrip("."))


def _sentence(told: str) -> str:
    return next((sentence for pattern, sentence in TOLD if re.search(pattern, told)), SILENCE)


def _short(error: BaseException) -> str:
    """What it says without the driver's own figures."""
    said = str(error).split(" (configured", maxsplit=1)[0].split(", Timeout:", maxsplit=1)[0]
    return said.rstrip(".") or type(error).__name__
