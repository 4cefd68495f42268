"""Write beside a file that was read what became of it, and its rows to be mended.

Others may write to the folder: what is written there follows no link, and whoever could not read the file
cannot read what is said of it.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from services.errors import LoadlensError
from services.importing import ImportSummary, preview
from services.messages import formats, gettext
from services.readings import looks_like_readings, remarks, save_refused
from services.scope import Scope
from services.watching.folder import FolderRefused, printable
from services.whole_file import whole_file

REPORT, REFUSED = ".report.txt", ".refused.xlsx"
"""Endings of what is written beside a file: what became of it, and its rows to be mended."""


def unused_name(folder: Path, name: str) -> Path:
    """Return where the file is to go: a name that is taken gets a number."""
    wanted = Path(name)
    target, number = folder / name, 2
    while any(os.path.lexists(beside(target, ending)) for ending in ("", REPORT, REFUSED)):
        target, number = folder / f"{wanted.stem} ({number}){wanted.suffix}", number + 1
    return target


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def write_beside(path: Path, ending: str, data: bytes, original: os.stat_result) -> None:
    """Write a file beside another, which is or was ``original``, with its rights and no wider ones.

    What has the name already is replaced, a link too. Raises `FolderRefused`.
    """
    with whole_file(beside(path, ending), FolderRefused) as draft:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if hasattr(os, "fchown"):
                shared = bool(path.parent.parent.stat().st_mode & stat.S_IWOTH)
                _copy_rights(file.fileno(), original, shared)


def _copy_rights(descriptor: int, original: os.stat_result, shared: bool) -> None:
    """Copy owner, group and rights of the original if allowed; in a ``shared`` folder the owner's alone.

    Where everybody may write, the file that was read need not be the one whose rights these are.
    """
    mode = stat.S_IMODE(original.st_mode) & 0o666
    for owner in (original.st_uid, -1):
        try:
            os.fchown(descriptor, owner, original.st_gid)
            break
        except OSError:
            continue
    else:
        mode &= ~stat.S_IRWXG
    os.fchmod(descriptor, mode & 0o600 if shared else mode)


MOST_REPORTED = 1000
"""Refused rows, and meters with flaws, in one report."""


def import_report(scope: Scope, summary: ImportSummary, notes: Sequence[str] = ()) -> str:
    """Return the report of a file that was imported, after notes of how; its times are the facility's."""
    lines = [*notes, *_counts(summary), *_refused(summary), *_quality(scope, summary), *_alerts(summary)]
    return "\n".join(lines) + "\n"


def _counts(summary: ImportSummary) -> Iterator[str]:
    number = formats().number
    yield gettext(
        "{file}: {count} rows read in {seconds} s.",
        file=printable(summary.file),
        count=number(summary.read),
        seconds=number(summary.seconds, 1),
    )
    yield "  " + gettext("{count} added", count=number(summary.added))
    yield "  " + gettext("{count} already there", count=number(summary.already_there))
    yield "  " + gettext("{count} changed", count=number(summary.changed))
    yield "  " + gettext("{count} combined", count=number(summary.combined))
    yield "  " + gettext("{count} refused", count=number(len(summary.refused)))
    if summary.new_devices:
        yield gettext("New devices: {names}.", names=", ".join(summary.new_devices))
    if summary.new_categories:
        yield gettext("New categories: {names}.", names=", ".join(summary.new_categories))


def _refused(summary: ImportSummary) -> Iterator[str]:
    if summary.refused:
        yield gettext("Refused rows:")
        for refusal in summary.refused[:MOST_REPORTED]:
            yield "  " + gettext("{sheet}, row {row}, {column} “{value}”: {reason}", **vars(refusal))
    if (more := len(summary.refused) - MOST_REPORTED) > 0:
        yield "  " + gettext("… and {count} more.", count=formats().number(more))


def _quality(scope: Scope, summary: ImportSummary) -> Iterator[str]:
    if summary.quality:
        yield gettext("Data quality:")
        for meter in summary.quality[:MOST_REPORTED]:
            yield from (f"  {remark}" for remark in remarks(meter, scope.timezone))
    if (more := len(summary.quality) - MOST_REPORTED) > 0:
        yield "  " + gettext("… and {count} more meters.", count=formats().number(more))


def _alerts(summary: ImportSummary) -> Iterator[str]:
    if summary.alerts:
        yield gettext("New alerts, the worst first:")
        yield from (f"  {alert.message}" for alert in summary.alerts)


def workbook_of_refused(scope: Scope, source: Path, summary: ImportSummary) -> bytes:
    """Return the refused rows of the file as a workbook; empty if there are none or it cannot be written."""
    if not summary.refused:
        return b""
    # The report names the rows anyway.
    with suppress(LoadlensError), TemporaryDirectory(prefix="loadlens-") as private:
        workbook = Path(private) / "refused.xlsx"
        taken = [(p.sheet, p.mapping) for p in preview(scope, source) if looks_like_readings(p.mapping)]
        save_refused(scope, workbook, taken, summary.refused, summary.quality)
        return workbook.read_bytes()
    return b""
