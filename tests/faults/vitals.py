"""What a long-running process must not gather: memory, threads, handles, objects, connections."""

import gc
import sys
from collections import Counter
from dataclasses import astuple, dataclass, fields

import numpy as np
import psutil
from pymongo.database import Database
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from services.scope import Document

MB = 1 << 20


@dataclass(frozen=True)
class Vitals:
    """One look at a process and its server; memory in MB."""

    rss: float
    threads: int
    handles: int
    children: int
    qt_objects: int
    widgets: int
    objects: int
    """Python's, as far as its collector follows them."""
    server_rss: float
    connections: int
    cursors: int


COLUMNS = tuple(field.name for field in fields(Vitals))


def look(db: Database[Document], server_pid: int) -> Vitals:
    """Look after collecting whatever can be collected."""
    gc.collect()
    own = psutil.Process()
    status = db.client.admin.command("serverStatus")
    objects = gc.get_objects()
    return Vitals(
        rss=own.memory_info().rss / MB,
        threads=own.num_threads(),
        handles=own.num_handles() if sys.platform == "win32" else own.num_fds(),
        children=len(own.children()),
        qt_objects=sum(isinstance(wrapped, QObject) for wrapped in Shiboken.getAllValidWrappers()),
        widgets=len(QApplication.allWidgets()),
        objects=len(objects),
        server_rss=psutil.Process(server_pid).memory_info().rss / MB,
        connections=status["connections"]["current"],
        cursors=status["metrics"]["cursor"]["open"]["total"],
    )


def census() -> Counter[str]:
    """How many objects of each kind there are: Python's, and Qt's as far as Python knows them."""
    kinds = Counter(f"{type(o).__module__}.{type(o).__qualname__}" for o in gc.get_objects())
    kinds.update(f"(Qt) {type(o).__name__}" for o in Shiboken.getAllValidWrappers() if isinstance(o, QObject))
    return kinds


def slopes(looks: list[Vitals], hours: list[float]) -> dict[str, float]:
    """By how much each grows in an hour, as a straight line through all looks says."""
    table = np.array([astuple(one) for one in looks], "float64")
    return dict(zip(COLUMNS, np.polyfit(hours, table, 1)[0].tolist(), strict=True))
