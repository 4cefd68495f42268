"""The private database onto a server: whole and compared, or not at all."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from bson import ObjectId
from pymongo.database import Database

from services import accounts, database, devices, server_migration
from services.database import ConnectionRefused, DatabaseUnavailable, TeamServer, inspection, opened
from services.progress import Cancelled
from services.scope import Document, Scope
from services.server_migration import MoveRefused, transfer
from services.settings import Settings

PASSWORD = "correct horse battery"
READINGS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a private server of its own."""
    folder = tmp_path_factory.mktemp("private")
    with opened(Settings(_env_file=None, loadlens_data_dir=folder)):
        yield folder


@pytest.fixture
def private(folder: Path) -> Iterator[tuple[Scope, Settings]]:
    """Ada alone with a private database that holds something of each kind."""
    name = f"private_{uuid.uuid4().hex[:12]}"
    settings = Settings(_env_file=None, loadlens_data_dir=folder, mongodb_name=name)
    with opened(settings) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", PASSWORD)
        scope = accounts.scope_of(db, user.email)
        chiller = ObjectId(devices.add_device(scope, "Chiller", None, 12_000))
        db["consumption_data"].insert_many(
            [scope.owned({"deviceId": chiller, "date": n, "consumption": n / 7}) for n in range(READINGS)]
        )
        yield scope, settings
    (folder / "connection.json").unlink(missing_ok=True)


@pytest.fixture
def server(db: Database[Document], settings: Settings, server_address: str) -> tuple[TeamServer, str]:
    """A team's server with nothing in its database."""
    db.client.drop_database(db.name)
    return TeamServer(server_address, db.name, "loadlens", tls=False), settings.private_database_password


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MOST_AT_ONCE", 50)


def everything(db: Database[Document]) -> dict[str, list[Document]]:
    names = set(db.list_collection_names()) - {"sessions", "turns", "moving"}
    return {name: found for name in sorted(names) if (found := list(db[name].find().sort("_id")))}


class StopAt:
    """Progress that ends the program at a batch."""

    def __init__(self, stage: str, batch: int, error: type[BaseException]) -> None:
        self.stage, self.left, self.error = stage, batch, error

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.left -= stage == self.stage
        if self.left < 0:
            raise self.error


def test_everything_is_moved_and_the_next_start_opens_it_there(
    private: tuple[Scope, Settings], server: tuple[TeamServer, str]
) -> None:
    scope, settings = private
    before = everything(scope.db)

    moved = server_migration.move(scope, settings, *server)

    assert moved.documents == sum(map(len, before.values()))
    assert everything(scope.db) == before, "the private database stays as it was"
    with opened(settings) as db:
        assert db.client.address != scope.db.client.address
        assert db.name == server[0].database
        log = db["audit_log"].find_one_and_delete({"action": "database.moved"})
        assert (log["email"], log["detail"]["documents"]) == ("ada@example.com", moved.documents)
        assert everything(db) == before
        assert database.missing_indexes(db) == []
        assert "clusteredIndex" in db["consumption_data"].options()
        assert db["users"].index_information().keys() == scope.db["users"].index_information().keys()
        assert accounts.sign_in(db, "ADA@example.com", PASSWORD).id == str(scope.user_id)
        assert inspection.partial_copy(db) is None
    assert PASSWORD not in (settings.data_dir / "connection.json").read_text()
    server_migration.use_private(scope, settings)
    assert database.place(settings).is_private
    assert database.last_chosen(settings) == server[0]


@pytest.mark.parametrize(("stage", "batch"), [("Copying to the server", 4), ("Comparing with the server", 1)])
def test_move_that_was_killed_goes_on_where_it_stopped(
    private: tuple[Scope, Settings],
    server: tuple[TeamServer, str],
    db: Database[Document],
    stage: str,
    batch: int,
) -> None:
    scope, settings = private
    with pytest.raises(SystemExit):
        server_migration.move(scope, settings, *server, StopAt(stage, batch, SystemExit))
    assert database.place(settings).is_private
    db["dropped_meanwhile"].insert_one({"_id": 1})
    copied = db["consumption_data"].count_documents({})
    assert 0 < copied <= READINGS
    with pytest.raises(DatabaseUnavailable, match=r"half a copy of the one on .*Finish the move there"):
        with opened(Settings(_env_file=None, loadlens_data_dir=settings.data_dir, **named(server))):
            pass
    reports: list[int] = []

    server_migration.move(scope, settings, *server, lambda stage, done, _: reports.append(done))

    assert reports[2] > 0, "what was copied is not copied again"
    with opened(settings) as there:
        assert database.missing_indexes(there) == []
        there["audit_log"].delete_one({"action": "database.moved"})
        assert everything(there) == everything(scope.db)


def test_what_changes_in_the_source_meanwhile_is_in_the_copy(
    private: tuple[Scope, Settings], server: tuple[TeamServer, str]
) -> None:
    scope, settings = private
    readings = scope.db["consumption_data"]
    changes = iter(
        [
            lambda: readings.update_one({"date": 3}, {"$set": {"consumption": 99.0}}),
            lambda: readings.delete_one({"date": 5}),
            lambda: scope.db["notes"].insert_one({"_id": "made meanwhile"}),
            lambda: readings.insert_one({**scope.owned(), "deviceId": ObjectId(), "date": -1}),
            lambda: scope.db["devices"].update_one({}, {"$set": {"ratedPower": 1}}),
        ]
    )

    def change(stage: str, done: int, total: int) -> None:
        if done == total and (step := next(changes, None)):
            step()

    server_migration.move(scope, settings, *server, change)

    assert next(changes, None) is None
    with opened(settings) as there:
        there["audit_log"].delete_one({"action": "database.moved"})
        assert everything(there) == everything(scope.db)


def test_cancelled_move_can_be_dropped(
    private: tuple[Scope, Settings], server: tuple[TeamServer, str], db: Database[Document]
) -> None:
    scope, settings = private
    with pytest.raises(Cancelled):
        server_migration.move(scope, settings, *server, StopAt("Copying to the server", 3, Cancelled))
    assert database.place(settings).is_private
    assert database.inspect(*server).holding.kind == "half copy"
    server_migration.drop_copy(scope, settings, *server)
    assert database.inspect(*server).holding.kind == "nothing"
    assert db.list_collection_names() == []
    with pytest.raises(MoveRefused, match="no half copy"):
        server_migration.drop_copy(scope, settings, *server)


def test_what_is_there_already_is_left_alone(
    private: tuple[Scope, Settings], server: tuple[TeamServer, str], db: Database[Document]
) -> None:
    scope, settings = private
    db["invoices"].insert_one({"_id": 1})
    with pytest.raises(MoveRefused, match="holds something else"):
        server_migration.move(scope, settings, *server)
    with pytest.raises(ConnectionRefused, match="holds something else"):
        server_migration.use_server(scope, settings, *server)
    assert everything(db) == {"invoices": [{"_id": 1}]}
    db["invoices"].drop()

    inspection.begin_copy(db, "another-computer, /home/bob")
    with pytest.raises(MoveRefused, match="half a copy of the one on another-computer"):
        server_migration.move(scope, settings, *server)
    with pytest.raises(ConnectionRefused, match="half a copy of the one on another-computer"):
        server_migration.use_server(scope, settings, *server)
    inspection.unmark_copy(db)

    with opened(Settings(_env_file=None, loadlens_data_dir=settings.data_dir, **named(server))) as theirs:
        accounts.register(theirs, "Bob", "Ray", "bob@example.com", PASSWORD)
    with pytest.raises(MoveRefused, match=r"a Loadlens database already \(1 accounts, 0 readings\)"):
        server_migration.move(scope, settings, *server)
    assert database.place(settings).is_private
    server_migration.use_server(scope, settings, *server)
    with opened(settings) as there:
        assert [user["email"] for user in there["users"].find()] == ["bob@example.com"]
    assert [entry["action"] for entry in scope.db["audit_log"].find()][-1] == "settings.changed"


def test_nobody_moves_what_is_in_use_or_not_theirs(
    private: tuple[Scope, Settings], server: tuple[TeamServer, str], db: Database[Document]
) -> None:
    scope, settings = private
    running = scope.db["imports"].insert_one({"state": "running"}).inserted_id
    with pytest.raises(MoveRefused, match="An import is running"):
        server_migration.move(scope, settings, *server)
    scope.db["imports"].delete_one({"_id": running})

    from_environment = Settings(_env_file=None, loadlens_data_dir=settings.data_dir, **named(server))
    with pytest.raises(MoveRefused, match="lives on a server already"):
        server_migration.move(scope, from_environment, *server)

    accounts.register(scope.db, "Bob", "Ray", "bob@example.com", PASSWORD)
    for forbidden in (server_migration.move, server_migration.drop_copy, server_migration.use_server):
        with pytest.raises(accounts.NotAllowed):
            forbidden(scope, settings, *server)
    with pytest.raises(accounts.NotAllowed):
        server_migration.use_private(scope, settings)
    assert db.list_collection_names() == []


def named(server: tuple[TeamServer, str]) -> dict[str, str]:
    """The environment that names the server."""
    uri = f"mongodb://{server[0].user}:{server[1]}@{server[0].address}/?authSource=admin"
    return {"mongodb_uri": uri, "mongodb_name": server[0].database}
