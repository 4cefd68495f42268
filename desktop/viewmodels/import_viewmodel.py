"""From chosen files to stored readings: what the import page shows, and what it can be told."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.tasks import Task, run
from desktop.viewmodels.import_files import FileInHand, file_columns, import_files, read_files
from desktop.viewmodels.import_mapping import ImportMapping
from desktop.viewmodels.import_summary import ImportSummaryModel
from desktop.viewmodels.record_table import RecordTable
from services.accounts import Session
from services.progress import Progress
from services.readings import SUFFIXES


class Stage(StrEnum):
    CHOOSE = "choose"
    READING = "reading"
    REFUSED = "refused"
    MAPPING = "mapping"
    IMPORTING = "importing"
    SUMMARY = "summary"


class ImportViewModel(QObject):
    """Files are read together; the one in hand is shown as far as it has come; those that are clear are
    imported one after the other."""

    stage_changed = Signal(str)
    name_changed = Signal(str)
    progressed = Signal(str, int, int, float)
    imported = Signal(list)
    """Each `services.importing.ImportSummary`, once the readings of all files are stored."""
    failed = Signal(str)
    told = Signal(str)

    suffixes = SUFFIXES

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stage = Stage.CHOOSE
        self._task: Task | None = None
        self._name = ""
        self._at: FileInHand | None = None
        self.files: RecordTable[FileInHand] = RecordTable(file_columns(), id, self)
        self.mapping = ImportMapping(self)
        self.summary = ImportSummaryModel(session, self)
        self.mapping.changed.connect(self._tell_states)
        for part in (self.mapping, self.summary):
            part.failed.connect(self.failed)

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def busy(self) -> bool:
        return self._stage in (Stage.READING, Stage.IMPORTING)

    @property
    def file_name(self) -> str:
        """The file in hand, or what is being read or imported."""
        return self._name

    @property
    def place(self) -> int:
        """Which of the files is in hand."""
        return -1 if self._at is None else self.files.row_of(id(self._at))

    @property
    def refusal(self) -> str:
        """Why the file in hand cannot be read; empty if it can."""
        return self._at.state if self._at is not None and self._at.refusal else ""

    @property
    def clear(self) -> list[FileInHand]:
        """The files that can be imported without another word."""
        return [file for file in self.files.records if file.clear]

    def refresh(self) -> None:
        """Nothing to read anew: the page shows the files in hand."""

    def open_files(self, paths: Sequence[str]) -> None:
        """Read files and whole folders; refused while others are being read or imported."""
        if self.busy:
            self.failed.emit(self.tr("One import at a time: wait for the running one, or cancel it first."))
            return
        chosen = [Path(path) for path in paths]
        self._name = chosen[0].name
        before = self._stage
        self._move(Stage.READING)
        task = run(self._read, chosen, parent=self, with_progress=True)
        task.succeeded.connect(self._take_files)
        self._follow(task, before)
        task.failed.connect(self.failed)

    def select(self, place: int) -> None:
        """Take another of the files in hand."""
        if not self.busy and 0 <= place < self.files.rowCount():
            self._hold(self.files.record(place))

    def start(self) -> None:
        """Import every file that is clear."""
        files = self.clear
        if self.busy or not files:
            return
        self._name = files[0].path.name
        before = self._stage
        self._move(Stage.IMPORTING)
        task = run(self._import, files, parent=self, with_progress=True)
        self._follow(task, before)
        for end in (task.succeeded, task.failed, task.cancelled):
            end.connect(lambda: self._take_summaries(files))
        task.failed.connect(self.failed)
        task.cancelled.connect(lambda: self.told.emit(self._in_words_of_cancel(files)))

    def cancel(self) -> None:
        if self._task is not None and self.busy:
            self._task.cancel()

    def start_over(self) -> None:
        """Ready for other files."""
        if not self.busy:
            self._forget()
            self._move(Stage.CHOOSE)

    def _read(self, paths: list[Path], progress: Progress) -> list[FileInHand]:
        return read_files(self._session.scope(), paths, progress)

    def _import(self, files: list[FileInHand], progress: Progress) -> None:
        import_files(self._session.scope, files, progress)

    def _take_files(self, files: list[FileInHand]) -> None:
        if len(files) == 1 and files[0].refusal:
            self._forget()
            self._move(Stage.CHOOSE)
            self.failed.emit(files[0].state)
            return
        self.files.reset(file_columns(), files)
        self._hold(next((file for file in files if file.sheets and not file.clear), files[0]))

    def _take_summaries(self, files: list[FileInHand]) -> None:
        """After the last file, or the one that was cancelled or failed."""
        done = [file.summary for file in files if file.summary]
        self._tell_states()
        if done:
            left = [file for file in self.files.records if file.sheets and not file.summary]
            self._hold(next(iter(left), files[0]))
            self.imported.emit(done)

    def _in_words_of_cancel(self, files: list[FileInHand]) -> str:
        done = [file for file in files if file.summary]
        if not done:
            return self.tr("Import cancelled. Nothing was stored.")
        return self.tr("Cancelled after {count} of {total} files; nothing of the others was stored.").format(
            count=len(done), total=len(files)
        )

    def _hold(self, file: FileInHand) -> None:
        self._at, self._name = file, file.path.name
        if file.summary:
            self.summary.show(file)
            self._move(Stage.SUMMARY)
        elif file.refusal:
            self._move(Stage.REFUSED)
        else:
            self.mapping.show(file)
            self._move(Stage.MAPPING)

    def _forget(self) -> None:
        self._at = None
        self.files.reset(file_columns(), [])
        self.mapping.preview.stop()

    def _tell_states(self) -> None:
        for file in self.files.records:
            self.files.update(file)

    def _follow(self, task: Task, otherwise: Stage) -> None:
        """Show how far the task is; go back to the stage ``otherwise`` unless it succeeds."""
        task.progressed.connect(self.progressed)
        task.failed.connect(lambda: self._move(otherwise))
        task.cancelled.connect(lambda: self._move(otherwise))
        self._task = task

    def _move(self, stage: Stage) -> None:
        self._stage = stage
        self.stage_changed.emit(stage)
