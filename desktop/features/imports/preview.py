"""The readings that a sheet would become, read ahead while the user looks at it."""

from dataclasses import dataclass, replace
from functools import partial
from math import isnan

import pandas as pd
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.framework.formatting import day, kwh, moment, number, short_moment
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import Task, run
from services.importing import describe_meters, imported_meters
from services.messages import ngettext
from services.names import name_key
from services.progress import Progress, silent
from services.readings import (
    Readings,
    Sheet,
    SheetMapping,
    cache_body,
    columns_left,
    describe_clock,
    find_problem,
    parse_sheet,
    values_of,
)

ROWS_READ = 200_000
ROWS = 200
METERS = 4
DAYS_SHOWN_SINGLY = 21
"""Up to so many days the chart has each reading, above them the sum of each day."""
WAIT_MS = 250
"""Choices that follow each other sooner are read once."""

Row = tuple[int, str, pd.Timestamp, float, str]
Line = tuple[str, list[float]]


@dataclass(frozen=True)
class ReadAhead:
    """The first readings, and a few meters over time: ``x`` in wall-clock seconds, ``lines`` in kWh."""

    rows: list[Row]
    readings: int
    devices: int
    refused: int
    first_refusal: str
    measured: list[str]
    """What the file's meters measure and what is left out, a sentence each."""
    clock: str
    """A sentence where the file's clock was not changed in spring and autumn."""
    by_day: bool
    x: list[float]
    lines: list[Line]


def read_ahead(sheet: Sheet, mapping: SheetMapping, progress: Progress) -> ReadAhead:
    """Read the preview; raise `MappingRefused`, `FileRefused`, and whatever ``progress`` raises."""
    progress("Reading ahead", 0, 1)
    found = parse_sheet(sheet, mapping, progress)
    progress("Reading ahead", 0, 1)
    frame = found.frame
    local = frame["date"].dt.tz_convert(mapping.timezone).dt.tz_localize(None)
    by_day = bool(len(local)) and (local.max() - local.min()).days > DAYS_SHOWN_SINGLY
    devices = frame["device"].drop_duplicates()
    some = frame["device"].isin(devices.head(METERS))
    when = local[some].dt.normalize() if by_day else local[some]
    energy = frame.loc[some].groupby([when, frame.loc[some, "device"].astype("str")])["consumption"].sum()
    table = energy.unstack().sort_index()
    head = frame.head(ROWS)
    units = [
        _unit(found, device, kwh) for device, kwh in zip(head["device"], head["consumption"], strict=True)
    ]
    rows = list(zip(range(ROWS), head["device"], head["date"], values_of(head), units, strict=False))
    return ReadAhead(
        rows=rows,
        readings=len(frame),
        devices=len(devices),
        refused=len(found.refused),
        first_refusal=found.refused[0].reason if found.refused else "",
        measured=describe_meters(imported_meters(found), [*columns_left(mapping), *found.columns_left]),
        clock="" if found.utc_offset_minutes is None else describe_clock(found.utc_offset_minutes),
        by_day=by_day,
        x=[time.timestamp() for time in table.index],
        lines=[(str(name), table[name].tolist()) for name in devices.head(METERS)],
    )


def _unit(found: Readings, device: str, kwh: float) -> str:
    """Return the unit in which a reading of a device is shown."""
    if not isnan(kwh):
        return "kWh"
    meter = found.meters.get(name_key(device))
    return (meter.unit if meter else None) or "kWh"


def beginning(sheet: Sheet) -> Sheet:
    """Return the sheet as a preview reads it: a long one's first rows alone, none of them twice."""
    return cache_body(replace(sheet, body=partial(_first_rows, sheet)), silent)


def _first_rows(sheet: Sheet, first: int, progress: Progress = silent) -> pd.DataFrame:
    return sheet.body(first, progress).head(ROWS_READ)


class ImportPreview(QObject):
    """``changed`` when there is another preview, or none; ``busy`` while one is made."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._wanted: tuple[Sheet, SheetMapping] | None = None
        self._sheet: Sheet | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._begin)
        self.busy = False
        self.found: ReadAhead | None = None
        self.sentence = ""
        self.table: RecordTable[Row] = RecordTable([], lambda row: row[0], self)

    def show(self, sheet: Sheet, mapping: SheetMapping) -> None:
        """Read ahead what this mapping makes of the sheet, once no other is wanted for a moment."""
        self.stop()
        if sheet is not self._sheet:
            self._sheet, self._beginning = sheet, beginning(sheet)
        self._wanted = (self._beginning, mapping)
        self.busy = find_problem(mapping) is None
        if self.busy:
            self._timer.start()
        else:
            self.found = None
            self.sentence = self.tr("The readings are shown here once that is said.")
            self.table.reset([], [])
        self.changed.emit()

    def stop(self) -> None:
        """Want none any more."""
        self._timer.stop()
        self._wanted = None
        self.busy = False
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def caption(self) -> str:
        """What came of the sheet, in a sentence or two."""
        if self.busy or self.found is None:
            return self.tr("Reading ahead…") if self.busy else self.sentence
        found = self.found
        of_some = bool(self._wanted and self._wanted[0].rows > ROWS_READ)
        if of_some:
            text = ngettext(
                "In the first {rows} rows: {readings} readings of one device.",
                "In the first {rows} rows: {readings} readings of {count} devices.",
                found.devices,
                rows=number(ROWS_READ),
                readings=number(found.readings),
            )
        else:
            text = ngettext(
                "{readings} readings of one device.",
                "{readings} readings of {count} devices.",
                found.devices,
                readings=number(found.readings),
            )
        if found.refused:
            text += " " + self.tr("{count} rows are refused, the first: {reason}").format(
                count=number(found.refused), reason=found.first_refusal
            )
        first = (text, *found.measured) if of_some else (*found.measured, text)
        return " ".join(part for part in (*first, found.clock) if part)

    @property
    def texts(self) -> list[str]:
        """Each point of the chart in words."""
        if self.found is None:
            return []
        times = pd.to_datetime(self.found.x, unit="s")
        return [_point_text(self.found, n, time) for n, time in enumerate(times)]

    def _begin(self) -> None:
        if self._wanted is None:
            return
        task = run(read_ahead, *self._wanted, parent=self, with_progress=True)
        task.succeeded.connect(lambda found: self._take(task, found, ""))
        task.failed.connect(lambda sentence: self._take(task, None, sentence))
        self._task = task

    def _take(self, task: Task, found: ReadAhead | None, sentence: str) -> None:
        if task is not self._task:
            return  # overtaken by another choice
        self._task, self.busy, self.found, self.sentence = None, False, found, sentence
        zone = self._wanted[1].timezone if self._wanted else "UTC"
        self.table.reset(self._columns(zone) if found else [], found.rows if found else [])
        self.changed.emit()

    def _columns(self, zone: str) -> list[Column[Row]]:
        return [
            Column(self.tr("Device"), lambda row: row[1]),
            Column(
                self.tr("Date"), lambda row: short_moment(row[2].to_pydatetime(), zone), lambda row: row[0]
            ),
            Column(
                self.tr("Amount"),
                lambda row: kwh(row[3]) if row[4] == "kWh" else f"{number(row[3], 2)} {row[4]}",
                lambda row: row[3],
                numeric=True,
            ),
        ]


def _point_text(found: ReadAhead, index: int, time: pd.Timestamp) -> str:
    when = moment(time.to_pydatetime(), "UTC")
    if found.by_day:
        when = day(time.date())
    known = [(name, energy) for name, values in found.lines if (energy := values[index]) == energy]
    return "\n".join([when, *(f"{name}: {kwh(energy)}" for name, energy in known)])
