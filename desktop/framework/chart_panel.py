"""A titled surface with a chart on it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.charts.plot import Plot
from desktop.charts.time_plot import TimePlot
from desktop.framework.chart_menu import ChartMenu, Table
from desktop.widgets.plain_label import PlainLabel

ROOMY = 260
"""From so many pixels of height on there is room for a hint."""


class ChartPanel(QFrame):
    """``title`` says what is drawn and its unit; ``note`` what can be done with it.

    A menu takes the chart away as a picture, and as data once `offer_table` was called; charts over time
    have a button that makes a drag select days. `failed` says why a picture could not be written.
    """

    failed = Signal(str)

    def __init__(self, title: str, note: str, chart: Plot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.chart = chart
        self._heading = PlainLabel(title, self)
        self._heading.setProperty("role", "heading")
        self._heading.setWordWrap(True)
        self._hint = PlainLabel(note, self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.empty = PlainLabel(parent=self)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.menu = ChartMenu(chart, title, self)
        self.menu.failed.connect(self.failed)
        self.more = self._tool("dots-vertical", self.tr("Save or copy: {title}").format(title=title))
        self.more.setMenu(self.menu)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        brushing = self.tr("Select days by dragging: {title}").format(title=title)
        self.brush = self._tool("arrow-expand-horizontal", brushing)
        self.brush.setCheckable(True)
        self.brush.setVisible(isinstance(chart, TimePlot))
        if isinstance(chart, TimePlot):
            self.brush.toggled.connect(lambda on: setattr(chart, "brushing", on))
        self._lay_out()

    def offer_table(self, table: Callable[[], Table], write: Callable[[str, Table], None]) -> None:
        """``table`` gives the data when they are asked for; ``write`` puts them into a .csv or .xlsx."""
        self.menu.offer_table(table, write)

    def show_empty(self, sentence: str) -> None:
        """The sentence in place of the chart; without one, the chart."""
        self.empty.setText(sentence)
        self._pages.setCurrentWidget(self.empty if sentence else self.chart)
        self._show_hint()
        self.more.setEnabled(not sentence)
        self.brush.setEnabled(not sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        """Where there is room beside the chart itself."""
        self._hint.setVisible(self.height() >= ROOMY and bool(self._hint.text()) and not self.empty.text())

    def set_note(self, note: str) -> None:
        self._hint.setText(note)
        self._show_hint()

    def set_title(self, title: str) -> None:
        self._heading.setText(title)
        self.menu.setTitle(title)

    def _tool(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon, "muted", checked="accent"))
        button.setToolTip(name.split(":")[0])
        button.setAccessibleName(name)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self.brush)
        top.addWidget(self.more)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.chart)
        self._pages.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self._hint)
        layout.addLayout(self._pages, 1)
