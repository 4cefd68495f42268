"""The readings behind the dashboard's figures, one by one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
from PySide6.QtCore import QLocale, QObject, Signal

from desktop.features.dashboard.readings_table import NONE, Readings, ReadingsTable, readings
from desktop.framework.formatting import days_in_words, number
from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.dashboard import Filter
from services.devices import list_devices
from services.progress import Progress
from services.readings import daily_consumption, interval_data
from services.scope import Scope
from services.tables import guarded, write_table

MOST = 1_000_000
"""Readings that are shown; of more, the last days that hold no more."""


@dataclass(frozen=True, eq=False)
class _Loaded:
    asked: Filter
    readings: Readings
    days: tuple[date, date] | None
    total: int


class ReadingsViewModel(QObject):
    """``loaded`` when `table` shows the readings that were asked for, or shows them in another order."""

    loaded = Signal()
    busy = Signal(bool)
    progressed = Signal(str, int, int, float)
    copied = Signal(str)
    saved = Signal(str)
    written = Signal()
    """Whether saved, cancelled or failed."""
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = Filter()
        self._page = _Loaded(self._asked, NONE, None, 0)
        self._writing: Task | None = None
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

    def ask(self, chosen: Filter) -> None:
        """Show the readings of these days, devices, categories and places."""
        self._asked = chosen
        self.busy.emit(True)
        task = run(lambda: _load(self._session.scope(), chosen), parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self._fail)

    def sort(self, column: int, descending: bool) -> None:
        """Show the readings in the order of a column."""
        readings = self._page.readings
        self.busy.emit(True)
        task = run(readings.ordered, column, descending, parent=self)
        task.succeeded.connect(lambda order: self._reorder(readings, order))
        task.failed.connect(self._fail)

    def copy(self, rows: npt.NDArray[np.intp]) -> None:
        """Put these rows of the table into words for the clipboard; ``copied`` with them."""
        readings, places = self.table.readings, self.table.order[rows]
        decimal = QLocale().decimalPoint()
        headings = self.table.headings
        task = run(lambda: _as_text(readings.frame(places, headings), decimal), parent=self)
        task.succeeded.connect(lambda text: self.copied.emit(text))
        task.failed.connect(self.failed)

    def save(self, path: str) -> None:
        """Write the readings in the order shown as .csv or .xlsx, as the path's suffix says."""
        readings, places, headings = self.table.readings, self.table.order, self.table.headings

        def write(progress: Progress) -> None:
            write_table(readings.frame(places, headings), Path(path), progress)

        self._writing = task = run(write, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(lambda: self.saved.emit(path))
        task.failed.connect(self.failed)
        task.finished.connect(self.written)

    def cancel(self) -> None:
        """Write no further; the file is as it was before."""
        if self._writing is not None:
            self._writing.cancel()

    def _show(self, page: _Loaded) -> None:
        if page.asked == self._asked:
            self._page = page
            self._reorder(page.readings, np.arange(len(page.readings.kwh)))

    def _reorder(self, readings: Readings, order: npt.NDArray[np.intp]) -> None:
        if readings is self._page.readings:  # else other ones have come meanwhile
            self.table.show(readings, order)
            self.busy.emit(False)
            self.loaded.emit()

    def _fail(self, sentence: str) -> None:
        self.busy.emit(False)
        self.failed.emit(sentence)


def _load(scope: Scope, chosen: Filter) -> _Loaded:
    """The readings by time; of too many, those of the last days."""
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
    """Tab-separated, as spreadsheet programs paste it; the dates of the facility's clock."""
    date, device, *_ = frame.columns
    frame = frame.assign(
        **{date: frame[date].dt.tz_localize(None), device: frame[device].map(guarded, na_action="ignore")}
    )
    text: str = frame.to_csv(sep="\t", index=False, decimal=decimal, date_format="%Y-%m-%d %H:%M")
    return text
