"""What is seldom to be said about a file: layout, unit, marks, times, and what to do about other values."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop.features.imports.mapping import ImportMapping
from desktop.features.imports.plan_settings import Setting

SHORTEST = 8
ZONES_SHOWN = 14


class ImportSettingsForm(QWidget):
    """Everything has been decided already; each choice shows what was."""

    def __init__(self, mapping: ImportMapping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mapping = mapping
        self.header = QSpinBox(self)
        self.header.setKeyboardTracking(False)
        self.choices: dict[str, QComboBox] = {}
        self.timezone = self._make_timezone()
        self.conflict = self._make_conflict()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._add(self.tr("Header in row"), self.header)
        self._add(self.tr("Time &zone of the file's dates"), self.timezone)
        self._add(self.tr("Where another value is stored"), self.conflict)
        self._connect()

    def _make_timezone(self) -> QComboBox:
        combo = _narrow(QComboBox(self))
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.addItems(self._mapping.timezones)
        combo.setMaxVisibleItems(ZONES_SHOWN)
        combo.setToolTip(self.tr("Type a part of its name, such as a city."))
        finder = QCompleter(self._mapping.timezones, combo)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        combo.setCompleter(finder)
        return combo

    def _make_conflict(self) -> QComboBox:
        combo = _narrow(QComboBox(self))
        combo.addItem(self.tr("Replace it; ask where most are others"), "")
        combo.addItem(self.tr("Replace it by the file's"), "replace")
        combo.addItem(self.tr("Keep the stored one"), "keep")
        combo.addItem(self.tr("Take the file's for another meter's, where most are others"), "new")
        combo.setToolTip(self.tr("What becomes of a stored reading when this file has another value for it."))
        return combo

    def _add(self, text: str, control: QWidget, place: int | None = None) -> None:
        label = QLabel(text, self)
        label.setBuddy(control)
        control.setAccessibleName(text.replace("&", ""))
        at = self._layout.count() if place is None else place
        for offset, widget in enumerate((label, control)):
            self._layout.insertWidget(at + offset, widget)
        self._layout.insertSpacing(at + 2, 4)

    def _connect(self) -> None:
        self.header.valueChanged.connect(lambda row: self._mapping.set_header(row - 1))
        self.timezone.currentTextChanged.connect(partial(self._mapping.set, "timezone"))
        self.conflict.activated.connect(self._choose_on_conflict)
        self._mapping.changed.connect(self._show)

    def _show(self) -> None:
        for place, setting in enumerate(self._mapping.settings):
            if setting.name not in self.choices:
                combo = self.choices[setting.name] = _narrow(QComboBox(self))
                combo.activated.connect(partial(self._choose, setting.name))
                self._add(setting.label, combo, place=3 + 3 * place)
            self._fill(self.choices[setting.name], setting)
        plan = self._mapping.plan
        if plan is None or self._mapping.file is None:
            return
        self.header.blockSignals(True)
        self.header.setRange(1, self._mapping.last_header)
        self.header.setValue(plan.header + 1)
        self.header.blockSignals(False)
        if self.timezone.currentText() != plan.timezone:
            self.timezone.setCurrentText(plan.timezone)
        self.conflict.setCurrentIndex(self.conflict.findData(self._mapping.file.on_conflict or ""))

    def _fill(self, combo: QComboBox, setting: Setting) -> None:
        if [combo.itemText(row) for row in range(combo.count())] != [text for text, _ in setting.choices]:
            combo.clear()
            for text, value in setting.choices:
                combo.addItem(text, value)
        said = getattr(self._mapping.plan, setting.name)
        values = [value for _text, value in setting.choices]
        combo.setCurrentIndex(values.index(said) if said in values else 0)

    def _choose_on_conflict(self, row: int) -> None:
        self._mapping.set_on_conflict(self.conflict.itemData(row) or None)

    def _choose(self, name: str, row: int) -> None:
        self._mapping.set(name, self.choices[name].itemData(row))


def _narrow(combo: QComboBox) -> QComboBox:
    combo.setMinimumContentsLength(SHORTEST)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
