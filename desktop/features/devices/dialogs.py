"""Add a device, edit one or several; and the buttons that open these dialogs for the chosen devices."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.devices.categories_dialog import CategoriesDialog
from desktop.features.devices.fields import (
    EDITABLE,
    EDITED_TOGETHER,
    Choices,
    field_kind,
    field_label,
    field_values,
    form_label,
    refusal,
)
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.confirmation import confirm
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.plain_label import PlainLabel

LONGEST_TEXT = 200


class TextEdit(QLineEdit):
    """``value`` is the text."""

    @property
    def value(self) -> str:
        return self.text()

    def set_value(self, value: str) -> None:
        self.setText(value)


Editor = Choice | NumberEdit | TextEdit


def make_editor(name: str, choices: Choices, parent: QWidget) -> Editor:
    """Make the widget that edits a field of devices, with what there is to choose from, if anything is."""
    kind = field_kind(name)
    if kind in ("category", "parent", "choice"):
        return Choice(field_label(name), choices, parent)
    editor = NumberEdit(parent) if kind == "number" else TextEdit(parent)
    editor.setMaxLength(LONGEST_TEXT)
    editor.setAccessibleName(field_label(name))
    return editor


class DeviceDialog(QDialog):
    """Stays open until the device is saved, so that a refused entry can be corrected."""

    def __init__(
        self,
        view_model: DevicesViewModel,
        device_id: str | None = None,
        values: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._device_id = device_id
        self.setWindowTitle(self.tr("Add device") if device_id is None else self.tr("Edit device"))
        self._banner = Banner(self)
        known = [device_id] if device_id else []
        self.editors = {name: make_editor(name, view_model.choices(name, known), self) for name in EDITABLE}
        self.name = self.editors["name"]
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        follow_utility(view_model, self.editors, known)
        for name, value in (values or {}).items():
            self.editors[name].set_value(value)
        for editor in self.editors.values():
            if isinstance(editor, QLineEdit):
                editor.textChanged.connect(self._validate)
            if isinstance(editor, NumberEdit):
                editor.setPlaceholderText(self.tr("not known"))
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self._show_refusal)
        self._validate()
        if isinstance(self.name, QLineEdit):
            self.name.selectAll()

    def _lay_out(self) -> None:
        form = LabelledForm()
        for name, editor in self.editors.items():
            form.add(form_label(name), editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self._banner)
        layout.addLayout(form)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(420)

    def _validate(self) -> None:
        """Enable Save only for what can be saved, and say why it cannot."""
        complaint = next(filter(None, (_complaint(n, editor) for n, editor in self.editors.items())), "")
        if complaint:
            self._banner.show_error(complaint)
        else:
            self._banner.hide()
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(bool(str(self.name.value).strip()) and not complaint)

    def _save(self) -> None:
        values = {name: editor.value for name, editor in self.editors.items()}
        self.setEnabled(False)
        if self._device_id is None:
            self._view_model.add(values)
        else:
            self._view_model.edit([self._device_id], values)

    def _show_refusal(self, sentence: str) -> None:
        self.setEnabled(True)
        self._banner.show_error(sentence)
        self.name.setFocus()


def follow_utility(
    view_model: DevicesViewModel, editors: Mapping[str, Editor], device_ids: Sequence[str]
) -> None:
    """Offer the units and the meters of the utility that is chosen, now and whenever another is."""
    utility, unit, above = (editors[name] for name in ("utility", "unit", "parent_id"))
    if isinstance(utility, Choice) and isinstance(unit, Choice) and isinstance(above, Choice):

        def follow() -> None:
            unit.offer(view_model.choices("unit", device_ids, utility.value))
            above.offer(view_model.choices("parent_id", device_ids, utility.value))

        utility.currentIndexChanged.connect(follow)
        follow()


def _complaint(name: str, editor: Editor) -> str:
    """Return why a number cannot be saved; an unfinished one reads as below every bound."""
    if not isinstance(editor, NumberEdit):
        return ""
    unfinished = bool(editor.text()) and not editor.hasAcceptableInput()
    return refusal(name, -1.0 if unfinished else editor.value)


class BulkEditDialog(QDialog):
    """Only what is ticked is changed; an empty number that is ticked becomes not known."""

    def __init__(
        self, view_model: DevicesViewModel, device_ids: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._device_ids = list(device_ids)
        self.setWindowTitle(self.tr("Edit {count} devices").format(count=len(device_ids)))
        self._banner = Banner(self)
        self.editors = {
            name: make_editor(name, view_model.choices(name, device_ids), self) for name in EDITED_TOGETHER
        }
        first, utility = view_model.device(device_ids[0]), self.editors["utility"]
        if first and isinstance(utility, Choice):
            utility.set_value(first.utility)
        follow_utility(view_model, self.editors, device_ids)
        self.ticks = {name: QCheckBox(form_label(name), self) for name in EDITED_TOGETHER}
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        self._connect()
        self._enable_ticked()

    def _lay_out(self) -> None:
        hint = QLabel(self.tr("Tick what all of them are to have; the rest stays as it is."), self)
        hint.setProperty("role", "muted")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (name, tick) in enumerate(self.ticks.items()):
            editor = self.editors[name]
            editor.setAccessibleName(tick.text().replace("&", ""))
            grid.addWidget(tick, row, 0)
            grid.addWidget(editor, row, 1)
            if isinstance(editor, NumberEdit):
                editor.setPlaceholderText(self.tr("not known"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self._banner)
        layout.addWidget(hint)
        layout.addLayout(grid)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)

    def _connect(self) -> None:
        for name, tick in self.ticks.items():
            tick.toggled.connect(self._enable_ticked)
            tick.clicked.connect(self.editors[name].setFocus)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self._view_model.saved.connect(self.accept)
        self._view_model.refused.connect(self._show_refusal)

    def _enable_ticked(self) -> None:
        for name, tick in self.ticks.items():
            self.editors[name].setEnabled(tick.isChecked())
        ticked = any(tick.isChecked() for tick in self.ticks.values())
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(ticked)

    def _save(self) -> None:
        values = {name: self.editors[name].value for name, tick in self.ticks.items() if tick.isChecked()}
        self.setEnabled(False)
        self._view_model.edit(self._device_ids, values)

    def _show_refusal(self, sentence: str) -> None:
        self.setEnabled(True)
        self._banner.show_error(sentence)


class DeviceActions(QWidget):
    """Show, edit and delete what ``chosen`` names; every dialog opens over ``parent``.

    ``device_wanted`` with the id of the one to open.
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

    def update_buttons(self, hint: str) -> None:
        """Enable what can be done with the chosen devices; show ``hint`` where none is chosen."""
        chosen = self._chosen()
        self.open.setEnabled(len(chosen) == 1)
        self.edit.setEnabled(bool(chosen))
        self.delete.setEnabled(bool(chosen))
        self.verdict.setText(self._view_model.describe(chosen) or hint)

    def show_chosen(self) -> None:
        if len(chosen := self._chosen()) == 1:
            self.device_wanted.emit(chosen[0])

    def add(self) -> None:
        self._show(DeviceDialog(self._view_model, parent=self._page))

    def edit_chosen(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 1 and (device := self._view_model.device(chosen[0])):
            self._show(DeviceDialog(self._view_model, device.id, field_values(device), self._page))
        elif chosen:
            self._show(BulkEditDialog(self._view_model, chosen, self._page))

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
