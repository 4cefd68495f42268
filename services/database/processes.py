"""Processes of this machine: start one that outlives us, and tell whether one still runs."""

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import psutil

START_FIELD = 19
"""The place of the start behind a process's name in ``/proc/PID/stat`` (proc(5), field 22)."""
DETACHED: dict[str, Any] = (
    {"creationflags": 0x08000000 | 0x00000200}  # no console window, own process group
    if sys.platform == "win32"
    else {"start_new_session": True}
)


def start_detached(arguments: Sequence[str | Path], folder: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a process of its own session, in that folder, that says and hears nothing."""
    return subprocess.Popen(
        arguments,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **DETACHED,
    )


def process_identity(pid: int) -> str:
    """Return what tells the process from every other that had or will have its id: when it began.

    On Linux that is a number of ticks since the machine was booted, and which boot: seconds since the epoch
    are computed there from a clock that somebody may set, and would name another moment afterwards.
    """
    if sys.platform != "linux":
        # What psutil tells processes apart by: their start as the system wrote it down.
        return str(hash(psutil.Process(pid)))
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(pid) from None
    return f"{_boot_id()}-{fields[START_FIELD]}"


def is_running(pid: int, since: str) -> bool:
    """Return whether the process of that `process_identity` still runs.

    A process id alone does not tell: the system gives it out again.
    """
    try:
        return process_identity(pid) == since and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@cache
def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
