"""The dashboard's figures, a card each."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.features.dashboard.figures import Figure, Figures
from desktop.widgets.card import Card
from desktop.widgets.flow_rows import FlowRows

NARROWEST = 176
"""Pixels that a card needs."""
MOST = 5
GAP = 12


class DashboardCards(QWidget):
    """Shows `Figures`; ``settings_wanted`` when the user asks for what one of them lacks."""

    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.total = Card(self.tr("Total consumption"), self)
        self.cost = Card(self.tr("Cost"), self)
        self.average = Card(self.tr("Average per day"), self)
        self.peak_demand = Card(self.tr("Peak demand"), self)
        self.next_month = Card(self.tr("Predicted next month"), self)
        self.baseload = Card(self.tr("Baseload"), self)
        self.load_factor = Card(self.tr("Load factor"), self)
        self.peak = Card(self.tr("Peak consumption"), self)
        self.carbon = Card(self.tr("CO₂"), self)
        self.eui = Card(self.tr("Energy use intensity"), self)
        self._cards = [
            self.total,
            self.cost,
            self.average,
            self.peak_demand,
            self.next_month,
            self.baseload,
            self.load_factor,
            self.peak,
            self.carbon,
            self.eui,
        ]
        for card in self._cards:
            card.wanted.connect(self.settings_wanted)
        self._rows = FlowRows(GAP)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._rows)
        self._arrange()

    def show_figures(self, figures: Figures) -> None:
        for name, figure in vars(figures).items():
            card: Card = getattr(self, name)
            _show(card, figure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        fitting = (self.width() + GAP) // (NARROWEST + GAP)
        self._rows.arrange(self._cards, max(1, min(MOST, fitting)))


def _show(card: Card, figure: Figure) -> None:
    card.set_value(figure.value)
    card.set_hint(figure.hint)
    card.set_changes(figure.changes)
    card.set_link(figure.wanted)
