"""Tables of what a service finds by what is typed, such as the devices of all users."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.features.imports.history_view_model import count_column, state_column
from desktop.framework.formatting import NOTHING, number, short_moment
from desktop.framework.record_table import Column, RecordTable, natural
from desktop.framework.view_model import SessionViewModel
from services.accounts import NotAllowed, Session
from services.administration import OwnedDevice, all_devices, all_imports
from services.errors import LoadlensError
from services.readings import ImportRecord
from services.scope import Scope

translate = QCoreApplication.translate


class Identified(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str:
        """The id that the services know it by."""


R = TypeVar("R", bound=Identified)


class SearchedTable(SessionViewModel, Generic[R]):
    """``loaded`` when `table` shows what was found by the text that was typed last."""

    loaded = Signal()

    def __init__(
        self,
        session: Session,
        find: Callable[[Scope, str], Sequence[R]],
        columns: Callable[["SearchedTable[R]"], Sequence[Column[R]]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, parent)
        self._find = find
        self._shown = ""
        self.text = ""
        self.zone = "UTC"
        """The clock by which moments are shown."""
        self.ready = False
        """Whether anything was found out yet, be it that there is nothing."""
        self._columns = columns(self)
        self.table: RecordTable[R] = RecordTable(self._columns, lambda record: record.id, self)

    @property
    def caption(self) -> str:
        """How many there are."""
        if not self.ready:
            return self.tr("Reading…")
        words = self.tr("{count} found") if self.text.strip() else self.tr("{count} in all")
        return words.format(count=number(self.table.rowCount()))

    def search(self, text: str) -> None:
        """Show what is found by this text."""
        self.text = text
        self.refresh()

    def refresh(self) -> None:
        text = self.text
        task = self.ask(
            lambda scope: (self._find(scope, text), scope.timezone),
            lambda found: self._show(text, *found),
            name="search",
        )
        task.failed.connect(lambda: self._hide_from(task.error))

    def _show(self, text: str, found: Sequence[R], zone: str) -> None:
        self.zone, self.ready = zone, True
        if text == self._shown:
            self.table.show(found)
        else:
            self._shown = text
            self.table.reset(self._columns, found)  # at once, as rows from all over come and go
        self.loaded.emit()

    def _hide_from(self, error: LoadlensError | None) -> None:
        """Show nothing any more to whoever is no administrator any more."""
        if isinstance(error, NotAllowed):
            self.table.show([])
            self.loaded.emit()


def everyones_devices(session: Session, parent: QObject) -> SearchedTable[OwnedDevice]:
    """Return all devices of all users."""
    return SearchedTable(session, all_devices, _device_columns, parent)


def everyones_imports(session: Session, parent: QObject) -> SearchedTable[ImportRecord]:
    """Return all imports of all users."""
    return SearchedTable(session, all_imports, _import_columns, parent)


def _device_columns(at: SearchedTable[OwnedDevice]) -> Sequence[Column[OwnedDevice]]:
    statuses = {"active": translate("everyones", "Active"), "inactive": translate("everyones", "Inactive")}
    return [
        Column(translate("everyones", "Device"), lambda of: of.name, lambda of: natural(of.name)),
        Column(translate("everyones", "Owner"), lambda of: of.owner),
        Column(translate("everyones", "Category"), lambda of: of.category or NOTHING),
        Column(translate("everyones", "Status"), lambda of: statuses.get(of.status, of.status)),
        Column(
            translate("everyones", "Readings"),
            lambda of: number(of.readings),
            lambda of: of.readings,
            numeric=True,
        ),
        Column(
            translate("everyones", "Last reading"),
            lambda of: short_moment(of.last, at.zone) if of.last else NOTHING,
            lambda of: of.last.timestamp() if of.last else 0.0,
        ),
    ]


def _import_columns(at: SearchedTable[ImportRecord]) -> Sequence[Column[ImportRecord]]:
    return [
        Column(
            translate("everyones", "Imported"),
            lambda of: short_moment(of.created_at, at.zone),
            lambda of: of.created_at.timestamp(),
        ),
        Column(translate("everyones", "File"), lambda of: of.file, lambda of: natural(of.file)),
        Column(translate("everyones", "Owner"), lambda of: of.who),
        state_column(translate("everyones", "State")),
        count_column(translate("everyones", "Added"), "added"),
        count_column(translate("everyones", "Refused"), "refused"),
    ]
