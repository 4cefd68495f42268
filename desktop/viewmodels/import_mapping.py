"""Which column of the file in hand holds what, and in which time zone its clock runs."""

from dataclasses import replace
from zoneinfo import available_timezones

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.quantities import number
from desktop.viewmodels.record_table import Column, RecordTable
from services.importing import Preview
from services.readings import FIELDS, REQUIRED, ColumnMap


class ImportMapping(QObject):
    """As recognised at first, then as the user chooses; ``changed`` after each choice and each new file."""

    fields = FIELDS
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self.column_map = ColumnMap()
        self.timezone = ""
        self.timezones = sorted(available_timezones())
        self.sample: RecordTable[tuple[int, list[str]]] = RecordTable([], lambda line: line[0], self)

    def show(self, preview: Preview, facility_timezone: str) -> None:
        """Begin with what was recognised; a time zone that was chosen for the last file stays."""
        self._preview = preview
        self.column_map = preview.column_map
        self.timezone = self.timezone or facility_timezone
        headings = [_nth_column(title, i) for i, title in enumerate(self.columns)]
        self.sample.reset(headings, list(enumerate(preview.rows)))
        self.changed.emit()

    @property
    def columns(self) -> list[str]:
        return self._preview.table.columns if self._preview else []

    @property
    def caption(self) -> str:
        """The sheet and its extent."""
        if self._preview is None:
            return ""
        table = self._preview.table
        return self.tr("{sheet}: {rows} rows, {columns} columns. The first rows are shown below.").format(
            sheet=table.sheet, rows=number(len(table.frame)), columns=number(len(self.columns))
        )

    def column_of(self, field: str) -> str:
        """The column that holds the field; empty if none does."""
        return self.column_map.chosen().get(field, "")

    def needs(self, field: str) -> bool:
        """Whether there is no reading without this field."""
        return field in REQUIRED

    def field_name(self, field: str) -> str:
        names = {
            "date": self.tr("Date and time"),
            "device": self.tr("Device"),
            "consumption": self.tr("Consumption (kWh)"),
            "category": self.tr("Category"),
            "location": self.tr("Location"),
            "notes": self.tr("Notes"),
        }
        return names[field]

    @property
    def marks(self) -> list[str]:
        """For each column, from left to right, the field it holds in words; empty where it is left out."""
        held = {column: self.field_name(field) for field, column in self.column_map.chosen().items()}
        return [held.get(column, "") for column in self.columns]

    def set_column(self, field: str, column: str) -> None:
        """An empty ``column`` leaves the field out, whatever the headings look like."""
        self.column_map = replace(self.column_map, **{field: column})
        self.changed.emit()

    def set_timezone(self, name: str) -> None:
        self.timezone = name
        self.changed.emit()

    @property
    def complaint(self) -> str:
        """What keeps the import from starting, as a sentence; empty if nothing does."""
        missing = [self.field_name(field) for field in self.column_map.missing()]
        if missing:
            return self.tr("Choose the column that holds: {fields}.").format(fields=", ".join(missing))
        chosen = list(self.column_map.chosen().values())
        twice = next((column for column in chosen if chosen.count(column) > 1), None)
        if twice is not None:
            return self.tr("The column “{column}” is chosen for more than one field.").format(column=twice)
        if self.timezone not in self.timezones:
            return self.tr("Choose the time zone of the file's dates from the list.")
        return ""


def _nth_column(title: str, place: int) -> Column[tuple[int, list[str]]]:
    return Column(title, lambda line: line[1][place] if place < len(line[1]) else "")
