"""From a chosen file to stored readings: what the import page shows, and what it can be told."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.tasks import Task, run
from desktop.viewmodels.import_mapping import ImportMapping
from desktop.viewmodels.import_outcome import ImportOutcome, outcome, refusal_columns
from desktop.viewmodels.record_table import RecordTable
from services.accounts import Session
from services.importing import ImportSummary, Preview, import_file, preview
from services.progress import Progress
from services.readings import ColumnMap, Refusal


class Stage(StrEnum):
    CHOOSE = "choose"
    READING = "reading"
    MAPPING = "mapping"
    IMPORTING = "importing"
    SUMMARY = "summary"


class ImportViewModel(QObject):
    """One file at a time: choose, map its columns, import, see what came of it."""

    stage_changed = Signal(str)
    progressed = Signal(str, int, int, float)
    imported = Signal(object)
    """The `services.importing.ImportSummary`, once its readings are stored."""
    failed = Signal(str)
    told = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stage = Stage.CHOOSE
        self._path = Path()
        self._task: Task | None = None
        self.mapping = ImportMapping(self)
        self.outcome: ImportOutcome | None = None
        self.refusals: RecordTable[Refusal] = RecordTable(refusal_columns(), id, self)

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def busy(self) -> bool:
        return self._stage in (Stage.READING, Stage.IMPORTING)

    @property
    def file_name(self) -> str:
        return self._path.name

    def refresh(self) -> None:
        """Nothing to read anew: the page shows the file in hand."""

    def open_file(self, path: str) -> None:
        """Read the first rows of a spreadsheet; refused while another one is being read or imported."""
        if self.busy:
            self.failed.emit(self.tr("One file at a time: wait for the running import, or cancel it first."))
            return
        self._path = Path(path)
        self._move(Stage.READING)
        self._follow(run(self._read, self._path, parent=self), self._show_preview, Stage.CHOOSE)

    def start(self) -> None:
        """Import the file with the columns as chosen."""
        if self._stage is not Stage.MAPPING or self.mapping.complaint:
            return
        self._move(Stage.IMPORTING)
        chosen = self.mapping
        task = run(
            self._import, self._path, chosen.column_map, chosen.timezone, parent=self, with_progress=True
        )
        task.progressed.connect(self.progressed)
        self._follow(task, self._show_summary, Stage.MAPPING)
        task.cancelled.connect(lambda: self.told.emit(self.tr("Import cancelled. Nothing was stored.")))

    def cancel(self) -> None:
        if self._task is not None and self.busy:
            self._task.cancel()

    def start_over(self) -> None:
        """Ready for another file."""
        if not self.busy:
            self.outcome = None
            self._move(Stage.CHOOSE)

    def refusals_as_text(self) -> str:
        """The refused rows under their headings, tab-separated, to be pasted into a spreadsheet."""
        columns = refusal_columns()
        lines = [[column.title for column in columns]]
        lines += [[column.text(refusal) for column in columns] for refusal in self.refusals.records]
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)

    def _read(self, path: Path) -> tuple[Preview, str]:
        return preview(path), self._session.scope().timezone

    def _import(self, path: Path, columns: ColumnMap, zone: str, progress: Progress) -> ImportSummary:
        return import_file(self._session.scope(), path, columns, zone, progress)

    def _show_preview(self, read: tuple[Preview, str]) -> None:
        self.mapping.show(*read)
        self._move(Stage.MAPPING)

    def _show_summary(self, summary: ImportSummary) -> None:
        self.outcome = outcome(summary, self.mapping.timezone)
        self.refusals.reset(refusal_columns(), summary.refused)
        self._move(Stage.SUMMARY)
        self.imported.emit(summary)

    def _follow(self, task: Task, done: Callable[[Any], None], otherwise: Stage) -> None:
        """Go on with the task's result, or back to the stage ``otherwise``, and then say why."""
        task.succeeded.connect(done)
        task.failed.connect(lambda _sentence: self._move(otherwise))
        task.failed.connect(self.failed)
        task.cancelled.connect(lambda: self._move(otherwise))
        self._task = task

    def _move(self, stage: Stage) -> None:
        self._stage = stage
        self.stage_changed.emit(stage)
