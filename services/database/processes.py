"""Processes of this machine: start one that outlives us, and tell whether one still runs."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

DETACHED: dict[str, Any] = (
    {"creationflags": 0x08000000 | 0x00000200}  # no console window, own process group
    if sys.platform == "win32"
    else {"start_new_session": True}
)


def start_detached(arguments: Sequence[str | Path], folder: Path | None = None) -> subprocess.Popen[bytes]:
    """A process of its own session, in that folder, that says and hears nothing."""
    return subprocess.Popen(
        arguments,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **DETACHED,
    )


def began(pid: int) -> float:
    """When the process began, in seconds since the epoch."""
    return psutil.Process(pid).create_time()


def is_running(pid: int, created: float) -> bool:
    """Whether the process which began at ``created`` (seconds since the epoch) still runs.

    A process id alone does not tell: the system gives it out again.
    """
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - created) < 0.1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
