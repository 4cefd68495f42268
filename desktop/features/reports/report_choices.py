"""What a report is about, and of when."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.features.reports.view_model import ReportsViewModel
from desktop.widgets.choice import Choice
from desktop.widgets.search_choice import SearchChoice


class ReportChoices(QWidget):
    """A row of three: whoever changes one gets another report."""

    def __init__(self, view_model: ReportsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.subject = SearchChoice(self.tr("What the report is about"), self)
        self.kind = Choice(
            self.tr("Length of the report"), [(self.tr("Month"), "month"), (self.tr("Week"), "week")], self
        )
        self.period = SearchChoice(self.tr("Period of the report"), self)
        self.subject.setMinimumContentsLength(22)
        self.period.setMinimumContentsLength(18)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for title, widget in (
            (self.tr("Report &of"), self.subject),
            (self.tr("E&ach"), self.kind),
            (self.tr("Pe&riod"), self.period),
        ):
            label = QLabel(title, self)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        row.addStretch()
        self.subject.chosen.connect(lambda value: view_model.choose(subject=value))
        self.kind.activated.connect(lambda: view_model.choose(kind=self.kind.value, period=None))
        self.period.chosen.connect(lambda value: view_model.choose(period=value))

    def show_choice(self) -> None:
        """What there is to choose, and what is chosen."""
        choice = self._view_model.choice
        self.subject.offer(self._view_model.subjects, choice.subject)
        self.kind.set_value(choice.kind)
        self.period.offer(self._view_model.periods, choice.period)
