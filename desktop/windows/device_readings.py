"""What the readings of one device show: its figures."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.viewmodels.device_figures import DeviceFigures
from desktop.widgets.figure_strip import FigureStrip

GAP = 16


class DeviceReadings(QWidget):
    """Shows `DeviceFigures`; says nothing of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.period = QLabel(self)
        self.period.setProperty("role", "muted")
        self.period.setWordWrap(True)
        self.figures = FigureStrip(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.figures)
        layout.addWidget(self.period)

    def show_figures(self, figures: DeviceFigures) -> None:
        self.figures.show_figures(figures.figures)
        self.period.setText(figures.period)
