"""A disk that is full: during an import, a backup, a training, the writing of logs and of the cache.

``python tests/faults/disk_full.py``. Small file systems in memory are mounted (as root; without the right to
it says so and ends). ``loadlens`` must end with one sentence and no traceback, leave nothing half, say at the
next start what is wrong, and be whole again once there is room. The exit status is 1 if it is not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ground import (
    CHECKED,
    EMAIL,
    PATIENCE_S,
    Tally,
    check_database,
    facility,
    hourly,
    settings_in,
    verdict,
)

from services import accounts, forecasts, readings
from services.settings import Settings
from services.startup import opened

MB = 1 << 20
FAULTS = ("without a sentence", "tracebacks", "left half", "lost", "not whole again", *CHECKED)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--imports", type=int, default=4, help="imports that meet the end of the disk")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not may_mount(folder):
            print("Not tried: mounting a small file system takes root.")
            return 0
        return verdict(
            [
                imports(folder / "imports", chosen.imports),
                backup(folder / "backup"),
                training(folder / "training"),
                logs_and_cache(folder / "logs"),
            ]
        )


def imports(folder: Path, times: int) -> Tally:
    """The database's own disk runs full: its server ends itself, and cannot start before there is room."""
    tally = Tally("Disk full during an import", FAULTS)
    folder.mkdir()
    with small_disk(folder, 700):
        settings = settings_in(folder)
        facility(settings, 4, 60)
        ballast = folder / "ballast"
        for number in range(times):
            before = _readings(settings)
            path = folder / f"long {number}.csv"
            hourly(f"Long {number}-", 40, 365, seed=number).to_csv(path, index=False)
            fill(folder, ballast, leave=(2 + 12 * number) * MB)
            said = loadlens(settings, tally, "import", str(path), "--user", EMAIL)
            tally.add("imports refused", said.returncode)
            tally.add("imports that fitted", not said.returncode)
            fill(folder, ballast, leave=0)
            said = loadlens(settings, tally, "stats", "--user", EMAIL)
            tally.add("starts refused on a full disk", said.returncode)
            ballast.unlink()
            path.unlink()
            again = loadlens(settings, tally, "stats", "--user", EMAIL)
            tally.add("not whole again", again.returncode)
            _check(settings, tally)
            tally.add("lost", max(0, before - _readings(settings)))
    return tally.done()


def backup(folder: Path) -> Tally:
    """The disk that a backup is written to runs full."""
    tally = Tally("Disk full during a backup", FAULTS)
    settings = settings_in(folder)
    folder.mkdir()
    facility(settings, 10, 365)
    target = folder / "stick"
    target.mkdir()
    with small_disk(target, 1):
        for leave in (0, 20_000, 200_000):
            fill(target, target / "ballast", leave)
            said = loadlens(settings, tally, "backup", str(target / "backup.zip"))
            tally.add("backups refused", said.returncode)
            tally.add("left half", sorted(path.name for path in target.iterdir()) != ["ballast"])
    said = loadlens(settings, tally, "backup", str(folder / "backup.zip"))
    tally.add("not whole again", said.returncode)
    _check(settings, tally)
    return tally.done()


def training(folder: Path) -> Tally:
    """There is no room for the models."""
    tally = Tally("Disk full during a training", FAULTS)
    settings = settings_in(folder)
    folder.mkdir()
    facility(settings, 4, 120)
    settings.models_dir.mkdir()
    with small_disk(settings.models_dir, 3):
        loadlens(settings, tally, "train", "--user", EMAIL)
        before = _predicted(settings, tally)
        for leave in (0, 40_000):
            fill(settings.models_dir, settings.models_dir / "ballast", leave)
            said = loadlens(settings, tally, "train", "--user", EMAIL)
            tally.add("trainings refused", said.returncode)
            tally.add("left half", sum(1 for _ in settings.models_dir.rglob("*.draft")))
            tally.add("lost", _predicted(settings, tally) != before)
        (settings.models_dir / "ballast").unlink()
        tally.add("not whole again", loadlens(settings, tally, "train", "--user", EMAIL).returncode)
        _check(settings, tally)
    return tally.done()


def logs_and_cache(folder: Path) -> Tally:
    """No room for the log, nor for the cache of readings: both can be done without."""
    tally = Tally("Disk full for log and cache", FAULTS)
    settings = settings_in(folder)
    folder.mkdir()
    facility(settings, 4, 60)
    for name in ("logs", "loads"):
        small = settings.data_dir / name
        small.mkdir(exist_ok=True)
        with small_disk(small, 1):
            fill(small, small / "ballast", 0)
            said = loadlens(settings, tally, "stats", "--user", EMAIL)
            tally.add("not whole again", said.returncode)
            tally.add("runs that did without")
            tally.add("left half", sum(path.stat().st_size for path in small.rglob("*.npy")))
    _check(settings, tally)
    return tally.done()


def loadlens(
    settings: Settings, tally: Tally, *arguments: str, by: Sequence[str] = ()
) -> "subprocess.CompletedProcess[str]":
    """The command as from a shell, started ``by`` another; what it says when it refuses is looked at."""
    said = subprocess.run(
        [*by, sys.executable, "-m", "desktop", *arguments],
        env={**os.environ, "LOADLENS_DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    told = said.stderr.strip().splitlines()
    tally.add("tracebacks", "Traceback" in said.stderr)
    if said.returncode:
        tally.add("without a sentence", not (told and told[-1].rstrip().endswith(".")))
        print(f"    {arguments[0]}: {told[-1] if told else ''}", flush=True)
    return said


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of that size in the folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def may_mount(folder: Path) -> bool:
    """Whether this user can mount anything."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        return False
    subprocess.run(["umount", folder], check=True)
    return True


def fill(disk: Path, ballast: Path, leave: int) -> None:
    """Fill a disk until so many bytes are left."""
    ballast.unlink(missing_ok=True)
    left = os.statvfs(disk)
    size = left.f_bavail * left.f_frsize - leave
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(size, 1))


def _readings(settings: Settings) -> int:
    with opened(settings) as db:
        return db["consumption_data"].count_documents({})


def _predicted(settings: Settings, tally: Tally) -> bool:
    """Whether the models in use can be used."""
    with opened(settings) as db:
        return bool(forecasts.predict(accounts.scope_of(db, EMAIL), settings))


def _check(settings: Settings, tally: Tally) -> None:
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        check_database(db, scope, tally)
        tally.add("left half", sum("incoming_" in name for name in db.list_collection_names()))
        tally.add("sums off", readings.span(scope) is None)


if __name__ == "__main__":
    sys.exit(main())
