"""From chosen files to stored readings: the state of the import page, and what it does."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.features.imports.files import ImportFile, ImportFiles, import_chosen, read_files
from desktop.features.imports.mapping import ImportMapping
from desktop.features.imports.summary import ImportSummaryModel
from desktop.framework.formatting import number
from desktop.framework.tasks import Task, run
from desktop.framework.view_model import SessionViewModel
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


class ImportViewModel(SessionViewModel):
    """Files are read together; the current one is shown in its stage; those that are ready are imported one
    after the other."""

    stage_changed = Signal(str)
    imported = Signal(list)
    """Each `services.importing.ImportSummary`, once the readings of all files are stored."""

    suffixes = SUFFIXES

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._stage = Stage.CHOOSE
        self._task: Task | None = None
        self._run: ImportRun | None = None
        self._stage_before = Stage.CHOOSE
        self._working_on = ""
        self._current: ImportFile | None = None
        self.files = ImportFiles(self)
        self.mapping = ImportMapping(self)
        self.summary = ImportSummaryModel(session, self)
        self.mapping.changed.connect(self.files.update_rows)
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
        """Return the name of the current file, or of what is being read or imported."""
        return self._working_on if self.busy or self._current is None else as_text(self._current.path.name)

    @property
    def index(self) -> int:
        """Return the row of the current file."""
        return -1 if self._current is None else self.files.row_of(id(self._current))

    @property
    def refusal(self) -> str:
        """Return why the current file cannot be read; empty if it can."""
        return self._current.state if self._current is not None and self._current.refusal else ""

    def refresh(self) -> None:
        """Do nothing: the page shows files, not the database."""

    def open_files(self, paths: Sequence[str]) -> None:
        """Read files and whole folders; refused while others are being read or imported."""
        if self.busy:
            self.failed.emit(self.tr("One import at a time: wait for the running one, or cancel it first."))
            return
        chosen = [Path(path) for path in paths]
        self._working_on = chosen[0].name
        before = self._stage
        self._set_stage(Stage.READING)
        self._task = task = self.ask(
            lambda scope, progress: read_files(scope, chosen, progress), self._on_read, with_progress=True
        )
        for end in (task.failed, task.cancelled):
            end.connect(lambda: self._set_stage(before))

    def select(self, index: int) -> None:
        """Make another file the current one."""
        if not self.busy and 0 <= index < self.files.rowCount():
            self._show_file(self.files.record(index))

    def import_ready(self) -> None:
        """Import every file that is ready, one after the other."""
        if not self.busy and self.files.ready:
            self._run_import(self.files.ready)

    def answer(self, index: int) -> None:
        """Continue the import of the current file with this answer to what it asked."""
        file = self._current
        if self.busy or file is None or file.meter_question is None:
            return
        setattr(file, file.meter_question.field, file.meter_question.answers[index][1])
        file.asked = None
        self._run_import([file])

    def cancel(self) -> None:
        """Stop what is being read or imported; of the file in progress nothing is stored."""
        if self._stage is Stage.READING and self._task is not None:
            self._task.cancel()
        elif self._stage is Stage.IMPORTING and self._run is not None:
            self._run.cancel()

    def start_over(self) -> None:
        """Forget the files, and wait for others."""
        if not self.busy:
            self._clear()
            self._set_stage(Stage.CHOOSE)

    def _run_import(self, files: Sequence[ImportFile]) -> None:
        self._stage_before = self._stage
        self._run = ImportRun(self._session, files, self)
        self._run.file_started.connect(self._on_file_started)
        self._run.progressed.connect(self.progressed)
        self._run.finished.connect(self._on_finished)
        self._run.import_next()

    def _on_read(self, files: list[ImportFile]) -> None:
        if len(files) == 1 and files[0].refusal:
            self._clear()
            self._set_stage(Stage.CHOOSE)
            self.failed.emit(files[0].state)
            return
        self.files.set_files(files)
        self._show_file(next((file for file in files if file.sheets and not file.ready), files[0]))

    def _on_file_started(self, name: str) -> None:
        self._working_on = name
        self.files.update_rows()
        self._set_stage(Stage.IMPORTING)

    def _on_finished(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        self.files.update_rows()
        asked = next((file for file in run.files if file.asked), None)
        if run.done or asked:
            self._show_file(asked or next(iter(self.files.pending), run.files[0]))
        if run.done:
            self.imported.emit(run.done)
        elif not asked:
            self._set_stage(self._stage_before)
        if run.cancelled:
            self.notified.emit(run.cancel_notice)
        elif run.refusal:
            self.failed.emit(run.refusal)

    def _show_file(self, file: ImportFile) -> None:
        self._current = file
        if file.summary:
            self.summary.show(file)
            self._set_stage(Stage.SUMMARY)
        elif file.refusal:
            self._set_stage(Stage.REFUSED)
        else:
            self.mapping.show(file)
            self._set_stage(Stage.MAPPING)

    def _clear(self) -> None:
        self._current = None
        self.files.set_files([])
        self.mapping.preview.stop()

    def _set_stage(self, stage: Stage) -> None:
        self._stage = stage
        self.stage_changed.emit(stage)


class ImportRun(QObject):
    """``file_started`` with the name of each file; ``finished`` once, after the last or when cancelled.

    The outcome of each file, or what its import asked, is set on the file; the refusal of a single one is in
    ``refusal``.
    """

    file_started = Signal(str)
    progressed = Signal(str, int, int, float)
    finished = Signal()

    def __init__(self, session: Session, files: Sequence[ImportFile], parent: QObject) -> None:
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
    def cancel_notice(self) -> str:
        """Return what a cancelled run has stored, as a sentence; empty if it was not cancelled."""
        if not self.cancelled:
            return ""
        if not self.done:
            return self.tr("Import cancelled. Nothing was stored.")
        return self.tr("Cancelled after {done} of {total} files; nothing of the others was stored.").format(
            done=number(len(self.done)), total=number(len(self.files))
        )

    def import_next(self) -> None:
        """Import the next file."""
        if not self._left or self.cancelled:
            self.finished.emit()
            self.deleteLater()
            return
        file = self._left.pop(0)
        self.file_started.emit(as_text(file.path.name))
        self._task = task = run(self._import, file, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(partial(self._on_imported, file))
        task.failed.connect(partial(self._on_failed, file))
        task.cancelled.connect(self._on_cancelled)
        task.finished.connect(self.import_next)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _import(self, file: ImportFile, progress: Progress) -> ImportSummary | MeterUnclear:
        try:
            return import_chosen(self._session.scope(), file, progress)
        except MeterUnclear as asked:
            return asked

    def _on_imported(self, file: ImportFile, outcome: ImportSummary | MeterUnclear) -> None:
        if isinstance(outcome, MeterUnclear):
            file.asked = outcome
        else:
            file.summary = outcome

    def _on_failed(self, file: ImportFile, sentence: str) -> None:
        if len(self.files) == 1:
            self.refusal = sentence
        else:
            file.failure = sentence

    def _on_cancelled(self) -> None:
        self.cancelled = True
