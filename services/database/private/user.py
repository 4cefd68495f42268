"""The one user of the private database: made in a new folder, signed in with, given a new password."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services import secret_store
from services.database.errors import DatabaseUnavailable
from services.database.private import address as addresses

NAME = "loadlens"
LOGIN: dict[str, Any] = {"username": NAME, "authSource": "admin", "authMechanism": "SCRAM-SHA-256"}
"""A way to sign in that tells nobody the password: neither who listens on the way nor the server."""
RETIRED = "privateDatabasePassword"
"""The secret of earlier versions, which sent it to whoever had taken the server's port."""
NEW = "database.new"
"""Beside a database that is being made: who died meanwhile has left it without its user."""
AUTHENTICATION_FAILED, UNAUTHORIZED, ALREADY_THERE = 18, 13, 51003
ON_DISK = {"w": 1, "j": True}


def is_new(folder: Path) -> bool:
    """Return whether the database of the data folder has not had its user yet."""
    return (folder / NEW).exists()


def note_if_new(folder: Path) -> None:
    """Note that there is no database yet, before a server makes one."""
    store = folder / "database"
    if not any(next(store.glob(made), None) for made in ("WiredTiger*", "*.wt", "storage.bson")):
        (folder / NEW).touch()


def admit(folder: Path, address: str, pid: int, password: str) -> None:
    """Let the server take the password: make the user in a new folder, replace a retired one.

    Whoever is killed meanwhile leaves both passwords in the file, of which the next start finds the right
    one. Raises `DatabaseUnavailable` when the server takes none.
    """
    retired = secret_store.find(folder, RETIRED)
    if is_new(folder):
        _create(address, pid, password)
    if _takes(address, password):
        pass
    elif retired and _takes(address, retired):
        _replace(address, pid, retired, password)
    else:
        raise DatabaseUnavailable(
            "The private database does not accept this installation's password: secrets.json in the data "
            "folder was replaced or lost. Put the old file back, or move the folder 'database' away to "
            "start afresh."
        )
    (folder / NEW).unlink(missing_ok=True)
    if retired:
        secret_store.forget(folder, RETIRED)


def client(address: str, password: str | None) -> MongoClient[dict[str, Any]]:
    """Return a client of the server, signed in if a password is given."""
    login = {**LOGIN, "password": password} if password else {}
    return MongoClient(
        addresses.uri(address), directConnection=True, serverSelectionTimeoutMS=2000, maxPoolSize=1, **login
    )


def _takes(address: str, password: str) -> bool:
    try:
        with client(address, password) as signed_in:
            signed_in.admin.command("ping")
    except OperationFailure as error:
        if error.code != AUTHENTICATION_FAILED:
            raise
        return False
    return True


def _create(address: str, pid: int, password: str) -> None:
    """Make the user; the server lets the first be made without signing in, and no other."""
    with client(address, None) as nobody:
        try:
            _send_password(nobody, address, pid, "createUser", password, roles=["root"])
        except OperationFailure as error:
            if error.code not in {UNAUTHORIZED, ALREADY_THERE}:  # it was made before
                raise


def _replace(address: str, pid: int, retired: str, password: str) -> None:
    with client(address, retired) as signed_in:
        _send_password(signed_in, address, pid, "updateUser", password)


def _send_password(
    there: MongoClient[dict[str, Any]], address: str, pid: int, command: str, password: str, **more: Any
) -> None:
    """The two commands that hold the password itself: only for our own server's ears."""
    there.admin.command("ping")
    if not addresses.are_connections_of(address, pid):
        raise DatabaseUnavailable(
            "Another program listens in the place of the private database at {address}. It was told nothing. "
            "Start Loadlens again, and have this machine looked at if it happens anew.",
            address=address,
        )
    there.admin.command(
        command, NAME, pwd=password, mechanisms=["SCRAM-SHA-256"], writeConcern=ON_DISK, **more
    )
