"""A report in a file, whole or not at all."""

from collections.abc import Callable
from pathlib import Path

from services.messages import gettext
from services.reports.contents import Contents
from services.reports.pages import as_pdf
from services.reports.subject import ReportRefused
from services.reports.workbook import as_workbook
from services.whole_file import whole_file

Write = Callable[[Contents], bytes]
WRITERS: dict[str, Write] = {".pdf": as_pdf, ".xlsx": as_workbook}
SUFFIXES = tuple(WRITERS)
LONGEST_NAME = 80
FORBIDDEN = '<>:"/\\|?*'
"""In the names of files, by one system or another."""


def save(contents: Contents, path: Path) -> None:
    """Write the report as the path's suffix says, .pdf or .xlsx, in place of a file of that name.

    Raises `ReportRefused` for another suffix, and for a folder that cannot be written to.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise ReportRefused("{file} is neither .pdf nor .xlsx. Choose one of these endings.", file=path.name)
    with whole_file(path, ReportRefused) as draft:
        draft.write_bytes(write(contents))


def file_name(contents: Contents, suffix: str) -> str:
    """Return the name that a report of this subject and period always has, fit for every file system."""
    subject = contents.subject
    if subject.kind == "facility":
        name = contents.facility.name or gettext("Energy report")
    else:
        # A device may be named like a category.
        name = (
            gettext("Category {name}", name=subject.name)
            if subject.kind == "category"
            else gettext("Device {name}", name=subject.name)
        )
    allowed = "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in name)
    return f"{allowed[:LONGEST_NAME].strip(' .')} {contents.period.label}{suffix}"
