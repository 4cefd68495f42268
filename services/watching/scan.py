"""One look into the watched folder: what is whole there is imported and filed away."""

import logging
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pymongo.errors import PyMongoError

from services.database.unavailable import ConnectionLost
from services.errors import LoadlensError
from services.importing import ImportSummary, import_file
from services.progress import Cancelled, Progress, silent
from services.scope import Scope
from services.settings import Settings
from services.watching import report
from services.watching.filing import file_away, is_free
from services.watching.folder import DONE, FAILED, FolderRefused, prepare, watched_folder
from services.watching.mending import save_beside
from services.watching.sightings import settled

log = logging.getLogger(__name__)


class FileFailed(LoadlensError):
    """Loadlens itself failed at a file."""


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
    """Where it is now, its report beside it; None where it could not be moved and is tried again."""


def scan(scope: Scope, settings: Settings, progress: Progress = silent) -> list[Outcome]:
    """Import the files that have stopped growing, each with the plan remembered for its layout.

    Each is moved to ``done`` or ``failed`` in the folder, a report beside it and the rows
    to mend. A file that was imported
    by a program that died before it moved it is imported again, which adds nothing. Files that another
    program holds are left for the next time. While another window or command scans, there is nothing to do.
    Raises `FolderRefused` when the folder is not there, and whatever ``progress`` raises
    before the first file is dealt with.
    """
    folder = watched_folder(scope)
    if folder is None:
        return []
    prepare(folder)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.data_dir / f"watch-{scope.user_id}.lock", timeout=0):
            whole = [path for path in settled(scope, folder) if is_free(path)]
            return _all_dealt_with(scope, whole, progress)
    except Timeout:
        return []


def _all_dealt_with(scope: Scope, whole: list[Path], progress: Progress) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for path in whole:
        try:
            outcomes.append(_dealt_with(scope, path, progress))
        except (PyMongoError, ConnectionLost, Cancelled):
            if not outcomes:
                raise
            # What was imported before has to be told.
            break
    return outcomes


def _dealt_with(scope: Scope, path: Path, progress: Progress) -> Outcome:
    summary, refusal = _imported(scope, path, progress)
    told = report.of_import(scope, summary) if summary else f"{refusal}\n"
    try:
        moved_to = file_away(path, path.parent / (DONE if summary else FAILED), told)
    except OSError as error:
        refusal = FolderRefused(
            "{file} cannot be moved within {folder}: {reason}. It stays there and is read again.",
            file=path.name,
            folder=path.parent,
            reason=error.strerror or error,
        )
        return Outcome(path.name, summary, refusal, None)
    if summary:
        save_beside(scope, moved_to, summary)
    return Outcome(path.name, summary, refusal, moved_to)


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
            file=path.name,
        )
