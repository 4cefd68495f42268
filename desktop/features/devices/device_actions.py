"""What can be done with the chosen devices, and what is to be said of them."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QWidget

from desktop.features.devices.categories_dialog import CategoriesDialog
from desktop.features.devices.device_bulk_dialog import DeviceBulkDialog
from desktop.features.devices.device_dialog import DeviceDialog
from desktop.features.devices.device_edits import DeviceFields
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.confirmation import confirm
from desktop.widgets.plain_label import PlainLabel


class DeviceActions(QWidget):
    """Show, edit and delete what ``chosen`` names; every dialog opens over ``parent``.

    ``device_wanted`` with the id of one to look at.
    """

    device_wanted = Signal(str)

    def __init__(
        self, view_model: DevicesViewModel, chosen: Callable[[], list[str]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._chosen = chosen
        self._page = parent
        self.verdict = PlainLabel(parent=self)
        self.verdict.setProperty("role", "muted")
        self.verdict.setWordWrap(True)
        self.open = QPushButton(self.tr("Sho&w"), self)
        self.edit = QPushButton(self.tr("Edit…"), self)
        self.edit.setToolTip(self.tr("One device, or all that are chosen at once (Ctrl+E)"))
        self.delete = QPushButton(self.tr("Delete…"), self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.verdict, 1)
        for button, command in (
            (self.open, self.show_chosen),
            (self.edit, self.edit_chosen),
            (self.delete, self.delete_chosen),
        ):
            button.clicked.connect(command)
            layout.addWidget(button)
        view_model.effect_known.connect(self._confirm_deletion)

    def offer(self, hint: str) -> None:
        """Offer what can be done with the chosen devices now; ``hint`` is said where none is."""
        chosen = self._chosen()
        self.open.setEnabled(len(chosen) == 1)
        self.edit.setEnabled(bool(chosen))
        self.delete.setEnabled(bool(chosen))
        self.verdict.setText(self._view_model.said_of(chosen) or hint)

    def show_chosen(self) -> None:
        if len(chosen := self._chosen()) == 1:
            self.device_wanted.emit(chosen[0])

    def add(self) -> None:
        self._show(DeviceDialog(self._view_model, parent=self._page))

    def edit_chosen(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 1 and (device := self._view_model.device(chosen[0])):
            self._show(DeviceDialog(self._view_model, device.id, DeviceFields.of(device), self._page))
        elif chosen:
            self._show(DeviceBulkDialog(self._view_model, chosen, self._page))

    def delete_chosen(self) -> None:
        if chosen := self._chosen():
            self._view_model.ask_deletion_effect(chosen)

    def show_categories(self) -> None:
        self._show(CategoriesDialog(self._view_model.categories, self._page))

    def _confirm_deletion(self, device_ids: list[str], question: str, effect: str) -> None:
        confirm(self._page, question, effect, self.tr("Delete"), lambda: self._view_model.delete(device_ids))

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
