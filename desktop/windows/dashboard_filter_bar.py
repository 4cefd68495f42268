"""Of which days, devices, categories and places the dashboard shows the figures."""

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.viewmodels.dashboard_period import Period
from desktop.viewmodels.dashboard_viewmodel import Choice, DashboardViewModel
from desktop.widgets.multi_choice import MultiChoice


class DashboardFilterBar(QWidget):
    """Every change is shown at once."""

    def __init__(self, view_model: DashboardViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.period = self._make_period()
        self.start, self.end = self._date(self.tr("First day")), self._date(self.tr("Last day"))
        self.devices = MultiChoice(self.tr("All &devices"), self.tr("{count} of {total} &devices"), self)
        self.categories = MultiChoice(
            self.tr("All &categories"), self.tr("{count} of {total} &categories"), self
        )
        self.locations = MultiChoice(self.tr("All &places"), self.tr("{count} of {total} &places"), self)
        self.reset = QPushButton(self.tr("&Reset"), self)
        self.reset.setProperty("role", "link")
        self._lay_out()
        self._connect()

    def _make_period(self) -> QComboBox:
        names = {
            Period.ALL: self.tr("All readings"),
            Period.LAST_7: self.tr("Last 7 days"),
            Period.LAST_30: self.tr("Last 30 days"),
            Period.LAST_90: self.tr("Last 90 days"),
            Period.MONTH: self.tr("This month"),
            Period.YEAR: self.tr("This year"),
            Period.CUSTOM: self.tr("From … to …"),
        }
        combo = QComboBox(self)
        for period, name in names.items():
            combo.addItem(name, period)
        combo.setAccessibleName(self.tr("Period"))
        combo.setToolTip(self.tr("Periods are counted from the last day with readings."))
        return combo

    def _date(self, name: str) -> QDateEdit:
        edit = QDateEdit(self)
        edit.setCalendarPopup(True)
        edit.setKeyboardTracking(False)
        edit.setAccessibleName(name)
        edit.setToolTip(name)
        return edit

    def _lay_out(self) -> None:
        label = QLabel(self.tr("P&eriod"), self)
        label.setBuddy(self.period)
        row = QHBoxLayout()
        for widget in (label, self.period, self.devices, self.categories, self.locations):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self.reset)
        self._custom = QWidget(self)
        days = QHBoxLayout(self._custom)
        days.setContentsMargins(0, 0, 0, 0)
        for text, edit in ((self.tr("Fr&om"), self.start), (self.tr("&to"), self.end)):
            name = QLabel(text, self._custom)
            name.setBuddy(edit)
            days.addWidget(name)
            days.addWidget(edit)
        days.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._custom)
        self._custom.hide()

    def _connect(self) -> None:
        choose = self._view_model.choose
        self.period.activated.connect(self._choose_period)
        self.start.dateChanged.connect(lambda day: choose(start=day.toPython()))
        self.end.dateChanged.connect(lambda day: choose(end=day.toPython()))
        self.devices.changed.connect(lambda chosen: choose(device_ids=chosen))
        self.categories.changed.connect(lambda chosen: choose(category_ids=chosen))
        self.locations.changed.connect(lambda chosen: choose(locations=chosen))
        self.reset.clicked.connect(self._view_model.reset)
        self._view_model.loaded.connect(self._show)

    def _choose_period(self) -> None:
        """A period of one's own begins as the one that was shown."""
        period = Period(self.period.currentData())
        start, end = self._view_model.days or (None, None)
        self._view_model.choose(period=period, start=start, end=end)

    def _show(self) -> None:
        choice = self._view_model.choice
        self.period.setCurrentIndex(self.period.findData(choice.period))
        self.devices.offer(self._view_model.devices, choice.device_ids)
        self.categories.offer(self._view_model.categories, choice.category_ids)
        self.locations.offer(self._view_model.locations, choice.locations)
        self.categories.setVisible(bool(self._view_model.categories))
        self.locations.setVisible(bool(self._view_model.locations))
        self.reset.setVisible(choice != Choice())
        self._custom.setVisible(choice.period is Period.CUSTOM)
        if self._view_model.span and self._view_model.days:
            (first, last), (start, end) = self._view_model.span, self._view_model.days
            _show_date(self.start, start, first, end)
            _show_date(self.end, end, start, last)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _show_date(edit: QDateEdit, shown: date, first: date, last: date) -> None:
    edit.blockSignals(True)
    edit.setDateRange(_qdate(first), _qdate(last))
    edit.setDate(_qdate(shown))
    edit.blockSignals(False)
