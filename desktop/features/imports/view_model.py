"""From chosen files to stored readings: what the import page shows, and what it can be told."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.features.imports.files import FileInHand, FilesInHand, import_in_hand, read_files
from desktop.features.imports.mapping import ImportMapping
from desktop.features.imports.summary import ImportSummaryModel
from desktop.framework.formatting import number
from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.file_names import as_text
from services.importing import ImportSummary
from services.progress import Progress
from services.readings import SUFFIXES, MeterUnclear


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
    progressed = Signal(str, int, int, float)
    imported = Signal(list)
    """Each `services.importing.ImportSummary`, once the readings of all files are stored."""
    failed = Signal(str)
    notified = Signal(str)

    suffixes = SUFFIXES

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stage = Stage.CHOOSE
        self._task: Task | None = None
        self._run: ImportRun | None = None
        self._before = Stage.CHOOSE
        self._doing = ""
        self._at: FileInHand | None = None
        self.files = FilesInHand(self)
        self.mapping = ImportMapping(self)
        self.summary = ImportSummaryModel(session, self)
        self.mapping.changed.connect(self.files.tell)
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
        return self._doing if self.busy or self._at is None else as_text(self._at.path.name)

    @property
    def place(self) -> int:
        """Which of the files is in hand."""
        return -1 if self._at is None else self.files.row_of(id(self._at))

    @property
    def refusal(self) -> str:
        """Why the file in hand cannot be read; empty if it can."""
        return self._at.state if self._at is not None and self._at.refusal else ""

    def refresh(self) -> None:
        """Nothing to read anew: the page shows the files in hand."""

    def open_files(self, paths: Sequence[str]) -> None:
        """Read files and whole folders; refused while others are being read or imported."""
        if self.busy:
            self.failed.emit(self.tr("One import at a time: wait for the running one, or cancel it first."))
            return
        chosen = [Path(path) for path in paths]
        self._doing = chosen[0].name
        before = self._stage
        self._move(Stage.READING)
        self._task = task = run(self._read, chosen, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self._take_files)
        for end in (task.failed, task.cancelled):
            end.connect(lambda: self._move(before))
        task.failed.connect(self.failed)

    def select(self, place: int) -> None:
        """Take another of the files in hand."""
        if not self.busy and 0 <= place < self.files.rowCount():
            self._hold(self.files.record(place))

    def start(self) -> None:
        """Import every file that is clear, one after the other."""
        if not self.busy and self.files.clear:
            self._start(self.files.clear)

    def answer(self, place: int) -> None:
        """Go on with the import of the file in hand by this answer to what it asked."""
        file = self._at
        if self.busy or file is None or file.meter_question is None:
            return
        setattr(file, file.meter_question.field, file.meter_question.answers[place][1])
        file.asked = None
        self._start([file])

    def cancel(self) -> None:
        """Stop what is being read or imported; of the file in progress nothing is stored."""
        if self._stage is Stage.READING and self._task is not None:
            self._task.cancel()
        elif self._stage is Stage.IMPORTING and self._run is not None:
            self._run.cancel()

    def start_over(self) -> None:
        """Ready for other files."""
        if not self.busy:
            self._forget()
            self._move(Stage.CHOOSE)

    def _start(self, files: Sequence[FileInHand]) -> None:
        self._before = self._stage
        self._run = ImportRun(self._session, files, self)
        self._run.began.connect(self._begin_file)
        self._run.progressed.connect(self.progressed)
        self._run.ended.connect(self._end_run)
        self._run.go_on()

    def _read(self, paths: list[Path], progress: Progress) -> list[FileInHand]:
        return read_files(self._session.scope(), paths, progress)

    def _take_files(self, files: list[FileInHand]) -> None:
        if len(files) == 1 and files[0].refusal:
            self._forget()
            self._move(Stage.CHOOSE)
            self.failed.emit(files[0].state)
            return
        self.files.take(files)
        self._hold(next((file for file in files if file.sheets and not file.clear), files[0]))

    def _begin_file(self, name: str) -> None:
        self._doing = name
        self.files.tell()
        self._move(Stage.IMPORTING)

    def _end_run(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        self.files.tell()
        asked = next((file for file in run.files if file.asked), None)
        if run.done or asked:
            self._hold(asked or next(iter(self.files.waiting), run.files[0]))
        if run.done:
            self.imported.emit(run.done)
        elif not asked:
            self._move(self._before)
        if run.cancelled:
            self.notified.emit(run.told)
        elif run.refusal:
            self.failed.emit(run.refusal)

    def _hold(self, file: FileInHand) -> None:
        self._at = file
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
        self.files.take([])
        self.mapping.preview.stop()

    def _move(self, stage: Stage) -> None:
        self._stage = stage
        self.stage_changed.emit(stage)


class ImportRun(QObject):
    """``began`` with the name of each file; ``ended`` once, after the last file or when it is cancelled.

    What came of a file, or was asked of it, is noted on it; that a single one was refused is in ``refusal``.
    """

    began = Signal(str)
    progressed = Signal(str, int, int, float)
    ended = Signal()

    def __init__(self, session: Session, files: Sequence[FileInHand], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._left = list(files)
        self._task: Task | None = None
        self.files = list(files)
        self.cancelled = False
        self.refusal = ""

    @property
    def done(self) -> list[ImportSummary]:
        return [file.summary for file in self.files if file.summary]

    @property
    def told(self) -> str:
        """What is to be said of a run that was cancelled; empty of one that was not."""
        if not self.cancelled:
            return ""
        if not self.done:
            return self.tr("Import cancelled. Nothing was stored.")
        return self.tr("Cancelled after {done} of {total} files; nothing of the others was stored.").format(
            done=number(len(self.done)), total=number(len(self.files))
        )

    def go_on(self) -> None:
        """Import the next file."""
        if not self._left or self.cancelled:
            self.ended.emit()
            self.deleteLater()
            return
        file = self._left.pop(0)
        self.began.emit(as_text(file.path.name))
        self._task = task = run(self._import, file, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(partial(self._note, file))
        task.failed.connect(partial(self._note_refusal, file))
        task.cancelled.connect(self._note_cancel)
        task.finished.connect(self.go_on)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _import(self, file: FileInHand, progress: Progress) -> ImportSummary | MeterUnclear:
        try:
            return import_in_hand(self._session.scope(), file, progress)
        except MeterUnclear as asked:
            return asked

    def _note(self, file: FileInHand, outcome: ImportSummary | MeterUnclear) -> None:
        if isinstance(outcome, MeterUnclear):
            file.asked = outcome
        else:
            file.summary = outcome

    def _note_refusal(self, file: FileInHand, sentence: str) -> None:
        if len(self.files) == 1:
            self.refusal = sentence
        else:
            file.failure = sentence

    def _note_cancel(self) -> None:
        self.cancelled = True
