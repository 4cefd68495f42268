"""The whole database into a file and back."""

from pathlib import Path

import pytest

from services import database, devices
from services.database import BackupRefused
from services.progress import Cancelled
from services.scope import Document, Scope


def everything(scope: Scope) -> dict[str, list[Document]]:
    return {name: list(scope.db[name].find().sort("_id")) for name in scope.db.list_collection_names()}


def test_backup_brings_back_all_that_was_there_and_nothing_else(scope: Scope, tmp_path: Path) -> None:
    devices.add_device(scope, "Chiller", None, 12_000)
    before = everything(scope)
    database.back_up(scope.db, tmp_path / "a.backup")
    devices.add_device(scope, "Lift")
    scope.db["later"].insert_one({})
    assert database.restore(scope.db, tmp_path / "a.backup")["devices"] == 1
    assert everything(scope) == before
    assert database.missing_indexes(scope.db) == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]


@pytest.mark.parametrize("damage", ["cut", "altered", "other"])
def test_damaged_backup_changes_nothing(scope: Scope, tmp_path: Path, damage: str) -> None:
    devices.add_device(scope, "Chiller")
    path = tmp_path / "a.backup"
    database.back_up(scope.db, path)
    content = bytearray(path.read_bytes())
    if damage == "altered":
        content[content.index(b"users.bson") + 60] ^= 0xFF
    path.write_bytes({"cut": content[: len(content) // 2], "altered": content, "other": b"hello"}[damage])
    devices.add_device(scope, "Lift")
    before = everything(scope)
    with pytest.raises(BackupRefused, match="no whole backup"):
        database.restore(scope.db, path)
    assert everything(scope) == before


def test_cancelled_restore_changes_nothing(scope: Scope, tmp_path: Path) -> None:
    database.back_up(scope.db, tmp_path / "a.backup")
    devices.add_device(scope, "Lift")
    before = everything(scope)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "Restoring" and done == total - 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        database.restore(scope.db, tmp_path / "a.backup", stop)
    assert everything(scope) == before


def test_restore_that_died_while_replacing_is_finished_at_the_next_start(
    scope: Scope, tmp_path: Path
) -> None:
    devices.add_device(scope, "Chiller")
    before = everything(scope)
    database.back_up(scope.db, tmp_path / "a.backup")
    devices.add_device(scope, "Lift")

    class DyingDatabase:
        """The database until the collection `devices` is to be replaced."""

        def __getattr__(self, name: str) -> object:
            return getattr(scope.db, name)

        def __getitem__(self, name: str) -> object:
            if name == "restoring_devices" and scope.db["settings"].find_one({"_id": "restore"}):
                raise SystemExit
            return scope.db[name]

    with pytest.raises(SystemExit):
        database.restore(DyingDatabase(), tmp_path / "a.backup")  # type: ignore[arg-type]
    assert everything(scope) != before
    database.finish_restore(scope.db)
    assert everything(scope) == before


def test_backup_into_nowhere_is_told(scope: Scope, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be written"):
        database.back_up(scope.db, tmp_path / "no" / "a.backup")
    with pytest.raises(BackupRefused, match="cannot be opened"):
        database.restore(scope.db, tmp_path / "gone.backup")
