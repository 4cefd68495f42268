"""Move the private database onto a team's server, whole and compared, or open another from now on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import audit, database
from services.accounts import require_keeper
from services.database import Holding, Inspection, TeamServer, inspection, locks, schema
from services.database.errors import connection_lost, is_disconnect
from services.database.private.server import other_clients_running
from services.database.team_server import connection_failure
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.server_migration.transfer import (
    Advance,
    Checksum,
    Raw,
    checksums,
    copy,
    raw_collection,
    repair,
    write_count,
)
from services.settings import Settings
from services.typed import typed

NOT_MOVED = {"sessions", locks.COLLECTION, inspection.COPY_COLLECTION}
"""Everybody signs in anew; locks, and the mark of a partial copy, belong to the database itself."""
PASSING = (schema.INCOMING, "restoring_", "system.")
ATTEMPTS = 5
COPYING, COMPARING = "Copying to the server", "Comparing with the server"


class MoveRefused(LoadlensError):
    """The database cannot be moved there, or not now."""


@dataclass(frozen=True)
class Moved:
    """What was moved and found equal on both sides."""

    checksums: dict[str, Checksum]
    """By collection."""

    @property
    def documents(self) -> int:
        """How many there are in all."""
        return sum(found.documents for found in self.checksums.values())


@typed
def move(
    scope: Scope, settings: Settings, server: TeamServer, password: str, progress: Progress = silent
) -> Moved:
    """Copy every collection to the server, compare them, and open the server from now on.

    A move that was cancelled or died goes on where it stopped. The private database stays as it is; until
    the end it is the one in use. Raises `NotAllowed`, `MoveRefused`, `ConnectionRefused`,
    `DatabaseUnavailable`, and whatever ``progress`` raises.
    """
    require_keeper(scope)
    server = database.validate_server(server)
    _require_quiet(scope.db, settings)
    holding = database.inspect(server, password).holding
    _require_room(holding, server.database, settings)
    database.remember(settings, server, password)
    with locks.exclusive_lock(scope.db, progress) as lock, _connected(server, password) as target:
        inspection.begin_copy(target, source_of(settings))
        moved = _synchronize(scope.db, target, progress)
        lock.require()
        _require_quiet(scope.db, settings)
        owner = scope.db["users"].find_one({"_id": scope.user_id}, {"email": True})
        detail = {"documents": moved.documents, "from": source_of(settings)}
        email = owner["email"] if owner else ""
        audit.record(target, "database.moved", by=scope.user_id, email=email, detail=detail)
        inspection.mark_copy_complete(target)
    database.choose(settings, server, password)
    return moved


@typed
def drop_copy(scope: Scope, settings: Settings, server: TeamServer, password: str) -> None:
    """Forget the half copy of this database that a move has left there.

    Raises `NotAllowed`, and `MoveRefused` when what is there is no half copy of this database.
    """
    require_keeper(scope)
    with _connected(database.validate_server(server), password) as target:
        mark = inspection.partial_copy(target)
        if mark is None or mark.source != source_of(settings):
            raise MoveRefused("There is no half copy of this database. Nothing was dropped.")
        # The mark goes last: what is left of a half copy must not pass for a database.
        for name in target.list_collection_names():
            if name != inspection.COPY_COLLECTION and not name.startswith("system."):
                target[name].drop()
        inspection.unmark_copy(target)


def _synchronize(source: Database[Document], target: Database[Document], progress: Progress) -> Moved:
    """Copy, and compare until nothing was written any more while it was compared."""
    names = _collections(source)
    for name in _collections(target):
        if name not in names:  # it was there when an earlier move was stopped
            target[name].drop()
    advance = _advancing(source, names, progress, COPYING)
    for name in names:
        if name not in target.list_collection_names(filter={"name": name}):
            schema.create_collection(target, name)
        copy(raw_collection(source, name), raw_collection(target, name), advance)
    progress("Making the indexes", 0, 1)
    schema.create_indexes(target)
    return Moved(_compared(source, target, progress))


def _compared(
    source: Database[Document], target: Database[Document], progress: Progress
) -> dict[str, Checksum]:
    """The sums of all collections once both sides are equal."""
    found: dict[str, Checksum] = {}
    seen: dict[str, int] = {}
    for _ in range(ATTEMPTS):
        names = [name for name in _collections(source) if seen.get(name) != write_count(source, name)]
        if not names:
            return found
        advance = _advancing(source, names, progress, COMPARING)
        for name in names:
            seen[name] = write_count(source, name)
            found[name] = _equalize(raw_collection(source, name), raw_collection(target, name), advance)
    raise _never_equal()


def _equalize(source: Raw, target: Raw, advance: Advance) -> Checksum:
    for _ in range(ATTEMPTS):
        ours, theirs = checksums(source, target, advance)
        if ours == theirs:
            return ours
        repair(source, target)
    raise _never_equal()


def _never_equal() -> MoveRefused:
    return MoveRefused(
        "The database is written to all the time, so the copy never equals it. Close the other programs "
        "that use it and move again: what is copied stays."
    )


def _advancing(source: Database[Document], names: list[str], progress: Progress, stage: str) -> Advance:
    """Documents of all these collections as one stage."""
    total = max(1, sum(source[name].estimated_document_count() for name in names))
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        progress(stage, min(done, total), total)

    advance(0)
    return advance


def _collections(db: Database[Document]) -> list[str]:
    return [name for name in sorted(db.list_collection_names()) if _is_moved(name)]


def _is_moved(name: str) -> bool:
    return name not in NOT_MOVED and not name.startswith(PASSING)


def _require_quiet(source: Database[Document], settings: Settings) -> None:
    """Raises `MoveRefused` unless it is the private database, and this program's alone."""
    if not database.place(settings).is_private:
        raise MoveRefused(
            "The data lives on a server already. Only the private database of this computer is moved."
        )
    if other_clients_running(settings.data_dir / "clients"):
        raise MoveRefused(
            "Another Loadlens on this computer uses the database, perhaps one that watches a folder. "
            "End it, and move again."
        )
    if source["imports"].find_one({"state": {"$in": ["running", "undoing"]}}):
        raise MoveRefused("An import is running. Wait until it is done, and move then.")


def _require_room(holding: Holding, database_name: str, settings: Settings) -> None:
    """Raises `MoveRefused` unless there is nothing there but what an earlier move has left."""
    if holding.kind == "loadlens":
        raise MoveRefused(
            "The database {name} there is a Loadlens database already ({accounts} accounts, {readings} "
            "readings). Use it as it is, or enter another name for the database to move to.",
            name=database_name,
            accounts=holding.accounts,
            readings=holding.readings,
        )
    if holding.kind == "something else":
        raise MoveRefused(
            "The database {name} there holds something else. Enter another name for the database.",
            name=database_name,
        )
    if holding.copy and holding.copy.source != source_of(settings):
        raise MoveRefused(
            "The database {name} there is half a copy of the one on {source}. Finish that move, or enter "
            "another name for the database.",
            name=database_name,
            source=holding.copy.source,
        )


@contextmanager
def _connected(server: TeamServer, password: str) -> Iterator[Database[Document]]:
    """The database on the server; what the driver raises becomes `DatabaseUnavailable`."""
    with database.connect(server, password) as client:
        try:
            yield client[server.database]
        except PyMongoError as error:
            if is_disconnect(error) and _is_reachable(client):
                raise connection_lost() from None  # it is the private database that went away
            raise connection_failure(client, error, server.hosts[0], server.database) from None


def _is_reachable(client: MongoClient[Document]) -> bool:
    try:
        return bool(client.admin.command("ping")["ok"])
    except PyMongoError:
        return False


def source_of(settings: Settings) -> str:
    """Return what a copy of this installation's private database calls its source."""
    return f"{socket.gethostname()}, {settings.data_dir.absolute()}"


@typed
def try_server(scope: Scope, server: TeamServer, password: str) -> Inspection:
    """Return what the server is and lets Loadlens do.

    Raises `NotAllowed`, and `ConnectionRefused` or `DatabaseUnavailable` with what is wrong.
    """
    require_keeper(scope)
    return database.inspect(server, password)


@typed
def use_server(scope: Scope, settings: Settings, server: TeamServer, password: str) -> None:
    """Open the team's server from now on, with what is there.

    Raises `NotAllowed`, and what `database.require_usable` raises: nothing is chosen that cannot be opened.
    """
    require_keeper(scope)
    database.require_usable(server, password)
    database.choose(settings, server, password)
    audit.record_for(scope, "settings.changed", "database", {"server": ",".join(server.hosts)})


def use_private(scope: Scope, settings: Settings) -> None:
    """Open the private database from now on. Raises `NotAllowed`."""
    require_keeper(scope)
    database.choose_private(settings)
    audit.record_for(scope, "settings.changed", "database", {"server": "private"})
