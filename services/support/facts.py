"""What is known of the program, its machine and its database, as plain values."""

import locale
import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import psutil
from pymongo.database import Database

from services import database as databases
from services.machine_zone import machine_zone
from services.scope import Document
from services.settings import Settings


def versions() -> dict[str, str]:
    """Of Loadlens, Python and every package that Loadlens names and finds."""
    names = {re.split(r"[^\w.-]", wanted, maxsplit=1)[0] for wanted in _required()}
    found = {name: _version(name) for name in sorted(names, key=str.lower)}
    there = {name: of for name, of in found.items() if of}
    return {"loadlens": _version("loadlens"), "python": sys.version, **there}


def machine(settings: Settings) -> dict[str, Any]:
    """What it runs on."""
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


def settings_set(settings: Settings) -> dict[str, Any]:
    """Each setting: figures and switches as they are, of all others whether they are set."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    return {
        name.upper(): value if isinstance(value, bool | int) else value is not None
        for name, value in values.items()
    }


def database(db: Database[Document]) -> dict[str, Any]:
    """Server, size, and how many documents and which indexes each collection has; no document."""
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


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
