"""Bad days, as far as they are over quickly; `tests/faults` has the long ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from ml.training import COMBINATION
from services import forecasts
from services.database import DatabaseUnavailable, opened
from services.forecasts.versions import models_folder, trained_model
from services.importing import import_file
from services.scope import Scope
from services.settings import Settings


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
