"""Bad days, as far as they are over quickly; `tests/faults` has the long ones."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from ml.forecasting.training import COMBINATION
from services import devices, forecasts, readings
from services.database import DatabaseUnavailable
from services.forecasts.versions import models_folder, trained_model
from services.importing import import_file
from services.scope import Scope
from services.secret_store import DataFolderRefused
from services.settings import Settings
from services.startup import opened

DIES_DELETING = """
import os, sys
from pymongo import monitoring
from services import accounts, devices
from services.settings import Settings
from services.startup import opened

class Dies(monitoring.CommandListener):
    def started(self, event):
        if event.command_name == "delete" and event.command["delete"] == "load_blocks":
            os._exit(9)

    def succeeded(self, event):
        pass

    failed = succeeded

monitoring.register(Dies())
with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1], mongodb_name=sys.argv[2])) as db:
    scope = accounts.scope_of(db, "ada@example.com")
    devices.delete_devices(scope, [device.id for device in devices.list_devices(scope)[:1]])
"""


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system in memory; skips the test where this user may not mount any."""
    command = ["mount", "-t", "tmpfs", "-o", options, "none", folder]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting takes root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    """Fill the file system that the folder is."""
    ballast, left = folder / "ballast", os.statvfs(folder)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, left.f_bavail * left.f_frsize)
    return ballast


def test_a_database_on_a_full_disk_says_so(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=8m"):
        settings = Settings(_env_file=None, loadlens_data_dir=tmp_path)
        assert settings.private_database_password
        fill(tmp_path)
        with pytest.raises(DatabaseUnavailable, match=r"its disk is full \(0 MB are free\)"):
            with opened(settings):
                pass


def test_models_that_find_no_room_are_refused_and_the_earlier_ones_stay(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    days = pd.date_range("2024-01-01", periods=30)
    path = tmp_path / "meters.csv"
    pd.DataFrame({"date": days, "device": "Lift", "kWh": 2.0 + days.day_of_week}).to_csv(path, index=False)
    import_file(scope, path)
    own = models_folder(scope, settings)
    own.mkdir(parents=True)
    with mounted(own, "size=4m"):
        forecasts.train(scope, settings)
        before = [version.id for version in forecasts.versions(scope, settings)]
        (own / "20240101T000000.000000Z.draft").mkdir()  # as a killed training leaves it
        fill(own)
        with pytest.raises(forecasts.ForecastRefused, match=r"cannot be written to .* No space left"):
            forecasts.train(scope, settings)
        assert not list(own.glob("*.draft"))
        assert [version.id for version in forecasts.versions(scope, settings)] == before
        assert trained_model(scope, settings, COMBINATION)


def test_a_deletion_that_its_program_did_not_survive_is_finished_at_the_next_start(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "meters.csv"
    path.write_text("date,device,kWh\n2024-05-01,Fan,1\n2024-05-01,Lift,2\n2024-05-02,Fan,3\n")
    import_file(scope, path)
    folder = str(settings.data_dir)
    died = subprocess.run([sys.executable, "-c", DIES_DELETING, folder, settings.mongodb_name], check=False)
    assert died.returncode == 9
    with opened(settings):
        assert [device.name for device in devices.list_devices(scope)] == ["Lift"]
        assert readings.is_consistent(scope)
        assert scope.db["consumption_data"].count_documents({}) == 1


def test_a_read_only_data_folder_is_named(tmp_path: Path) -> None:
    with mounted(tmp_path, "ro"):
        with pytest.raises(DataFolderRefused, match=r"cannot write to its data folder .*Read-only"):
            with opened(Settings(_env_file=None, loadlens_data_dir=tmp_path)):
                pass


WRITES = """
import sys, time
from services.settings import Settings
from services.startup import opened

time.sleep(max(0.0, float(sys.argv[3]) - time.time()))
with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:
    db["notes"].insert_one({"_id": sys.argv[2]})
"""


def test_programs_that_start_at_the_same_moment_are_all_served(tmp_path: Path) -> None:
    moment = str(time.time() + 2)
    started = [subprocess.Popen([sys.executable, "-c", WRITES, tmp_path, str(n), moment]) for n in range(3)]
    for program in started:
        program.wait()
    assert [program.returncode for program in started] == [0, 0, 0]
    with opened(Settings(_env_file=None, loadlens_data_dir=tmp_path)) as db:
        assert [note["_id"] for note in db["notes"].find().sort("_id")] == ["0", "1", "2"]
