"""Where the `mongod` program lies on this machine."""

import shutil
import stat
import sysconfig
from pathlib import Path

from services.database.unavailable import DatabaseUnavailable


def mongod() -> Path:
    """The `mongod` that came as a Python package, else the one on PATH.

    Raises `DatabaseUnavailable` when there is neither.
    """
    for name in ("mongod", "mongod.exe"):
        packaged = Path(sysconfig.get_path("purelib"), "fiftyone", "db", "bin", name)
        if packaged.exists():
            return _runnable(packaged)
    on_path = shutil.which("mongod")
    if on_path is None:
        raise DatabaseUnavailable(
            "No mongod is installed for this machine. Install MongoDB, or name a server in MONGODB_URI."
        )
    return Path(on_path)


def _runnable(program: Path) -> Path:
    # Wheels do not keep the run bit of their files.
    mode = program.stat().st_mode
    if not mode & stat.S_IXUSR:
        program.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return program
