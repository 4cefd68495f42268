"""A team's replica set: what was acknowledged is there whichever member dies, and nothing else is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from pymongo.errors import ConnectionFailure
from replica_set import ReplicaSet

from services import accounts, readings, startup
from services.database import errors, schema
from services.database.team_server import OPTIONS
from services.importing import import_file, recover, undo_import
from services.readings import list_imports
from services.scope import Scope
from services.settings import Settings

HOURS = 2500
METERS = 24
"""More readings than a first import needs to be stored aside."""


@pytest.fixture
def scope(team_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scope]:
    monkeypatch.setitem(OPTIONS, "serverSelectionTimeoutMS", 2000)
    with startup.opened(team_settings) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        yield accounts.scope_of(db, user.email)


def export(path: Path, kwh: float, meters: int = METERS, hours: int = HOURS) -> Path:
    times = pd.date_range("2024-01-01", periods=hours, freq="h")
    parts = [pd.DataFrame({"Date": times, "Device": f"Lift {n}", "kWh": kwh + n}) for n in range(meters)]
    pd.concat(parts).to_csv(path, index=False)
    return path


def total(kwh: float, meters: int = METERS, hours: int = HOURS) -> float:
    return sum((kwh + n) * hours for n in range(meters))


class KillsPrimary:
    """A `Progress` that kills the primary once, when a stage is so far."""

    def __init__(self, replicas: ReplicaSet, stage: str, done: int) -> None:
        self._replicas, self._stage, self._done = replicas, stage, done
        self.killed: int | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.killed is None and stage == self._stage and done >= self._done:
            self.killed = self._replicas.kill_primary()


@contextmanager
def killing_primary(replicas: ReplicaSet, stage: str, done: int) -> Iterator[KillsPrimary]:
    """The member is started again at the end, which has to come without it."""
    progress = KillsPrimary(replicas, stage, done)
    try:
        yield progress
    finally:
        if progress.killed is not None:
            replicas.start(progress.killed)
    assert progress.killed is not None, "nothing was killed"


def assert_stored(scope: Scope, count: int, kwh: float) -> None:
    """So many readings, none twice, and so summed."""
    stored = readings.interval_data(scope)
    assert len(stored) == count
    assert not stored.duplicated(["device", "date"]).any()
    assert stored["consumption"].sum() == pytest.approx(kwh, abs=1e-6)
    assert readings.is_consistent(scope)


@pytest.mark.parametrize(("stage", "done"), [("Storing readings", 20_000), ("Summing days", 0)])
def test_first_import_is_whole_though_the_primary_was_killed(
    scope: Scope, replicas: ReplicaSet, tmp_path: Path, stage: str, done: int
) -> None:
    with killing_primary(replicas, stage, done) as progress:
        summary = import_file(scope, export(tmp_path / "first.csv", 1.5), progress=progress)
    assert (summary.added, summary.already_there) == (METERS * HOURS, 0)
    assert_stored(scope, METERS * HOURS, total(1.5))
    assert not schema.missing_indexes(scope.db)
    assert not [name for name in scope.db.list_collection_names() if name.startswith(schema.INCOMING)]


def test_values_are_replaced_and_given_back_though_the_primary_was_killed(
    scope: Scope, replicas: ReplicaSet, tmp_path: Path
) -> None:
    small = {"meters": 3, "hours": 2100}
    import_file(scope, export(tmp_path / "first.csv", 1.5, **small))
    with killing_primary(replicas, "Replacing values", 2000) as progress:
        corrected = import_file(scope, export(tmp_path / "second.csv", 2.5, **small), progress=progress)
    assert corrected.changed == 6300
    assert_stored(scope, 6300, total(2.5, **small))
    with killing_primary(replicas, "Taking readings back", 0) as progress:
        undo_import(scope, corrected.import_id, progress)
    assert_stored(scope, 6300, total(1.5, **small))


def test_import_without_a_majority_is_given_up_and_taken_back_by_the_program_that_lives(
    scope: Scope, replicas: ReplicaSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "RETRY_SECONDS", 1)
    import_file(scope, export(tmp_path / "first.csv", 1.5, meters=2))
    killed: list[int] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "Storing readings" and not killed:
            killed.append(replicas.kill_primary())
            killed.append(next(member.port for member in replicas.members if member.port not in killed))
            replicas.kill(killed[1])

    try:
        with pytest.raises(ConnectionFailure):
            import_file(scope, export(tmp_path / "second.csv", 1.5, meters=3), progress=progress)
    finally:
        for port in killed:
            replicas.start(port)
    replicas.primary()
    monkeypatch.setattr(errors, "RETRY_SECONDS", 60)
    errors.retry_on_disconnect(recover, scope.db)
    assert_stored(scope, 2 * HOURS, total(1.5, meters=2))
    assert [record.file for record in list_imports(scope)] == ["first.csv"]
