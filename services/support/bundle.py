"""The file for support: a zip of short texts."""

import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pymongo.database import Database

from services import accounts, crash_reports, logs
from services.doctor import Check, examine
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.support import facts, server_log
from services.support.hiding import Hiding, hiding
from services.typed import typed
from services.whole_file import whole_file

ABOUT = """This file is for whoever helps with Loadlens. It tells what the program noted and found, and how
much is stored. Not in it: readings, passwords, keys, tokens, and the names of people, devices, categories,
places and files, in whose place it says what was there, such as (device 3).
"""
MOST_LOG_BYTES = 1 << 20
"""From the end of each log."""


class BundleRefused(LoadlensError):
    """The file for support cannot be written."""


@typed
def save(scope: Scope, settings: Settings, path: Path, progress: Progress = silent) -> list[Check]:
    """Look at everything, and write what was found; the checks. Unexpected ends count as acknowledged then.

    Raises `NotAllowed` and `BundleRefused`, and whatever ``progress`` raises: then no file is there.
    """
    accounts.require_keeper(scope)
    return save_for_installation(scope.db, settings, path, progress)


def save_for_installation(
    db: Database[Document] | Exception, settings: Settings, path: Path, progress: Progress = silent
) -> list[Check]:
    """The same for whoever may read the data folder anyway, also where the database does not open."""
    checks = examine(db, settings, progress)
    _write(path, checks, settings, None if isinstance(db, Exception) else db, progress)
    crash_reports.acknowledge(settings)
    return checks


def _write(
    path: Path,
    checks: Sequence[Check],
    settings: Settings,
    db: Database[Document] | None,
    progress: Progress,
) -> None:
    progress("Writing the file for support", 0, 1)
    hide = hiding(settings, db)
    found = {
        "checks": [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks],
        "versions": facts.versions(),
        "machine": facts.machine(settings),
        "settings": facts.settings_set(settings),
        "database": facts.database(db) if db is not None else None,
    }
    with whole_file(path, BundleRefused) as draft, draft.open("xb") as file:
        os.chmod(draft, 0o600)  # noqa: PTH101 - it is the user's to hand on
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.txt", ABOUT)
            for name, what in found.items():
                archive.writestr(f"{name}.json", _as_text(what, hide))
            for log in sorted(logs.folder(settings).glob("loadlens.log*")):
                progress("Writing the file for support", 0, 1)
                archive.writestr(f"logs/{log.name}", hide.text(_end_of(log)))
            archive.writestr("logs/mongod.log", hide.text(server_log.without_commands(settings.data_dir)))


def _as_text(value: Any, hide: Hiding) -> str:
    return json.dumps(hide.value(value), indent=1, ensure_ascii=False, default=str)


def _end_of(log: Path) -> str:
    """The last lines of a log, whole."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MOST_LOG_BYTES))
        return file.read().decode("utf-8", errors="replace")
