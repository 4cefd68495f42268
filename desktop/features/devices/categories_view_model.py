"""The categories of devices: add, rename, delete."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import number
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import run
from services.accounts import Session
from services.devices import Category, add_category, delete_category, list_categories, rename_category
from services.scope import Scope


class CategoriesViewModel(QObject):
    """``changed`` after each command that succeeded, ``refused`` with the sentence of one that did not."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.table: RecordTable[Category] = RecordTable(
            [
                Column(self.tr("Category"), lambda category: category.name),
                Column(
                    self.tr("Devices"),
                    lambda category: number(category.devices),
                    lambda category: category.devices,
                    numeric=True,
                ),
            ],
            lambda category: category.id,
            self,
        )

    @property
    def choices(self) -> list[tuple[str, str | None]]:
        """(name, id) of no category and of each."""
        return [(self.tr("— none —"), None), *((c.name, c.id) for c in self.table.records)]

    def refresh(self) -> None:
        task = run(lambda: list_categories(self._session.scope()), parent=self)
        task.succeeded.connect(self.table.show)
        task.failed.connect(self.refused)

    def add(self, name: str) -> None:
        self._command(lambda scope: add_category(scope, name.strip()))

    def rename(self, category_id: str, name: str) -> None:
        self._command(lambda scope: rename_category(scope, category_id, name.strip()))

    def delete(self, category_id: str) -> None:
        self._command(lambda scope: delete_category(scope, category_id))

    def deletion_effect(self, category: Category) -> str:
        """What deleting it does, to be read before it is done."""
        if not category.devices:
            return self.tr("No device uses this category.")
        return self.tr("Its devices ({count}) stay, without a category.").format(
            count=number(category.devices)
        )

    def _command(self, command: Callable[[Scope], object]) -> None:
        task = run(lambda: command(self._session.scope()), parent=self)
        task.succeeded.connect(self._done)
        task.failed.connect(self.refused)

    def _done(self) -> None:
        self.refresh()
        self.changed.emit()
