"""The categories of devices: add, rename, delete."""

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import number
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.devices import Category, add_category, delete_category, list_categories, rename_category


class CategoriesViewModel(SessionViewModel):
    """``changed`` after each command that succeeded, ``failed`` with the sentence of one that did not."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
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
        """Return (name, id) of no category and of each."""
        return [(self.tr("— none —"), None), *((c.name, c.id) for c in self.table.records)]

    def refresh(self) -> None:
        self.ask(list_categories, self.table.show)

    def add(self, name: str) -> None:
        self.ask(lambda scope: add_category(scope, name.strip()), self._on_done)

    def rename(self, category_id: str, name: str) -> None:
        self.ask(lambda scope: rename_category(scope, category_id, name.strip()), self._on_done)

    def delete(self, category_id: str) -> None:
        self.ask(lambda scope: delete_category(scope, category_id), self._on_done)

    def deletion_effect(self, category: Category) -> str:
        """Return what deleting it does, as a sentence."""
        if not category.devices:
            return self.tr("No device uses this category.")
        return self.tr("Its devices ({count}) stay, without a category.").format(
            count=number(category.devices)
        )

    def _on_done(self) -> None:
        self.refresh()
        self.changed.emit()
