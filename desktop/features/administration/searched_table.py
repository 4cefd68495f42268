"""A table of what a service finds by what is typed."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import number
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import SessionViewModel
from services.accounts import NotAllowed, Session
from services.errors import LoadlensError
from services.scope import Scope


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
