"""Files that are dealt with, moved out of the way beside a report of what became of them."""

import shutil
from pathlib import Path

REPORT = ".report.txt"


def is_free(path: Path) -> bool:
    """Whether nobody holds the file open in a way that forbids to read or to move it, as Windows knows."""
    try:
        with path.open("rb"):
            pass
        path.rename(path)
    except OSError:
        return False
    return True


def file_away(path: Path, folder: Path, report: str) -> Path:
    """Move a file into a folder, its report beside it; where it is now.

    A name that is taken gets a number. Raises `OSError`, and leaves the file where it was.
    """
    target = _unused(path, folder)
    told = target.with_name(target.name + REPORT)
    # First, so that no file is without its report when the program dies in between.
    told.write_text(report, encoding="utf-8")
    try:
        # To another drive, too.
        shutil.move(path, target)
    except OSError:
        told.unlink(missing_ok=True)
        raise
    return target


def _unused(path: Path, folder: Path) -> Path:
    target, number = folder / path.name, 2
    while target.exists() or target.with_name(target.name + REPORT).exists():
        target, number = folder / f"{path.stem} ({number}){path.suffix}", number + 1
    return target
