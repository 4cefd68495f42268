"""What was decided about the file in hand: shown sheet by sheet, and changed as the user says."""

from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.features.imports.files import ImportFile, ImportSheet, MeterQuestion
from desktop.features.imports.plan_settings import Setting, settings_of, with_setting
from desktop.features.imports.preview import ImportPreview
from desktop.framework.formatting import number
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import run
from services.progress import Progress, silent
from services.readings import FIELDS, OnConflict, Sheet, SheetMapping, infer_mapping

WITHOUT: dict[str, tuple[str, ...]] = {
    "long": (),
    "wide": ("device", "number", "consumption", "category", "location", "notes"),
    "hours": ("time", "consumption"),
}
"""Fields that have no column in a layout: the headings of others stand for them."""
NEEDED = ("date", "consumption")


class ImportMapping(QObject):
    """``shown`` when another sheet is before the user, ``changed`` after that and after each choice."""

    fields = FIELDS
    shown = Signal()
    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file: ImportFile | None = None
        self._at: ImportSheet | None = None
        self.timezones = sorted(available_timezones())
        self.sample: RecordTable[tuple[int, list[str | None]]] = RecordTable([], lambda line: line[0], self)
        self.preview = ImportPreview(self)

    def show(self, file: ImportFile) -> None:
        """Begin with the file's first sheet that is to be imported."""
        self.file = file
        self._set_sheet(next(iter(file.chosen), file.sheets[0]))

    def show_sheet(self, index: int) -> None:
        if self.file is not None:
            self._set_sheet(self.file.sheets[index])

    def choose_sheet(self, index: int, chosen: bool) -> None:
        """Choose whether a sheet is to be imported."""
        if self.file is not None:
            self.file.sheets[index].chosen = chosen
            self.file.asked = None
            self.changed.emit()

    @property
    def sheets(self) -> list[ImportSheet]:
        return self.file.sheets if self.file else []

    @property
    def index(self) -> int:
        """Which of the sheets is shown."""
        return next((n for n, sheet in enumerate(self.sheets) if sheet is self._at), -1)

    @property
    def mapping(self) -> SheetMapping | None:
        return self._at.mapping if self._at else None

    @property
    def columns(self) -> list[str]:
        return list(self._at.mapping.columns) if self._at else []

    @property
    def caption(self) -> str:
        return caption(self._at) if self._at else ""

    @property
    def complaint(self) -> str:
        """What keeps the file from being imported, as a sentence; empty if nothing does."""
        return self.file.question if self.file else ""

    @property
    def meter_question(self) -> MeterQuestion | None:
        """What the import of the file asked; None if it asked nothing."""
        return self.file.meter_question if self.file else None

    @property
    def ambiguous_date(self) -> str:
        """A date of the sheet that reads either way; empty if the order of day and month is known."""
        return first_date_cell(self._at) if self._at and self._at.mapping.day_first is None else ""

    def shows(self, field: str) -> bool:
        """Return whether the layout has such a column."""
        return self._at is not None and field not in WITHOUT[self._at.mapping.layout]

    def column_of(self, field: str) -> str:
        """Return the column that holds the field; empty if none does."""
        return self._at.mapping.map.chosen().get(field, "") if self._at else ""

    @property
    def possible_meters(self) -> list[str]:
        """Of a wide sheet: the columns that hold neither date nor time."""
        taken = set(self._at.mapping.map.chosen().values()) if self._at else set()
        return [column for column in self.columns if column not in taken]

    @property
    def last_header(self) -> int:
        """The last row, from 1, in which a header can be."""
        return max(1, len(self._at.sheet.head)) if self._at else 1

    def needs(self, field: str) -> bool:
        """Return whether there is no reading without this field."""
        return field in NEEDED

    @property
    def marks(self) -> list[str]:
        """For each column, from left to right, what it holds in words; empty where it is left out."""
        return marks(self._at.mapping) if self._at else []

    @property
    def settings(self) -> list[Setting]:
        return settings_of(self._at.mapping) if self._at else []

    def set_column(self, field: str, column: str) -> None:
        """Set the column of a field; an empty one leaves it out, whatever the headings look like."""
        if self._at is not None:
            chosen = replace(self._at.mapping.map, **{field: column})
            self._change(replace(self._at.mapping, map=chosen))

    def set(self, name: str, value: Any) -> None:
        """Another value for a field of the mapping."""
        if self._at is not None and getattr(self._at.mapping, name) != value:
            self._change(with_setting(self._at.mapping, name, value))

    def set_meters(self, chosen: tuple[str, ...] | None) -> None:
        """None takes all columns that hold neither date nor time."""
        self.set("meters", tuple(self.possible_meters) if chosen is None else chosen)

    def set_on_conflict(self, choice: OnConflict | None) -> None:
        """What becomes of stored readings that have another value in this file; None: corrections replace
        them, and what is none is asked about."""
        if self.file is not None:
            self.file.on_conflict = choice
            self.file.asked = None
            self.changed.emit()

    def set_header(self, row: int) -> None:
        """Let the header begin in another row (from 0), and decide everything anew from there."""
        at = self._at
        if at is None or row == at.mapping.header:
            return
        task = run(infer_below, at.sheet, row, at.mapping.timezone, parent=self)
        task.succeeded.connect(lambda mapping: self._on_inferred(at, mapping))
        task.failed.connect(self.failed)

    def _on_inferred(self, sheet: ImportSheet, mapping: SheetMapping) -> None:
        sheet.mapping, sheet.remembered = mapping, False
        self._forget_question()
        if sheet is self._at:
            self._set_sheet(sheet)

    def _change(self, mapping: SheetMapping) -> None:
        assert self._at is not None
        self._at.mapping = mapping
        self._forget_question()
        self._update_preview()

    def _forget_question(self) -> None:
        """It was about the file as it was read before."""
        if self.file is not None:
            self.file.asked = None

    def _set_sheet(self, sheet: ImportSheet) -> None:
        self._at = sheet
        self._fill_sample()
        self.shown.emit()
        self._update_preview()

    def _fill_sample(self) -> None:
        assert self._at is not None
        first = self._at.mapping.header + self._at.mapping.header_rows
        headings = [_nth_column(title, n) for n, title in enumerate(self._at.mapping.columns)]
        self.sample.reset(headings, list(enumerate(self._at.sheet.head[first:])))

    def _update_preview(self) -> None:
        assert self._at is not None
        self.changed.emit()
        self.preview.show(self._at.sheet, self._at.mapping)


def _nth_column(title: str, index: int) -> Column[tuple[int, list[str | None]]]:
    return Column(title, lambda line: (line[1][index] if index < len(line[1]) else None) or "")


translate = QCoreApplication.translate


def field_name(field: str) -> str:
    names = {
        "date": translate("SheetWords", "Date and time"),
        "time": translate("SheetWords", "Time of day"),
        "device": translate("SheetWords", "Device"),
        "number": translate("SheetWords", "Meter number"),
        "consumption": translate("SheetWords", "Consumption"),
        "category": translate("SheetWords", "Category"),
        "location": translate("SheetWords", "Location"),
        "notes": translate("SheetWords", "Notes"),
    }
    return names[field]


def caption(at: ImportSheet) -> str:
    """Return the sheet and its extent, and whether its reading is remembered."""
    text = translate("SheetWords", "{sheet}: {rows} rows, {columns} columns.").format(
        sheet=at.sheet.name, rows=number(at.sheet.rows), columns=number(len(at.mapping.columns))
    )
    remembered = translate("SheetWords", "Read as files of this layout were before.")
    return f"{text} {remembered}" if at.remembered else text


def marks(mapping: SheetMapping) -> list[str]:
    """Return for each column, from left to right, what it holds; empty where it is left out."""
    held = {column: field_name(field) for field, column in mapping.map.chosen().items()}
    if mapping.layout == "wide":
        held |= dict.fromkeys(mapping.meters, translate("SheetWords", "Meter"))
    if mapping.layout == "hours":
        held |= dict.fromkeys(mapping.meters, translate("SheetWords", "Time of day"))
    return [held.get(column, "") for column in mapping.columns]


def first_date_cell(at: ImportSheet) -> str:
    """Return the first cell of the column of dates, as it stands there; empty if there is none."""
    if at.mapping.map.date not in at.mapping.columns:
        return ""
    index = at.mapping.columns.index(at.mapping.map.date)
    body = at.sheet.head[at.mapping.header + at.mapping.header_rows :]
    return next((cell for row in body if (cell := row[index])), "")


def infer_below(sheet: Sheet, row: int, timezone: str) -> SheetMapping:
    """Return what is decided if nothing above ``row`` (from 0) is looked at."""
    begun = replace(
        sheet, head=sheet.head[row:], rows=sheet.rows - row, body=partial(_body_below, sheet, row)
    )
    mapping = infer_mapping(begun, timezone)
    return replace(mapping, header=mapping.header + row)


def _body_below(sheet: Sheet, row: int, first: int, progress: Progress = silent) -> pd.DataFrame:
    return sheet.body(first + row, progress)
