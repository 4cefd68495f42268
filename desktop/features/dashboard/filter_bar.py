"""Of which days, devices, categories and places the dashboard shows the figures."""

from datetime import date
from html import escape

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDateEdit, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.features.dashboard.view_model import DashboardViewModel
from desktop.widgets.chip import Chip
from desktop.widgets.choice import Choice
from desktop.widgets.multi_choice import MultiChoice

MANY_KINDS = 2
"""All energy and one utility are the same."""
WIDE = 1240
"""From so many pixels on all of it stands in one row."""


class DashboardFilterBar(QWidget):
    """Every change is shown at once; ``device_wanted`` (id) when the one that is shown is to be opened."""

    device_wanted = Signal(str)

    def __init__(self, view_model: DashboardViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.period = self._make_period()
        self.start, self.end = self._date(self.tr("First day")), self._date(self.tr("Last day"))
        self.resolution = Choice(self.tr("Shown by"), self._resolutions(), self)
        self.kind = Choice(self.tr("Energy"), [(self.tr("All energy"), None)], self)
        self.devices = MultiChoice(self.tr("All &devices"), self.tr("{count} of {total} &devices"), self)
        self.categories = MultiChoice(
            self.tr("All &categories"), self.tr("{count} of {total} &categories"), self
        )
        self.locations = MultiChoice(self.tr("All &places"), self.tr("{count} of {total} &places"), self)
        self.left_out = QLabel(self)
        self.left_out.setProperty("role", "muted")
        self.brush = Chip(self.tr("Show all days again"), self)
        self.open_device = QPushButton(self.tr("&Open the device"), self)
        self.reset = QPushButton(self.tr("&Reset"), self)
        for button in (self.open_device, self.reset):
            button.setProperty("role", "link")
        self._lay_out()
        self._connect()
        self._show()

    def _make_period(self) -> Choice:
        choice = Choice(self.tr("Period"), self._view_model.periods, self)
        choice.setToolTip(self.tr("Periods are counted from the last day with readings."))
        return choice

    def _resolutions(self) -> list[tuple[str, str | None]]:
        return [
            (self.tr("by hour"), "hour"),
            (self.tr("by day"), "day"),
            (self.tr("by week"), "week"),
            (self.tr("by month"), "month"),
        ]

    def _date(self, name: str) -> QDateEdit:
        edit = QDateEdit(self)
        edit.setCalendarPopup(True)
        edit.setKeyboardTracking(False)
        edit.setAccessibleName(name)
        edit.setToolTip(name)
        return edit

    def _lay_out(self) -> None:
        when, what = QHBoxLayout(), QHBoxLayout()
        for text, field in (
            (self.tr("P&eriod"), self.period),
            (self.tr("Fr&om"), self.start),
            (self.tr("&to"), self.end),
        ):
            name = QLabel(text, self)
            name.setBuddy(field)
            when.addWidget(name)
            when.addWidget(field)
        when.addWidget(self.resolution)
        what.addWidget(self.kind)
        for widget in (self.devices, self.categories, self.locations, self.brush, self.open_device):
            what.addWidget(widget)
        what.addWidget(self.left_out)
        what.addStretch()
        what.addWidget(self.reset)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        for row in (when, what):
            row.setSpacing(8)
            self._rows.addLayout(row)
        when.addStretch()

    def _connect(self) -> None:
        view_model = self._view_model
        choose = view_model.choose
        self.period.activated.connect(lambda: view_model.choose_period(str(self.period.value)))
        self.start.dateChanged.connect(self._choose_days)
        self.end.dateChanged.connect(self._choose_days)
        self.resolution.activated.connect(lambda: choose(resolution=self.resolution.value))
        self.kind.activated.connect(lambda: view_model.choose_kind(self.kind.value))
        self.devices.changed.connect(lambda chosen: choose(device_ids=chosen))
        self.categories.changed.connect(lambda chosen: choose(category_ids=chosen))
        self.locations.changed.connect(lambda chosen: choose(locations=chosen))
        self.brush.clicked.connect(view_model.clear_brush)
        self.open_device.clicked.connect(lambda: self.device_wanted.emit("".join(self.devices.chosen or ())))
        self.reset.clicked.connect(view_model.reset)
        view_model.loaded.connect(self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        directions = QBoxLayout.Direction
        self._rows.setDirection(directions.LeftToRight if wide else directions.TopToBottom)

    def _choose_days(self) -> None:
        self._view_model.choose_days(_day(self.start), _day(self.end))

    def _show(self) -> None:
        view_model = self._view_model
        choice = view_model.choice
        self.period.set_value(choice.period)
        self.resolution.set_value(choice.resolution)
        self.kind.offer(view_model.kinds)
        self.kind.set_value(view_model.kind)
        self.kind.setVisible(len(view_model.kinds) > MANY_KINDS)
        self._show_left_out()
        self.devices.offer(view_model.devices, choice.device_ids)
        self.categories.offer(view_model.categories, choice.category_ids)
        self.locations.offer(view_model.locations, choice.locations)
        self.categories.setVisible(bool(view_model.categories))
        self.locations.setVisible(bool(view_model.locations))
        self.brush.show_text(view_model.brushed_text)
        self.open_device.setVisible(len(choice.device_ids or ()) == 1)
        self.reset.setVisible(view_model.narrowed)
        if view_model.span and view_model.days:
            (first, last), (start, end) = view_model.span, view_model.days
            _show_date(self.start, start, first, end)
            _show_date(self.end, end, start, last)

    def _show_left_out(self) -> None:
        """Say how many meters are in no figure; which and why, in the tooltip."""
        sentences = self._view_model.left_out
        self.left_out.setText(self.tr("{count} not in the total").format(count=len(sentences)))
        self.left_out.setToolTip("<br>".join(map(escape, sentences)))
        self.left_out.setAccessibleDescription(" ".join(sentences))
        self.left_out.setVisible(bool(sentences))


def _day(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _show_date(edit: QDateEdit, shown: date, first: date, last: date) -> None:
    edit.blockSignals(True)
    edit.setDateRange(_qdate(first), _qdate(last))
    edit.setDate(_qdate(shown))
    edit.blockSignals(False)
