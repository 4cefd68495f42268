"""From a chosen file to stored readings: what the import page shows, and what it can be told."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from zoneinfo import available_timezones

from PySide6.QtCore import QObject, Signal

from desktop.tasks import Task, run
from desktop.viewmodels.import_outcome import ImportOutcome, outcome, refusal_columns
from desktop.viewmodels.record_table import Column, RecordTable
from services.accounts import Session
from services.importing import ImportSummary, Preview, import_file, preview
from services.progress import Progress
from services.readings import ColumnMap, Refusal

REQUIRED = ("date", "device", "consumption")
OPTIONAL = ("category", "location", "notes")


class Stage(StrEnum):
    CHOOSE = "choose"
    READING = "reading"
    MAPPING = "mapping"
    IMPORTING = "importing"
    SUMMARY = "summary"


class ImportViewModel(QObject):
    """One file at a time: choose, map its columns, import, see what came of it."""

    stage_changed = Signal(str)
    mapping_changed = Signal()
    progressed = Signal(str, int, int, float)
    imported = Signal(object)
    failed = Signal(str)
    told = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stage = Stage.CHOOSE
        self._task: Task | None = None
        self._preview: Preview | None = None
        self._map = ColumnMap(None, None, None)
        self.timezone = ""
        self.outcome: ImportOutcome | None = None
        self.sample: RecordTable[tuple[int, list[str]]] = RecordTable([], lambda line: line[0], self)
        self.refusals: RecordTable[Refusal] = RecordTable(refusal_columns(), id, self)

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def file_name(self) -> str:
        return self._preview.table.path.name if self._preview else ""

    @property
    def columns(self) -> list[str]:
        return list(self._preview.table.columns) if self._preview else []

    @property
    def timezones(self) -> list[str]:
        return sorted(available_timezones())

    def field_name(self, field: str) -> str:
        names = {
            "date": self.tr("Date and time"),
            "device": self.tr("Device"),
            "consumption": self.tr("Consumption (kWh)"),
            "category": self.tr("Category"),
            "location": self.tr("Location"),
            "notes": self.tr("Notes"),
        }
        return names[field]

    def column_of(self, field: str) -> str | None:
        column: str | None = getattr(self._map, field)
        return column

    def set_column(self, field: str, column: str | None) -> None:
        self._map = replace(self._map, **{field: column})
        self.mapping_changed.emit()

    @property
    def complaint(self) -> str:
        """What keeps the import from starting, as a sentence; empty if nothing does."""
        missing = [self.field_name(field) for field in REQUIRED if self.column_of(field) is None]
        if missing:
            return self.tr("Choose the column that holds: {fields}.").format(fields=", ".join(missing))
        chosen = [column for field in (*REQUIRED, *OPTIONAL) if (column := self.column_of(field)) is not None]
        twice = next((column for column in chosen if chosen.count(column) > 1), None)
        if twice is not None:
            return self.tr("The column “{column}” is chosen for more than one field.").format(column=twice)
        if self.timezone not in available_timezones():
            return self.tr("Choose the time zone of the file's dates from the list.")
        return ""

    def set_timezone(self, name: str) -> None:
        self.timezone = name
        self.mapping_changed.emit()

    def refresh(self) -> None:
        """Nothing to read anew: the page shows the file in hand."""

    def open_file(self, path: str) -> None:
        """Read the first rows of a spreadsheet; refused while another one is being read or imported."""
        if self._stage in (Stage.READING, Stage.IMPORTING):
            self.failed.emit(self.tr("One file at a time: wait for the running import, or cancel it first."))
            return
        before = self._stage
        self._move(Stage.READING)
        task = run(self._read, Path(path), parent=self)
        task.succeeded.connect(self._show_preview)
        task.failed.connect(lambda sentence: self._back(before, sentence))
        task.cancelled.connect(lambda: self._move(before))
        self._task = task

    def start(self) -> None:
        """Import the file with the columns as chosen."""
        if self._preview is None or self._stage is not Stage.MAPPING or self.complaint:
            return
        self._move(Stage.IMPORTING)
        task = run(
            self._import, self._preview.table.path, self._map, self.timezone, parent=self, with_progress=True
        )
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self._show_summary)
        task.failed.connect(lambda sentence: self._back(Stage.MAPPING, sentence))
        task.cancelled.connect(self._cancelled)
        self._task = task

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def start_over(self) -> None:
        """Ready for another file."""
        if self._stage not in (Stage.READING, Stage.IMPORTING):
            self._preview = self.outcome = None
            self._move(Stage.CHOOSE)

    def refusals_as_text(self) -> str:
        """The refused rows with their headings, tab-separated, as a spreadsheet takes them from the clipboard."""
        columns = refusal_columns()
        lines = [[column.title for column in columns]]
        lines += [[column.text(refusal) for column in columns] for refusal in self.refusals.records]
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)

    def _read(self, path: Path) -> tuple[Preview, str]:
        return preview(path), self._session.scope().timezone

    def _import(self, path: Path, columns: ColumnMap, zone: str, progress: Progress) -> ImportSummary:
        return import_file(self._session.scope(), path, columns, zone, progress)

    def _show_preview(self, read: tuple[Preview, str]) -> None:
        self._preview, zone = read
        self._map = self._preview.column_map
        self.timezone = self.timezone or zone
        headings = [_nth_column(title, i) for i, title in enumerate(self.columns)]
        self.sample.reset(headings, list(enumerate(self._preview.rows)))
        self._move(Stage.MAPPING)
        self.mapping_changed.emit()

    def _show_summary(self, summary: ImportSummary) -> None:
        self.outcome = outcome(summary, self.timezone)
        self.refusals.reset(refusal_columns(), summary.refused)
        self._move(Stage.SUMMARY)
        self.imported.emit(summary)

    def _cancelled(self) -> None:
        self._move(Stage.MAPPING)
        self.told.emit(self.tr("Import cancelled. Nothing was stored."))

    def _back(self, stage: Stage, sentence: str) -> None:
        self._move(stage)
        self.failed.emit(sentence)

    def _move(self, stage: Stage) -> None:
        self._stage = stage
        self.stage_changed.emit(stage)


def _nth_column(title: str, place: int) -> Column[tuple[int, list[str]]]:
    return Column(title, lambda line: line[1][place] if place < len(line[1]) else "")
