"""All imports, newest first, and taking one back."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.framework.formatting import NOTHING, moment, number
from desktop.framework.record_table import Column, RecordTable, natural
from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.importing import undo_import
from services.progress import Progress
from services.readings import ImportRecord, list_imports
from services.scope import Scope


class ImportHistoryViewModel(QObject):
    """``undone`` after an import was taken back: readings and perhaps devices are gone."""

    loaded = Signal()
    busy_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    undone = Signal()
    notified = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task: Task | None = None
        self.table: RecordTable[ImportRecord] = RecordTable(
            self._columns("UTC"), lambda record: record.id, self
        )

    @property
    def busy(self) -> bool:
        """Whether an import is being taken back."""
        return self._task is not None

    def refresh(self) -> None:
        task = run(lambda: self._load(self._session.scope()), parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def can_undo(self, row: int) -> bool:
        return not self.busy and row >= 0 and self.table.record(row).state == "done"

    def consequence(self, row: int) -> str:
        """What goes when the import is undone, in sentences."""
        record = self.table.record(row)
        return self.tr(
            "{added} readings that it added are deleted, {changed} that it changed get their old values "
            "back, and devices that only it brought go. The file itself stays where it is."
        ).format(added=number(record.added), changed=number(record.changed))

    def undo(self, row: int) -> None:
        if not self.can_undo(row):
            return
        record = self.table.record(row)
        self._task = task = run(self._undo, record.id, parent=self, with_progress=True)
        self.busy_changed.emit(True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(
            lambda: self.notified.emit(self.tr("{file} was taken back.").format(file=record.file))
        )
        task.succeeded.connect(self.undone)
        task.failed.connect(self.failed)
        task.finished.connect(self._rest)

    def _undo(self, import_id: str, progress: Progress) -> None:
        undo_import(self._session.scope(), import_id, progress)

    def _rest(self) -> None:
        self._task = None
        self.busy_changed.emit(False)
        self.refresh()

    def _load(self, scope: Scope) -> tuple[list[ImportRecord], str]:
        return list_imports(scope), scope.timezone

    def _show(self, found: tuple[list[ImportRecord], str]) -> None:
        records, zone = found
        self.table.reset(self._columns(zone), records)
        self.loaded.emit()

    def _columns(self, zone: str) -> list[Column[ImportRecord]]:
        return [
            Column(
                self.tr("Imported"),
                lambda record: moment(record.created_at, zone),
                lambda record: record.created_at.timestamp(),
            ),
            Column(self.tr("File"), lambda record: record.file, lambda record: natural(record.file)),
            state_column(self.tr("State")),
            *(
                count_column(title, name)
                for title, name in (
                    (self.tr("Added"), "added"),
                    (self.tr("Changed"), "changed"),
                    (self.tr("Already there"), "already_there"),
                    (self.tr("Refused"), "refused"),
                )
            ),
            Column(
                self.tr("From"),
                lambda record: moment(record.start, zone) if record.start else NOTHING,
                lambda record: record.start.timestamp() if record.start else None,
            ),
            Column(
                self.tr("To"),
                lambda record: moment(record.end, zone) if record.end else NOTHING,
                lambda record: record.end.timestamp() if record.end else None,
            ),
            Column(self.tr("By"), lambda record: record.who),
        ]


translate = QCoreApplication.translate


def count_column(title: str, name: str) -> Column[ImportRecord]:
    """Return a column of one of an import's counts."""
    return Column(
        title,
        lambda record: number(getattr(record, name)),
        lambda record: getattr(record, name),
        numeric=True,
    )


def state_column(title: str) -> Column[ImportRecord]:
    """Return a column of the state of each import."""
    return Column(title, lambda record: _state_name(record.state))


def _state_name(state: str) -> str:
    names = {
        "running": translate("import_columns", "Running"),
        "done": translate("import_columns", "Done"),
        "undoing": translate("import_columns", "Being undone"),
        "undone": translate("import_columns", "Undone"),
    }
    return names.get(state, state)
