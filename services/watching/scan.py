"""One look into the watched folder: what is whole there is imported and filed away."""

import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

from pymongo.errors import PyMongoError

from services.database.errors import ConnectionLost
from services.errors import LoadlensError
from services.importing import ImportSummary, import_file
from services.messages import formats, gettext
from services.progress import Cancelled, Progress, silent
from services.scope import Scope
from services.watching.files import FileState, beginning_for, settled_files, source_of, state_of
from services.watching.folder import (
    DONE,
    FAILED,
    FolderRefused,
    ReadFile,
    cannot_be_opened,
    forget_read,
    has_changed,
    is_followed,
    list_files,
    load_records,
    note_read,
    prepare,
    printable,
    save_records,
    watched_folder,
)
from services.watching.reports import (
    REFUSED,
    REPORT,
    beside,
    import_report,
    unused_name,
    workbook_of_refused,
    write_beside,
)

log = logging.getLogger(__name__)

RETRY_S = 600.0
"""Seconds until a file that could not be moved is tried again."""
MOST_LEFT_OUT = 1_000
"""Names that are remembered of what is left out."""


class FileFailed(LoadlensError):
    """Loadlens itself failed at a file."""


class FileChanged(LoadlensError):
    """A file was written while it was read."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file of the watched folder."""

    file: str
    """Its name when it appeared."""
    summary: ImportSummary | None
    """Of its import; None where it was refused."""
    refusal: LoadlensError | None
    """Why nothing was imported, or why the file could not be moved."""
    moved_to: Path | None
    """Where it is now, its report beside it; None where it was not moved."""
    again: bool = False
    """Whether it had been read before, and was written since."""


@dataclass(frozen=True)
class _File:
    """A whole file that is to be read: where it lies, and what is known of it."""

    folder: Path
    name: str
    original: str
    head: str
    """The file that has its header, below the folder."""
    read: ReadFile | None
    """What was read of it before."""

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def is_filed(self) -> bool:
        return self.path.parent != self.folder


def scan(scope: Scope, progress: Progress = silent) -> list[Outcome]:
    """Import the files that have stopped growing, each with the mapping remembered for its layout.

    Each is moved to ``done`` or ``failed`` in the folder, a report beside it and the rows to mend. The size
    and time that were read are noted, and for a month a file that was written since is read again, wherever
    it lies: a writer may go on after the longest pause. So is one that was imported by a program that died
    before it moved it. Both add what is new alone. Files that another program holds are left for the next
    time; links and what else is no file is left out, which is said once. To be called by one program at a
    time, as `services.jobs` does.
    Raises `FolderRefused` when the folder is not there, and whatever ``progress`` raises before the first
    file is dealt with.
    """
    folder = watched_folder(scope)
    if folder is None:
        return []
    prepare(folder)
    whole, outcomes = _check_folder(scope, folder)
    return _process_files(scope, whole, outcomes, progress)


def _check_folder(scope: Scope, folder: Path) -> tuple[list[_File], list[Outcome]]:
    """Return the files that are whole and to be read, and what is to be said of those left out."""
    now = time.time()
    sightings, known, said = load_records(scope)
    names, left_out = list_files(folder)
    states = {name: state for name in known if (state := state_of(folder / name))}
    kept = {name: read for name, read in known.items() if name in states and is_followed(read, now)}
    filed = [name for name, read in kept.items() if "/" in name and has_changed(read, states[name])]
    new = [name for name in names if name not in kept or _is_due(kept[name], states[name], now)]
    whole, growing, unopened = settled_files(folder, [*new, *filed], sightings, now)
    left_out |= {printable(name): cannot_be_opened(name, error) for name, error in unopened.items()}
    remembered = sorted(left_out)[:MOST_LEFT_OUT]
    save_records(scope, sightings=growing, leftOut=remembered)
    if kept.keys() != known.keys():
        save_records(scope, filesRead=list(kept.values()))
    outcomes = [Outcome(name, None, left_out[name], None) for name in remembered if name not in said]
    return [_file(folder, name, kept) for name in whole], outcomes


def _is_due(read: ReadFile, state: FileState, now: float) -> bool:
    """Return whether a file that could not be moved is read again."""
    return has_changed(read, state) or abs(now - read["at"]) >= RETRY_S


def _file(folder: Path, name: str, known: dict[str, ReadFile]) -> _File:
    """Return the file, after the latest one of its name if it goes on with that one's rows."""
    if name in known:
        return _File(folder, name, known[name]["original"], known[name]["head"], known[name])
    earlier = [read["head"] for read in known.values() if read["original"] == name and "/" in read["name"]]
    head = earlier[-1] if earlier and beginning_for(folder / name, folder / earlier[-1]) else name
    return _File(folder, name, name, head, None)


def _process_files(
    scope: Scope, whole: list[_File], outcomes: list[Outcome], progress: Progress
) -> list[Outcome]:
    for file in whole:
        try:
            outcome = _process_file(scope, file, progress)
        except (PyMongoError, ConnectionLost, Cancelled):
            if not outcomes:
                raise
            # What was imported before has to be told.
            break
        if outcome is not None:
            outcomes.append(outcome)
    return outcomes


def _process_file(scope: Scope, file: _File, progress: Progress) -> Outcome | None:
    """Read a file and file it away; None where there is nothing to tell, or not yet."""
    state = state_of(file.path)
    beginning = beginning_for(file.path, file.folder / file.head) if file.head != file.name else b""
    try:
        original = file.path.lstat()
        with source_of(file.path, file.original, beginning) as source:
            summary, refusal = _imported(scope, source, progress)
            if state is None or state_of(file.path) != state:
                return _report_changed(file, summary)
            refused = workbook_of_refused(scope, source, summary) if summary else b""
    except OSError:
        return None  # taken away, or held, since it was seen
    notes = _notes(file, beginning)
    told = import_report(scope, summary, notes) if summary else "\n".join([*notes, f"{refusal}\n"])
    target = _target(file, imported=summary is not None)
    try:
        _file_away(
            scope, file, target, state, {REPORT: told.encode(errors="replace"), REFUSED: refused}, original
        )
    except (OSError, FolderRefused) as error:
        return _report_unmoved(scope, file, target, state, summary, error)
    if file.read and target == file.path and summary and not (summary.added or summary.changed):
        return None  # the same again: its time alone was set
    return Outcome(file.original, summary, refusal, target, again=file.read is not None)


def _target(file: _File, imported: bool) -> Path:
    """Return where the file is to lie: what is in ``done`` stays, and what has failed may move there."""
    if file.is_filed and not (imported and file.path.parent.name == FAILED):
        return file.path
    return unused_name(file.folder / (DONE if imported else FAILED), file.original)


def _file_away(
    scope: Scope,
    file: _File,
    target: Path,
    state: FileState,
    written: dict[str, bytes],
    original: os.stat_result,
) -> None:
    """Move a file and write beside it what is said of it. Raises `OSError`, and leaves it where it was."""
    # First, so that no file is without its report, nor forgotten, when the program dies in between.
    for ending, data in written.items():
        if data:
            write_beside(target, ending, data, original)
    _note(scope, file, target, state)
    if target == file.path:
        return
    try:
        # Never to another drive: what its writer adds to the file that was copied would be lost with it.
        file.path.rename(target)
    except OSError:
        for ending in written:
            beside(target, ending).unlink(missing_ok=True)
        raise
    if file.is_filed:
        for ending in written:
            beside(file.path, ending).unlink(missing_ok=True)


def _note(scope: Scope, file: _File, place: Path, state: FileState, trouble: str = "") -> None:
    """Remember what was read, and where it lies now."""
    name = place.relative_to(file.folder).as_posix()
    read = ReadFile(
        name=name,
        original=file.original,
        head=name if file.head == file.name else file.head,
        size=state.size,
        modified=state.modified,
        at=time.time(),
        trouble=trouble,
    )
    note_read(scope, read, before=file.name)


def _report_changed(file: _File, summary: ImportSummary | None) -> Outcome | None:
    """Return what is said of a file that was written, or taken away, while it was read."""
    if summary is None:
        return None  # it was not whole
    refusal = FileChanged(
        "{file} was written while it was read. It is read again once it has stopped growing.",
        file=printable(file.original),
    )
    return Outcome(file.original, summary, refusal, None, again=file.read is not None)


def _report_unmoved(
    scope: Scope,
    file: _File,
    target: Path,
    state: FileState,
    summary: ImportSummary | None,
    error: OSError | FolderRefused,
) -> Outcome | None:
    """Return what is said of a file that could not be moved; None where it was said before."""
    refusal = (
        error
        if isinstance(error, FolderRefused)
        else FolderRefused(
            "{file} cannot be moved within {folder}: {reason}. It stays there and is read again.",
            file=printable(file.original),
            folder=file.folder,
            reason=error.strerror or error,
        )
    )
    forget_read(scope, target.relative_to(file.folder).as_posix())
    _note(scope, file, file.path, state, str(refusal))
    if file.read and file.read["trouble"] == str(refusal):
        return None
    return Outcome(file.original, summary, refusal, None, again=file.read is not None)


def _notes(file: _File, beginning: bytes) -> list[str]:
    """Return what the report says of a file that was read otherwise than once and alone."""
    notes = []
    if file.read and not file.read["trouble"]:
        notes.append(gettext("It had been read before and was written since: it was read again as a whole."))
    if beginning:
        notes.append(
            gettext(
                "It begins with a row and not with a header: it was read after the header and the last rows "
                "of {file}, {lines} lines that count with its own.",
                file=printable(file.head),
                lines=formats().number(beginning.count(b"\n")),
            )
        )
    return notes


def _imported(
    scope: Scope, path: Path, progress: Progress
) -> tuple[ImportSummary | None, LoadlensError | None]:
    try:
        return import_file(scope, path, progress=progress), None
    except (PyMongoError, ConnectionLost, Cancelled):
        # Not the file's fault: it is tried again.
        raise
    except LoadlensError as refusal:
        return None, refusal
    except Exception:
        # One file that no one foresaw must not keep the others from their turn.
        log.exception("The import of a file in the watched folder failed")
        return None, FileFailed(
            "{file} was not imported: Loadlens itself failed at it. The details are in its log.",
            file=printable(path.name),
        )
