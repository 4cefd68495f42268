"""The real thing for every test: one private `mongod` for the run, a fresh database for each test."""

import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import bcrypt
import keyring
import pytest
from pymongo.database import Database

from services import accounts
from services.accounts import passwords
from services.database import opened
from services.database.private import address
from services.database.private.watchdog import SECONDS_BETWEEN_CHECKS
from services.scope import Document, Scope
from services.settings import Settings

sys.path.append(str(Path(__file__).parent))  # what tests and the scripts of faults share

from replica_set import ReplicaSet, replica_set

PASSWORD = "correct horse battery"
OF_NOBODY = bcrypt.hashpw(b"what nobody has", bcrypt.gensalt(4)).decode()
IN_MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Of memory for files, before a run's databases take 300 MB of it."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: much of a test is waiting for servers and windows."""
    return (os.cpu_count() or 1) + 1


class KeyringInMemory(keyring.backend.KeyringBackend):
    """No test reads or writes the keyring of whoever runs it."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self._kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


@pytest.fixture(autouse=True)
def _empty_keyring() -> None:
    keyring.set_keyring(KeyringInMemory())


@pytest.fixture
def full_hashes() -> None:
    """For tests that prove how dear a password's hash is."""


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes at bcrypt's least cost: a third of a second for each that is made or compared."""
    if "full_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "COST", 4)
        monkeypatch.setattr(passwords, "OF_NOBODY", OF_NOBODY)


@pytest.fixture(scope="session")
def server_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """In memory where there is room: a disk takes a second for the hundred files of each test's database."""
    if not IN_MEMORY.is_dir() or shutil.disk_usage(IN_MEMORY).free < ROOM:
        yield tmp_path_factory.mktemp("loadlens")
        return
    with TemporaryDirectory(prefix="loadlens-", dir=IN_MEMORY) as folder:
        yield Path(folder)
        time.sleep(SECONDS_BETWEEN_CHECKS + 1)  # the server's watchdog looks into it once more


@pytest.fixture(scope="session")
def server_address(server_dir: Path) -> Iterator[str]:
    """Where other programs than Loadlens reach the run's server: ``host:port``."""
    port = address.free_port(None)
    with opened(Settings(_env_file=None, loadlens_data_dir=server_dir, mongodb_port=port)):
        yield f"{address.LOOPBACK}:{port}"


@pytest.fixture(scope="session")
def _server(server_address: str) -> None:
    """The run's server."""


@pytest.fixture
def settings(_server: None, server_dir: Path) -> Settings:
    """Settings whose private server runs already and whose database is new."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    return Settings(_env_file=None, loadlens_data_dir=server_dir, mongodb_name=name)


@pytest.fixture(scope="session")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaSet]:
    """One replica set of three for the run: who kills a member starts it again."""
    with replica_set(tmp_path_factory.mktemp("replicas")) as started:
        yield started


@pytest.fixture
def team_settings(replicas: ReplicaSet, tmp_path: Path) -> Iterator[Settings]:
    """A workstation whose database is a new one on a replica set, with the rights on it and no others."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    uri = replicas.uri_for(name)
    yield Settings(_env_file=None, loadlens_data_dir=tmp_path, mongodb_uri=uri, mongodb_name=name)
    with replicas.admin() as admin:
        admin.drop_database(name)


@pytest.fixture
def db(settings: Settings) -> Iterator[Database[Document]]:
    with opened(settings) as database:
        yield database
        database.client.drop_database(database.name)


@pytest.fixture
def scope(db: Database[Document]) -> Scope:
    """A registered user whose facility stands in California."""
    user = accounts.register(db, "Ada", "Wong", "ada@example.com", PASSWORD)
    return accounts.set_timezone(accounts.scope_of(db, user.email), "America/Los_Angeles")
