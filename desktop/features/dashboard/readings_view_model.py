"""The readings behind the dashboard's figures, one by one: up to a million, kept as arrays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
from PySide6.QtCore import QAbstractTableModel, QLocale, QObject, Qt, Signal

from desktop.framework.formatting import days_in_words, number, wall_clock
from desktop.framework.record_table import NOWHERE, Index
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.dashboard import Filter
from services.devices import list_devices
from services.progress import Progress
from services.readings import daily_consumption, interval_data
from services.scope import Scope
from services.tables import guarded, write_table

DATE, DEVICE, ENERGY = range(3)
DECIMALS = 3
ROOM_FOR_ARROW = "\N{EM SPACE}"
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGNMENTS = (LEFT, LEFT, RIGHT)
WRITING = "writing"
MOST = 1_000_000
"""Readings that are shown; of more, the last days that hold no more."""


@dataclass(frozen=True, eq=False)
class Readings:
    """As many values in each array as there are readings."""

    dates: pd.DatetimeIndex
    """Beginnings of the intervals, aware, in the facility's time zone."""
    local: npt.NDArray[np.datetime64]
    """The same as the clock there shows them, to the second."""
    device: npt.NDArray[np.int32]
    """Places in ``names``, which are in alphabetical order."""
    names: list[str]
    kwh: npt.NDArray[np.float64]

    def ordered(self, column: int, descending: bool) -> npt.NDArray[np.intp]:
        """Return the readings' places in the order of a column; equals stay as they were."""
        if column == DATE:
            return _order(self.dates.asi8, descending)
        return _order(self.device if column == DEVICE else self.kwh, descending)

    def frame(self, places: npt.NDArray[np.intp], headings: list[str]) -> pd.DataFrame:
        """Return the readings at these places as a table to save or copy."""
        names = np.array(self.names, "object")[self.device[places]]
        columns = (self.dates[places], names, self.kwh[places])
        return pd.DataFrame(dict(zip(headings, columns, strict=True)))


def readings(
    dates: pd.DatetimeIndex, device: npt.NDArray[np.int32], names: list[str], kwh: npt.NDArray[np.float64]
) -> Readings:
    """Return readings at aware ``dates``."""
    return Readings(dates, dates.tz_localize(None).to_numpy("datetime64[s]"), device, names, kwh)


NONE = readings(pd.DatetimeIndex([], tz="UTC"), np.zeros(0, "int32"), [], np.zeros(0))


class ReadingsTable(QAbstractTableModel):
    """Shows `Readings` in an order of their places."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headings = [self.tr("Date"), self.tr("Device"), self.tr("kWh")]
        self.readings = NONE
        self.order = np.zeros(0, "intp")

    def show(self, readings: Readings, order: npt.NDArray[np.intp]) -> None:
        self.beginResetModel()
        self.readings, self.order = readings, order
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            # The arrow of the order stands at the right, too.
            return self.headings[section] + (ROOM_FOR_ARROW if section == ENERGY else "")
        return ALIGNMENTS[section] if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self.order[index.row()], index.column())
        return ALIGNMENTS[index.column()] if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _text(self, place: np.intp, column: int) -> str:
        if column == DATE:
            begin: datetime = self.readings.local[place].item()
            return wall_clock(begin)
        if column == DEVICE:
            return self.readings.names[int(self.readings.device[place])]
        return number(float(self.readings.kwh[place]), DECIMALS)


def _order(keys: npt.NDArray[np.number[Any]], descending: bool) -> npt.NDArray[np.intp]:
    return np.argsort(-keys if descending else keys, kind="stable")


@dataclass(frozen=True, eq=False)
class _Loaded:
    asked: Filter
    readings: Readings
    days: tuple[date, date] | None
    total: int


class ReadingsViewModel(SessionViewModel):
    """``loaded`` when `table` shows the readings that were asked for, or shows them in another order."""

    loaded = Signal()
    copied = Signal(str)
    saved = Signal(str)
    written = Signal()
    """Whether saved, cancelled or failed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._asked = Filter()
        self._page = _Loaded(self._asked, NONE, None, 0)
        self.table = ReadingsTable(self)

    @property
    def summary(self) -> str:
        """How many readings of which days are shown, and of how many."""
        shown, days = len(self._page.readings.kwh), self._page.days
        if days is None:
            return self.tr("There are no readings in this selection.")
        if shown == self._page.total:
            return self.tr("{count} readings, {days}").format(count=number(shown), days=days_in_words(*days))
        return self.tr("The last {count} of {total} readings, {days}").format(
            count=number(shown), total=number(self._page.total), days=days_in_words(*days)
        )

    def load(self, chosen: Filter) -> None:
        """Show the readings of these days, devices, categories and places."""
        self._asked = chosen
        self.ask(lambda scope: _load(scope, chosen), self._on_loaded)

    def sort(self, column: int, descending: bool) -> None:
        """Show the readings in the order of a column."""
        readings = self._page.readings
        self.start(lambda: readings.ordered(column, descending), lambda order: self._reorder(readings, order))

    def copy(self, rows: npt.NDArray[np.intp]) -> None:
        """Put these rows of the table into words for the clipboard; ``copied`` with them."""
        readings, places = self.table.readings, self.table.order[rows]
        decimal = QLocale().decimalPoint()
        headings = self.table.headings
        self.start(
            lambda: _as_text(readings.frame(places, headings), decimal), lambda text: self.copied.emit(text)
        )

    def save(self, path: str) -> None:
        """Write the readings in the order shown as .csv or .xlsx, as the path's suffix says."""
        readings, places, headings = self.table.readings, self.table.order, self.table.headings

        def write(progress: Progress) -> None:
            write_table(readings.frame(places, headings), Path(path), progress)

        task = self.start(write, lambda: self.saved.emit(path), with_progress=True, name=WRITING)
        task.finished.connect(self.written)

    def cancel(self) -> None:
        """Stop writing; the file is as it was before."""
        self.cancel_task(WRITING)

    def _on_loaded(self, page: _Loaded) -> None:
        if page.asked == self._asked:
            self._page = page
            self._reorder(page.readings, np.arange(len(page.readings.kwh)))

    def _reorder(self, readings: Readings, order: npt.NDArray[np.intp]) -> None:
        if readings is self._page.readings:  # else other ones have come meanwhile
            self.table.show(readings, order)
            self.loaded.emit()


def _load(scope: Scope, chosen: Filter) -> _Loaded:
    """Read the readings by time; of too many, those of the last days."""
    ids = [
        device.id
        for device in list_devices(scope)
        if (chosen.device_ids is None or device.id in chosen.device_ids)
        and (chosen.category_ids is None or device.category_id in chosen.category_ids)
    ]
    counted = daily_consumption(scope, chosen.start, chosen.end, ids, chosen.locations)
    by_day = counted.groupby("date")["readings"].sum()
    if by_day.empty:
        return _Loaded(chosen, NONE, None, 0)
    fitting = by_day[::-1].cumsum() <= MOST
    first, last = pd.Timestamp(by_day.index[-max(int(fitting.sum()), 1)]), pd.Timestamp(by_day.index[-1])
    days = first.date(), last.date()
    zone = ZoneInfo(scope.timezone)
    start, end = (datetime.combine(day, time(), zone) for day in (days[0], days[1] + timedelta(days=1)))
    found = interval_data(scope, start, end, ids, chosen.locations)
    return _Loaded(chosen, _by_time(found), days, int(by_day.sum()))


def _by_time(found: pd.DataFrame) -> Readings:
    codes, names = pd.factorize(found["device"], sort=True)
    dates = pd.DatetimeIndex(found["date"])
    order = np.argsort(dates.asi8, kind="stable")
    return readings(
        dates[order],
        codes[order].astype("int32"),
        [str(name) for name in names],
        found["consumption"].to_numpy("float64")[order],
    )


def _as_text(frame: pd.DataFrame, decimal: str) -> str:
    """Write a frame tab-separated, as spreadsheet programs paste it, with dates of the facility's clock."""
    date, device, *_ = frame.columns
    frame = frame.assign(
        **{date: frame[date].dt.tz_localize(None), device: frame[device].map(guarded, na_action="ignore")}
    )
    text: str = frame.to_csv(sep="\t", index=False, decimal=decimal, date_format="%Y-%m-%d %H:%M")
    return text
