"""Several programs on one database see what the others change, within seconds."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from replica_set import ReplicaSet

from services import accounts, devices, startup
from services.database.changes import Changes, Position, wait_for_changes
from services.progress import Cancelled
from services.scope import Scope
from services.settings import Settings

SECONDS = 30


@pytest.fixture
def team(team_settings: Settings) -> Iterator[Scope]:
    with startup.opened(team_settings) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        yield accounts.scope_of(db, user.email)


class Following:
    """Waits for changes on a thread, as a program does beside its work."""

    def __init__(self, scope: Scope, since: Position | None = None) -> None:
        self._ended, self._begun = threading.Event(), threading.Event()
        self._beside = ThreadPoolExecutor(1)
        self._found: Future[Changes] = self._beside.submit(wait_for_changes, scope, since, self._progress)
        assert self._begun.wait(SECONDS)
        time.sleep(1)  # until the stream is open, or the counters were read

    def found(self) -> Changes:
        try:
            return self._found.result(SECONDS)
        finally:
            self.end()

    def end(self) -> None:
        self._ended.set()
        self._beside.shutdown()

    def _progress(self, stage: str, done: int, total: int) -> None:
        self._begun.set()
        if self._ended.is_set():
            raise Cancelled


def add(scope: Scope, name: str) -> None:
    devices.add_device(scope, name)


@pytest.fixture(params=["team", "scope"])
def either(request: pytest.FixtureRequest) -> Scope:
    """On a replica set, and on a lone server."""
    found: Scope = request.getfixturevalue(request.param)
    return found


def test_change_of_another_program_is_told_once(either: Scope) -> None:
    following = Following(either)
    add(either, "Chiller 1")
    add(either, "Chiller 2")
    changes = following.found()
    assert changes.collections == {"devices"}
    again = Following(either, changes.position)
    with pytest.raises(TimeoutError):
        again._found.result(4)
    add(either, "Chiller 3")
    assert again.found().collections == {"devices"}
    missed = changes.position
    assert wait_for_changes(either, missed).collections == {"devices"}


def test_what_others_users_change_is_not_told(team: Scope) -> None:
    user = accounts.register(team.db, "Bo", "Li", "bo@example.com", "correct horse battery")
    following = Following(team)
    add(accounts.scope_of(team.db, user.email), "Chiller")
    with pytest.raises(TimeoutError):
        following._found.result(3)
    following.end()


def test_stream_outlasts_the_primary(team: Scope, replicas: ReplicaSet) -> None:
    following = Following(team)
    killed = replicas.kill_primary()
    try:
        replicas.primary()
        add(team, "Chiller")
        assert following.found().collections == {"devices"}
    finally:
        replicas.start(killed)
