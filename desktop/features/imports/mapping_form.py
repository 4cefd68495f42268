"""Which sheets are imported, and which column of the one that is shown holds what."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.features.imports.mapping import ImportMapping, field_name
from desktop.features.imports.plan_settings import Setting
from desktop.widgets.multi_choice import MultiChoice

MAIN_FIELDS = ("date", "device", "consumption")
SHEETS_SHOWN = 4
ROW_HEIGHT = 26
ZONES_SHOWN = 14
SHORTEST = 8
"""Letters that a list of columns makes room for."""


class ImportColumnsForm(QWidget):
    """A list of sheets where there are several, then a list of columns for each field."""

    def __init__(self, mapping: ImportMapping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mapping = mapping
        self._sheets_label = QLabel(self.tr("Sheets to im&port"), self)
        self.sheets = QListWidget(self)
        self.sheets.setAccessibleName(self.tr("Sheets to import"))
        self._sheets_label.setBuddy(self.sheets)
        self.labels = {field: QLabel(self._label(field), self) for field in mapping.fields}
        self.columns = {field: self._make_columns(field) for field in mapping.fields}
        self._meters_label = QLabel(self.tr("Meter&s"), self)
        self.meters = MultiChoice(self.tr("All columns"), self.tr("{count} of {total} columns"), self)
        self.meters.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._meters_label.setBuddy(self.meters)
        self._name_label = QLabel(self.tr("Name of the dev&ice"), self)
        self.device_name = QLineEdit(self)
        self.device_name.setAccessibleName(self.tr("Name of the device"))
        self._name_label.setBuddy(self.device_name)
        self._all_fields = False
        self._pairs: dict[QWidget, QWidget] = {}
        self._lay_out()
        self._connect()

    def show_all(self, everything: bool) -> None:
        """Show the fields that no column was found for, too."""
        self._all_fields = everything
        self._show_choices()

    def _make_columns(self, field: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(field_name(field))
        combo.setMinimumContentsLength(SHORTEST)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.labels[field].setBuddy(combo)
        return combo

    def _label(self, field: str) -> str:
        labels = {
            "date": self.tr("Date a&nd time"),
            "time": self.tr("&Time of day, if apart"),
            "device": self.tr("Devi&ce"),
            "number": self.tr("Meter number (optional)"),
            "consumption": self.tr("Con&sumption"),
            "category": self.tr("Cate&gory (optional)"),
            "location": self.tr("Loc&ation (optional)"),
            "notes": self.tr("Not&es (optional)"),
        }
        return labels[field]

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        pairs: list[tuple[QLabel, QWidget]] = [(self._sheets_label, self.sheets)]
        for field in self._mapping.fields:
            pairs.append((self.labels[field], self.columns[field]))
            if field == "time":
                pairs.append((self._meters_label, self.meters))
            if field == "device":
                pairs.append((self._name_label, self.device_name))
        for label, control in pairs:
            self._pairs[control] = pair = QWidget(self)
            inside = QVBoxLayout(pair)
            inside.setContentsMargins(0, 0, 0, 4)
            inside.setSpacing(4)
            inside.addWidget(label)
            inside.addWidget(control)
            layout.addWidget(pair)

    def _connect(self) -> None:
        for field, combo in self.columns.items():
            combo.activated.connect(partial(self._choose, field))
        self.sheets.currentRowChanged.connect(self._choose_sheet)
        self.sheets.itemChanged.connect(self._tick_sheet)
        self.meters.changed.connect(self._mapping.set_meters)
        self.device_name.editingFinished.connect(self._choose_name)
        self._mapping.shown.connect(self._show_sheet)
        self._mapping.changed.connect(self._show_choices)

    def _choose(self, field: str, row: int) -> None:
        self._mapping.set_column(field, self.columns[field].itemData(row))

    def _choose_sheet(self, row: int) -> None:
        if row >= 0 and row != self._mapping.index:
            self._mapping.show_sheet(row)

    def _tick_sheet(self, item: QListWidgetItem) -> None:
        self._mapping.choose_sheet(self.sheets.row(item), item.checkState() is Qt.CheckState.Checked)

    def _choose_name(self) -> None:
        if name := self.device_name.text().strip():
            self._mapping.set("device_name", name)

    def _show_sheet(self) -> None:
        """Another sheet: its columns to choose from."""
        self._fill_sheets()
        for field, combo in self.columns.items():
            combo.clear()
            combo.addItem(self.tr("— choose —") if self._mapping.needs(field) else self.tr("— none —"), "")
            for column in self._mapping.columns:
                combo.addItem(column, column)

    def _fill_sheets(self) -> None:
        self._pairs[self.sheets].setVisible(len(self._mapping.sheets) > 1)
        self.sheets.blockSignals(True)
        self.sheets.clear()
        for sheet in self._mapping.sheets:
            item = QListWidgetItem(sheet.sheet.name, self.sheets)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            item.setCheckState(Qt.CheckState.Checked if sheet.chosen else Qt.CheckState.Unchecked)
        self.sheets.setCurrentRow(self._mapping.index)
        self.sheets.blockSignals(False)
        self.sheets.setFixedHeight(ROW_HEIGHT * min(len(self._mapping.sheets), SHEETS_SHOWN) + 4)

    def _show_choices(self) -> None:
        """What the mapping holds, and only what its layout has."""
        for field, combo in self.columns.items():
            combo.setCurrentIndex(max(0, combo.findData(self._mapping.column_of(field))))
            said = self._all_fields or field in MAIN_FIELDS or self._mapping.column_of(field)
            self._pairs[combo].setVisible(bool(said) and self._mapping.shows(field))
        mapping = self._mapping.mapping
        wide = mapping is not None and mapping.layout == "wide"
        self._pairs[self.meters].setVisible(wide)
        self._pairs[self.device_name].setVisible(not wide and not self._mapping.column_of("device"))
        if mapping is not None:
            self.device_name.setText(mapping.device_name)
            self.meters.offer([(column, column) for column in self._mapping.possible_meters], mapping.meters)


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

    def _add(self, text: str, control: QWidget, index: int | None = None) -> None:
        label = QLabel(text, self)
        label.setBuddy(control)
        control.setAccessibleName(text.replace("&", ""))
        at = self._layout.count() if index is None else index
        for offset, widget in enumerate((label, control)):
            self._layout.insertWidget(at + offset, widget)
        self._layout.insertSpacing(at + 2, 4)

    def _connect(self) -> None:
        self.header.valueChanged.connect(lambda row: self._mapping.set_header(row - 1))
        self.timezone.currentTextChanged.connect(partial(self._mapping.set, "timezone"))
        self.conflict.activated.connect(self._choose_on_conflict)
        self._mapping.changed.connect(self._show)

    def _show(self) -> None:
        for index, setting in enumerate(self._mapping.settings):
            if setting.name not in self.choices:
                combo = self.choices[setting.name] = _narrow(QComboBox(self))
                combo.activated.connect(partial(self._choose, setting.name))
                self._add(setting.label, combo, index=3 + 3 * index)
            self._fill(self.choices[setting.name], setting)
        mapping = self._mapping.mapping
        if mapping is None or self._mapping.file is None:
            return
        self.header.blockSignals(True)
        self.header.setRange(1, self._mapping.last_header)
        self.header.setValue(mapping.header + 1)
        self.header.blockSignals(False)
        if self.timezone.currentText() != mapping.timezone:
            self.timezone.setCurrentText(mapping.timezone)
        self.conflict.setCurrentIndex(self.conflict.findData(self._mapping.file.on_conflict or ""))

    def _fill(self, combo: QComboBox, setting: Setting) -> None:
        if [combo.itemText(row) for row in range(combo.count())] != [text for text, _ in setting.choices]:
            combo.clear()
            for text, value in setting.choices:
                combo.addItem(text, value)
        said = getattr(self._mapping.mapping, setting.name)
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
