"""The file for support: a zip of short texts."""

import json
import locale
import os
import platform
import re
import shutil
import sys
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import psutil
from pymongo.database import Database

from services import accounts, crash_reports, logs
from services import database as databases
from services.doctor import Check, examine
from services.errors import LoadlensError
from services.machine_zone import machine_zone
from services.messages import N_, gettext
from services.progress import Progress, silent
from services.scope import Document, Scope
from services.settings import Settings
from services.support.anonymizer import Anonymizer, anonymizer_for
from services.typed import typed
from services.version import installed_version
from services.whole_file import whole_file

ABOUT = N_("""This file is for whoever helps with Loadlens. It tells what the program noted and found, and how
much is stored. Not in it: readings, passwords, keys, tokens, and the names of people, devices, categories,
places and files, in whose place it says what was there, such as (device 3).
""")
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
    """Do what `save` does for whoever may read the data folder anyway, also without a database."""
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
    hide = anonymizer_for(settings, db)
    found = {
        "checks": [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks],
        "versions": package_versions(),
        "machine": machine_facts(settings),
        "settings": settings_facts(settings),
        "database": database_facts(db) if db is not None else None,
    }
    with whole_file(path, BundleRefused) as draft, draft.open("xb") as file:
        os.chmod(draft, 0o600)  # noqa: PTH101 - it is the user's to hand on
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.txt", gettext(ABOUT))
            for name, what in found.items():
                archive.writestr(f"{name}.json", _as_text(what, hide))
            for log in sorted(logs.folder(settings).glob("loadlens.log*")):
                progress("Writing the file for support", 0, 1)
                archive.writestr(f"logs/{log.name}", hide.text(_end_of(log)))
            archive.writestr("logs/mongod.log", hide.text(server_log(settings.data_dir)))


def _as_text(value: Any, hide: Anonymizer) -> str:
    return json.dumps(hide.value(value), indent=1, ensure_ascii=False, default=str)


def _end_of(log: Path) -> str:
    """The last lines of a log, whole."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MOST_LOG_BYTES))
        return file.read().decode("utf-8", errors="replace")


def package_versions() -> dict[str, str]:
    """Return the versions of Loadlens, Python and every package that Loadlens names and finds."""
    names = {re.split(r"[^\w.-]", wanted, maxsplit=1)[0] for wanted in _required()}
    found = {name: installed_version(name) for name in sorted(names, key=str.lower)}
    there = {name: of for name, of in found.items() if of}
    return {"loadlens": installed_version("loadlens"), "python": sys.version, **there}


def machine_facts(settings: Settings) -> dict[str, Any]:
    """Return what it runs on."""
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "processors": os.cpu_count(),
        "memory": psutil.virtual_memory()._asdict(),
        "disk": shutil.disk_usage(folder)._asdict(),
        "locale": locale.getlocale(),
        "timezone": machine_zone(),
    }


def settings_facts(settings: Settings) -> dict[str, Any]:
    """Return each setting: numbers and switches as they are, of all others whether they are set."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    return {
        name.upper(): value if isinstance(value, bool | int) else value is not None
        for name, value in values.items()
    }


def database_facts(db: Database[Document]) -> dict[str, Any]:
    """Return server, size, and number of documents and indexes of each collection; no document."""
    server = databases.describe(db.client)
    return {
        "version": server.version,
        "kind": server.kind,
        "members": len(server.members),
        "schema": (db["settings"].find_one({"_id": "schema"}) or {}).get("version"),
        "size": db.command("dbStats"),
        "collections": {
            name: {
                "documents": db[name].estimated_document_count(),
                "indexes": sorted(db[name].index_information()),
            }
            for name in sorted(db.list_collection_names(filter={"type": "collection"}))
        },
    }


def _required() -> list[str]:
    try:
        return requires("loadlens") or []
    except PackageNotFoundError:
        return []


MOST_SERVER_LOG_BYTES = 1 << 20
"""From its end."""
WITH_DATA = {"COMMAND", "WRITE", "QUERY", "INDEX"}
"""Components whose entries quote what was asked."""


def server_log(data_dir: Path) -> str:
    """Return the last lines of the server's log; of a slow command only its duration and collection."""
    log = data_dir / "mongod.log"
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MOST_SERVER_LOG_BYTES))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return "".join(f"{told}\n" for line in lines if (told := _without_data(line)))


def _without_data(line: str) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        return ""  # the first, cut off
    if entry.get("c") in WITH_DATA:
        about = entry.get("attr", {})
        entry["attr"] = {key: about[key] for key in ("ns", "type", "durationMillis") if key in about}
    return json.dumps(entry)
