"""All imports, newest first, and taking one back."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.framework.formatting import NOTHING, number, short_moment
from desktop.framework.record_table import Column, RecordTable, natural
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.importing import undo_import
from services.readings import ImportRecord, list_imports


class ImportHistoryViewModel(SessionViewModel):
    """``undone`` after an import was undone: readings and perhaps devices are deleted."""

    loaded = Signal()
    undone = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.table: RecordTable[ImportRecord] = RecordTable(
            self._columns("UTC"), lambda record: record.id, self
        )

    def refresh(self) -> None:
        self.ask(lambda scope: (list_imports(scope), scope.timezone), self._show)

    def can_undo(self, row: int) -> bool:
        return not self.busy and row >= 0 and self.table.record(row).state == "done"

    def consequence(self, row: int) -> str:
        """Return what is deleted when the import is undone, in sentences."""
        record = self.table.record(row)
        return self.tr(
            "{added} readings that it added are deleted, {changed} that it changed get their old values "
            "back, and devices that only it brought go. The file itself stays where it is."
        ).format(added=number(record.added), changed=number(record.changed))

    def undo(self, row: int) -> None:
        if not self.can_undo(row):
            return
        record = self.table.record(row)
        task = self.ask(
            lambda scope, progress: undo_import(scope, record.id, progress),
            self.undone,
            with_progress=True,
            busy=True,
            notice=self.tr("{file} was taken back.").format(file=record.file),
        )
        task.finished.connect(self.refresh)

    def _show(self, found: tuple[list[ImportRecord], str]) -> None:
        records, zone = found
        self.table.reset(self._columns(zone), records)
        self.loaded.emit()

    def _columns(self, zone: str) -> list[Column[ImportRecord]]:
        return [
            Column(
                self.tr("Imported"),
                lambda record: short_moment(record.created_at, zone),
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
                lambda record: short_moment(record.start, zone) if record.start else NOTHING,
                lambda record: record.start.timestamp() if record.start else None,
            ),
            Column(
                self.tr("To"),
                lambda record: short_moment(record.end, zone) if record.end else NOTHING,
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
