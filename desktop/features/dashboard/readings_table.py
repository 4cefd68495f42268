"""A table of up to millions of readings: kept as arrays, put into words where it is looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from PySide6.QtCore import QAbstractTableModel, QDate, QDateTime, QLocale, QObject, Qt, QTime

from desktop.framework.formatting import number
from desktop.framework.record_table import NOWHERE, Index

DATE, DEVICE, ENERGY = range(3)
DECIMALS = 3
ROOM_FOR_ARROW = "\N{EM SPACE}"
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGNMENTS = (LEFT, LEFT, RIGHT)


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
        """The readings' places in the order of a column; equals stay as they were."""
        if column == DATE:
            return _order(self.dates.asi8, descending)
        return _order(self.device if column == DEVICE else self.kwh, descending)

    def frame(self, places: npt.NDArray[np.intp], headings: list[str]) -> pd.DataFrame:
        """The readings at these places as a table to save or copy."""
        names = np.array(self.names, "object")[self.device[places]]
        columns = (self.dates[places], names, self.kwh[places])
        return pd.DataFrame(dict(zip(headings, columns, strict=True)))


def readings(
    dates: pd.DatetimeIndex, device: npt.NDArray[np.int32], names: list[str], kwh: npt.NDArray[np.float64]
) -> Readings:
    """Readings at aware ``dates``."""
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
            shown = QDateTime(QDate(begin.year, begin.month, begin.day), QTime(begin.hour, begin.minute))
            return QLocale().toString(shown, QLocale.FormatType.ShortFormat)
        if column == DEVICE:
            return self.readings.names[int(self.readings.device[place])]
        return number(float(self.readings.kwh[place]), DECIMALS)


def _order(keys: npt.NDArray[np.number[Any]], descending: bool) -> npt.NDArray[np.intp]:
    return np.argsort(-keys if descending else keys, kind="stable")
