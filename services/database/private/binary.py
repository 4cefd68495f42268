"""Where the `mongod` program lies on this machine."""

import os
import shutil
import stat
import subprocess
import sysconfig
from pathlib import Path

from services.database.unavailable import DatabaseUnavailable

SECONDS_TO_TELL = 10


def mongod() -> Path:
    """The `mongod` that came as a Python package, else the one on PATH.

    Raises `DatabaseUnavailable` when there is neither.
    """
    folder = Path(sysconfig.get_path("purelib"), "fiftyone", "db", "bin")
    packaged = next((folder / name for name in ("mongod", "mongod.exe") if (folder / name).exists()), None)
    on_path = _on_path()
    if packaged and (on_path is None or not why_it_does_not_run(_runnable(packaged))):
        return _runnable(packaged)
    if on_path is None:
        raise DatabaseUnavailable(
            "No mongod is installed for this machine. Install MongoDB, or name a server in MONGODB_URI."
        )
    return Path(on_path)


def _on_path() -> str | None:
    """The `mongod` in an absolute folder of PATH: a relative one names whatever folder one starts in."""
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    found = shutil.which("mongod", path=os.pathsep.join(folders))
    # Windows looks into the current folder first, whatever the path says.
    return found if found and Path(found).parent in map(Path, folders) else None


def why_it_does_not_run(program: Path) -> str:
    """Return what the system says of a program that cannot even tell its version; empty when it can."""
    try:
        told = subprocess.run(
            [program, "--version"], capture_output=True, text=True, errors="replace", timeout=SECONDS_TO_TELL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if told.returncode == 0:
        return ""
    return told.stderr.strip().partition("\n")[0] or f"it ends with code {told.returncode}"


def _runnable(program: Path) -> Path:
    # Wheels do not keep the run bit of their files.
    mode = program.stat().st_mode
    if not mode & stat.S_IXUSR:
        program.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return program
