"""A team's database server as a user names it: parsed, validated, connected to, or why it cannot be."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from pymongo import MongoClient
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.uri_parser import parse_uri

from services.database.errors import DatabaseUnavailable
from services.errors import LoadlensError
from services.messages import N_
from services.scope import Document
from services.settings import is_database_name

DATABASE = "power_consumption_db"
SRV = "mongodb+srv://"
UNCHECKED = {"tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames"}

OPTIONS: dict[str, Any] = {
    "tz_aware": True,
    "appname": "loadlens",
    # Nothing hangs for longer than some seconds: neither on a server that is not there, nor on one that
    # fell silent, of which the driver's own looks at it tell.
    "serverSelectionTimeoutMS": 5000,
    "connectTimeoutMS": 5000,
    "heartbeatFrequencyMS": 2000,
    # An acknowledged write survives the death of the server.
    "w": "majority",
    "journal": True,
}


class ConnectionRefused(LoadlensError):
    """A field of the connection cannot be used."""


@dataclass(frozen=True)
class TeamServer:
    """All but the password, which is never read back out of where secrets are kept."""

    address: str
    """Names and ports, separated by commas, or a mongodb:// address with its options."""
    database: str = DATABASE
    user: str = ""
    """Empty where the server wants no sign-in."""
    tls: bool = True
    ca_file: str = ""
    """Who vouches for the server's certificate; empty for those whom this machine trusts."""
    client_file: str = ""
    """Certificate and key of this machine, where the server asks for one."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names and ports alone, fit to be shown."""
        return tuple(
            self.address.partition("://")[2 if "://" in self.address else 0].split("/")[0].split(",")
        )

    @property
    def options(self) -> dict[str, str]:
        """What the address says beyond names and ports, by the option's name in lower case."""
        query = self.address.partition("?")[2]
        return {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}


def parse_server(server: TeamServer) -> tuple[TeamServer, str | None]:
    """Parse a pasted mongodb:// address, each part into its field; its password, if it has one, apart."""
    text = server.address.strip()
    if "://" not in text:
        if not re.search("[@/?]", text):
            return replace(server, address=text), None
        text = f"mongodb://{text}"
    scheme, _, rest = text.partition("://")
    # Up to the last @, even in an address that is written wrongly: no password may stay in it.
    login, signs_in, rest = rest.rpartition("@")
    user, _, password = login.partition(":")
    places, _, query = rest.partition("?")
    hosts, _, database = places.partition("/")
    said = dict(parse_qsl(query, keep_blank_values=True))
    if database and login:
        said.setdefault("authSource", database)
    ca_file, client_file = _pop_option(said, "tlscafile"), _pop_option(said, "tlscertificatekeyfile")
    encrypted = scheme.lower() == "mongodb+srv" or bool(ca_file or client_file)
    found = replace(
        server,
        database=unquote_plus(database) or server.database,
        user=unquote_plus(user) if signs_in else server.user,
        tls=_tls(said, encrypted or (server.tls and not _are_local(hosts.split(",")))),
        ca_file=ca_file or server.ca_file,
        client_file=client_file or server.client_file,
    )
    options = f"/?{urlencode(said, safe=':,/')}" if said else ""
    plain = scheme.lower() == "mongodb" and not options
    address = hosts if plain else f"{scheme}://{hosts}{options or '/'}"
    return replace(found, address=address), unquote_plus(password) if password else None


def validate_server(server: TeamServer) -> TeamServer:
    """Return the server without blanks around what was typed. Raises `ConnectionRefused`."""
    server = replace(
        server,
        address=server.address.strip(),
        database=server.database.strip(),
        user=server.user.strip(),
        ca_file=server.ca_file.strip(),
        client_file=server.client_file.strip(),
    )
    _check_address(server)
    name = server.database
    if not is_database_name(name):
        raise ConnectionRefused(
            "“{name}” cannot be the name of the database. Use letters, digits, - and _.", name=name
        )
    for file in (server.ca_file, server.client_file):
        if file and not Path(file).is_file():
            raise ConnectionRefused("The file {file} is not there. Choose the one you were given.", file=file)
    if server.user and is_exposed(server) and server.options.get("tls") != "false":
        raise ConnectionRefused(
            "Without TLS the password and every reading could be read on their way to {host}. Turn TLS on. "
            "(Where the network itself is protected, end the address with /?tls=false.)",
            host=server.hosts[0],
        )
    return server


def is_exposed(server: TeamServer) -> bool:
    """Return whether what is sent there can be read on its way."""
    return not server.tls and not _are_local(server.hosts)


def is_local(host: str) -> bool:
    """Return whether a name, with or without a port, never leaves this machine."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 or "]" in host else host
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name.casefold() == "localhost"


def connect(server: TeamServer, password: str, **more: Any) -> MongoClient[Document]:
    """Return a client of the server; what its address says goes before our own options.

    Raises `ConnectionRefused` for an address or a certificate file that cannot be used.
    """
    if server.user and not password and "authmechanism" not in server.options:
        raise ConnectionRefused("Enter the password of {user}.", user=server.user)
    options: dict[str, Any] = {**OPTIONS, **more}
    arguments = {name: options[name] for name in options if name.lower() not in server.options}
    arguments["tls"] = server.tls
    if server.user:
        arguments |= {"username": server.user, "password": password or None}
    if server.tls and server.ca_file:
        arguments["tlsCAFile"] = server.ca_file
    if server.tls and server.client_file:
        arguments["tlsCertificateKeyFile"] = server.client_file
    try:
        return MongoClient(_uri(server), **arguments)
    except (ConfigurationError, InvalidURI, ValueError, OSError) as error:
        raise unusable(server.hosts[0], error) from None


def unusable(address: str, error: Exception) -> ConnectionRefused:
    """Return why not even an attempt to connect can be made."""
    if "DNS" in str(error):
        return ConnectionRefused(
            "The name {address} is known to nobody on this network. Check how it is written, and that "
            "this machine is online.",
            address=address,
        )
    return ConnectionRefused(
        "The address of the database server cannot be used: {reason}. "
        "Write it like db.example.com:27017, or mongodb://user:password@server:27017/.",
        reason=str(error).split(" Hint:")[0].rstrip("."),
    )


def _check_address(server: TeamServer) -> None:
    if not server.address or not all(server.hosts):
        raise ConnectionRefused("Enter the address of the server, such as db.example.com:27017.")
    if UNCHECKED & server.options.keys():
        raise ConnectionRefused(
            "Loadlens always checks who a server is. Take {options} out of the address, and choose the "
            "CA file that the server's certificate is signed with.",
            options=", ".join(sorted(UNCHECKED & server.options.keys())),
        )
    if server.address.startswith(SRV):
        return  # its names are asked for when it connects
    try:
        parse_uri(_uri(server))
    except (ConfigurationError, InvalidURI, ValueError) as error:
        raise unusable(server.address, error) from None


def _uri(server: TeamServer) -> str:
    return server.address if "://" in server.address else f"mongodb://{server.address}/"


def _tls(said: dict[str, str], otherwise: bool) -> bool:
    """What the address says of TLS; ``tls=false`` stays in it, as the word of whoever wrote it."""
    value = (_pop_option(said, "tls") or _pop_option(said, "ssl")).lower()
    if value == "false":
        said["tls"] = "false"
    return value == "true" if value else otherwise


def _are_local(hosts: Iterable[str]) -> bool:
    return all(is_local(host) for host in hosts)


def _pop_option(said: dict[str, str], option: str) -> str:
    """The value of an option, which is said no more."""
    for name in said:
        if name.lower() == option:
            return said.pop(name)
    return ""


UNAUTHORIZED = 13
AUTHENTICATION_FAILED = 18
MECHANISM_UNAVAILABLE = 334
"""Of a user whom the server does not know the driver tries another mechanism, which may be turned off."""

UNKNOWN_NAME = N_(
    "The database server {address} does not answer: its name is known to nobody on this network. "
    "Check how it is written, and that this machine is online."
)
NOBODY_THERE = N_(
    "The database server {address} does not answer: nothing listens there. "
    "Check the address and the port, and that the server runs."
)
SILENCE = N_(
    "The database server {address} does not answer. Check that it runs and that this machine reaches it: "
    "network, VPN, firewall."
)
CERTIFICATE_EXPIRED = N_(
    "The certificate of {address} has expired. Have it renewed, and check this machine's clock."
)
CERTIFICATE_OF_ANOTHER = N_(
    "The certificate shown by {address} is for another name. Write the address as the certificate has it, "
    "or have one made for this address."
)
CERTIFICATE_UNKNOWN = N_(
    "Nobody whom this machine trusts vouches for the certificate of {address}. Choose the CA file that "
    "whoever looks after the server gave you."
)
NO_TLS_THERE = N_(
    "The database server {address} and this machine do not agree on TLS ({reason}). Have TLS set up on the "
    "server, or choose the client certificate if it asks for one."
)
HUNG_UP = N_("The database server {address} hung up: it probably wants TLS. Turn TLS on.")
NO_PRIMARY = N_(
    "No primary of the replica set at {address} can be reached just now. Wait a moment and try again; "
    "if it stays so, ask whoever looks after it."
)
ANOTHER_SET = N_(
    "The server {address} is not of the replica set that the address names. Take replicaSet out of the "
    "address, or correct it."
)
WRONG_PASSWORD = N_(
    "The database server {address} refused Loadlens: it does not know this user with this password. Type "
    "both again (MONGODB_USER and MONGODB_PASSWORD, if the environment names the server)."
)
NO_RIGHT = N_(
    "The database server {address} refused Loadlens: the user has not every right in {database}. "
    "Ask for the role readWrite on it."
)
UNUSABLE = N_("The database server {address} cannot be used: {reason}.")

SENTENCES = (
    # The driver hands on what the system and OpenSSL say as text alone.
    (r"certificate has expired", CERTIFICATE_EXPIRED),
    (r"certificate is not valid for|doesn't match", CERTIFICATE_OF_ANOTHER),
    (r"CERTIFICATE_VERIFY_FAILED", CERTIFICATE_UNKNOWN),
    (r"\bSSL\b|\[SSL", NO_TLS_THERE),
    (r"getaddrinfo|name resolution|[Nn]ame or service|nodename|No address", UNKNOWN_NAME),
    (r"\[(Errno (61|111)|WinError 10061)\]", NOBODY_THERE),
    (r"connection closed", HUNG_UP),
)


def connection_failure(
    client: MongoClient[Any], error: PyMongoError, address: str, database: str
) -> DatabaseUnavailable:
    """Return the refusal behind what the driver raised."""
    if isinstance(error, OperationFailure):
        return _refused(error, address, database)
    if not isinstance(error, ServerSelectionTimeoutError):
        lost = isinstance(error, ConnectionFailure)
        return DatabaseUnavailable(SILENCE if lost else UNUSABLE, address=address, reason=_reason(error))
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
            sentence = _sentence(str(one.error))
            return DatabaseUnavailable(sentence, address=name, reason=_reason(one.error))
    return DatabaseUnavailable(SILENCE, address=address)


def _refused(error: OperationFailure, address: str, database: str) -> DatabaseUnavailable:
    if error.code in {AUTHENTICATION_FAILED, MECHANISM_UNAVAILABLE}:
        return DatabaseUnavailable(WRONG_PASSWORD, address=address)
    if error.code == UNAUTHORIZED:
        return DatabaseUnavailable(NO_RIGHT, address=address, database=database)
    reason = error.details["errmsg"] if error.details and "errmsg" in error.details else str(error)
    return DatabaseUnavailable(UNUSABLE, address=address, reason=reason.rstrip("."))


def _sentence(told: str) -> str:
    return next((sentence for pattern, sentence in SENTENCES if re.search(pattern, told)), SILENCE)


def _reason(error: BaseException) -> str:
    """What it says without the driver's own figures."""
    said = str(error).split(" (configured", maxsplit=1)[0].split(", Timeout:", maxsplit=1)[0]
    return said.rstrip(".") or type(error).__name__
