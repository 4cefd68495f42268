"""What a file may cost to read: space when unpacked, memory and time."""

import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

from services.progress import Progress, silent
from services.readings.sources.sheet import FileRefused

UNPACKED = 1_500_000_000
"""Bytes of all parts of a zipped workbook together. A full sheet of six columns has 400 million."""
PARTS = 10_000
"""Files in a zipped workbook."""
PLAIN = 300_000_000
"""Bytes of a text file. A million readings of six columns have 80 million."""
MEMORY = 900_000_000
"""Bytes that reading a workbook may take."""
SECONDS = 25.0
LOOK = 0.02
BROKE_OFF = "reading it broke off, as it does when two cells lie too far apart"

Result = TypeVar("Result")


def check_plain(path: Path) -> None:
    """Raise `FileRefused` for a text file that is too big to be held in memory."""
    if path.stat().st_size > PLAIN:
        raise FileRefused(
            "{file} is larger than {limit} million bytes. Split it into several files.",
            file=path.name,
            limit=PLAIN // 10**6,
        )


def check_zip(path: Path) -> zipfile.ZipFile:
    """The zip archive if it unpacks to a bearable size; raises `FileRefused`."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise damaged(path) from None
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise protected(path)
    size = sum(part.file_size for part in parts)
    if size > UNPACKED or len(parts) > PARTS:
        raise FileRefused(
            "{file} would unpack to {parts} files of {size} million bytes, more than any meter export. "
            "If it is one, split it or export it as CSV.",
            file=path.name,
            parts=len(parts),
            size=size // 10**6,
        )
    return archive


def protected(path: Path) -> FileRefused:
    """The refusal of an encrypted file."""
    return FileRefused(
        "{file} is protected by a password. Open it in a spreadsheet program and save it without one.",
        file=path.name,
    )


def damaged(path: Path) -> FileRefused:
    """The refusal of an archive that is cut off or garbled."""
    return FileRefused(
        "{file} is damaged: a part of it is missing or garbled. Copy or export it again.", file=path.name
    )


def too_slow(path: Path) -> FileRefused:
    """The refusal of a file that takes too long."""
    return FileRefused(
        "{file} takes more than {seconds} seconds to read. Split it or export it as CSV.",
        file=path.name,
        seconds=round(SECONDS),
    )


def apart(
    script: Path,
    task: str,
    path: Path,
    arguments: list[str],
    load: Callable[[Path], Result],
    progress: Progress = silent,
) -> Result:
    """Run a script on a hostile file in a process of its own and load the output it leaves.

    The process is ended when it takes too much time or memory, and when ``progress`` raises.
    Raises `FileRefused` with what the script says, or with what it took too much of.
    """
    with tempfile.TemporaryDirectory(prefix="loadlens-") as folder:
        output = Path(folder, "output")
        command = [sys.executable, "-P", str(script), task, str(path.resolve()), str(output), *arguments]
        silence = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=silence, stdout=silence, stderr=silence)
        try:
            _watch(process, path, progress)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            said = Path(f"{output}.error")
            reason = said.read_text(encoding="utf-8") if said.exists() else BROKE_OFF
            if "password" in reason.lower():
                raise protected(path)
            raise FileRefused(
                "{file} cannot be read as a spreadsheet: it is damaged or of another kind ({reason}). "
                "Open it in a spreadsheet program and save it as .xlsx.",
                file=path.name,
                reason=reason,
            )
        return load(output)


def _watch(process: subprocess.Popen[bytes], path: Path, progress: Progress) -> None:
    deadline = time.monotonic() + SECONDS
    while process.poll() is None:
        progress("Reading the file", 0, 1)
        if time.monotonic() > deadline:
            raise too_slow(path)
        if _memory(process) > MEMORY:
            raise FileRefused(
                "{file} takes more than {memory} million bytes of memory to read. "
                "Delete its empty rows and columns, split it or export it as CSV.",
                file=path.name,
                memory=MEMORY // 10**6,
            )
        time.sleep(LOOK)


def _memory(process: subprocess.Popen[bytes]) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0
