"""What a file may cost to read: bytes when unpacked, memory, cells and time; and the refusals beyond it."""

import contextlib
from pathlib import Path

from services.readers.sheet import FileRefused

UNPACKED = 1_500_000_000
"""Bytes of all parts of a zipped workbook together. A full sheet of six columns has 400 million."""
PARTS = 10_000
"""Files in a zipped workbook."""
PLAIN = 300_000_000
"""Bytes of a file that is not zipped. A million readings of six columns as text have 80 million."""
SHEETS = 1000
WIDEST = 5000
"""Columns of a sheet: a meter each in the widest exports."""
CELLS = 30_000_000
MEMORY = 900_000_000
"""Bytes that all processes which read one file may take together."""
SECONDS = 25.0
"""Seconds of a processor that opening a file and reading each of its sheets once may take together."""
PATIENCE = 4
"""So many times as long may it take by the clock: a processor may be busy, a disk far away."""
ANSWER = 500_000_000
"""Bytes of the cells of a sheet in the form in which the program receives them."""
HEADS = 32_000_000
"""Bytes of the first rows of all sheets in that form."""


def limit_this_process() -> None:
    """Let the system enforce memory, processor time and written bytes, where it can.

    Where it cannot (Windows; macOS for memory), whoever started this process watches it.
    """
    try:
        import resource
    except ImportError:
        return
    # Processor time ends a process whose starter was killed in the middle of a request.
    most = {"RLIMIT_DATA": MEMORY, "RLIMIT_CPU": round(10 * SECONDS), "RLIMIT_FSIZE": UNPACKED}
    for name, limit in {**most, "RLIMIT_CORE": 0}.items():
        with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
            resource.setrlimit(getattr(resource, name), (limit, limit))


def check_size(path: Path) -> None:
    """Raise `FileRefused` for a file that is too big to be held in memory."""
    if path.stat().st_size > PLAIN:
        raise FileRefused(
            "{file} is larger than {limit} million bytes. Split it into several files.",
            file=path.name,
            limit=PLAIN // 10**6,
        )


def check_cells(path: Path, rows: int, width: int) -> None:
    """Raise `FileRefused` for a table that has too many columns or cells."""
    if width > WIDEST or width * rows > CELLS:
        raise FileRefused(
            "{file} is too large a table: {rows} rows, the widest of {width} cells. "
            "Split it into several files.",
            file=path.name,
            rows=rows,
            width=width,
        )


def protected(path: Path) -> FileRefused:
    """Return the refusal of an encrypted file."""
    return FileRefused(
        "{file} is protected by a password. Open it in a spreadsheet program and save it without one.",
        file=path.name,
    )


def damaged(path: Path) -> FileRefused:
    """Return the refusal of an archive that is cut off or garbled."""
    return FileRefused(
        "{file} is damaged: a part of it is missing or garbled. Copy or export it again.", file=path.name
    )


def unreadable(path: Path, reason: object) -> FileRefused:
    """Return the refusal of a file that the library for its kind cannot read."""
    return FileRefused(
        "{file} cannot be read as a spreadsheet: it is damaged or of another kind ({reason}). "
        "Open it in a spreadsheet program and save it as .xlsx.",
        file=path.name,
        reason=reason,
    )


def too_slow(path: Path) -> FileRefused:
    """Return the refusal of a file that takes too long."""
    return FileRefused(
        "{file} takes more than {seconds} seconds to read. Split it or export it as CSV.",
        file=path.name,
        seconds=round(SECONDS),
    )


def too_much_memory(path: Path) -> FileRefused:
    """Return the refusal of a file that takes too much memory."""
    return FileRefused(
        "{file} takes more than {memory} million bytes of memory to read. "
        "Delete its empty rows and columns, split it or export it as CSV.",
        file=path.name,
        memory=MEMORY // 10**6,
    )


def too_wordy(path: Path) -> FileRefused:
    """Return the refusal of a file whose cells are too long to be those of meter readings."""
    return FileRefused(
        "{file} holds more text than any meter export: its cells have more than {limit} million bytes. "
        "Split it into several files.",
        file=path.name,
        limit=ANSWER // 10**6,
    )
