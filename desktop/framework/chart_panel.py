"""A titled surface with a chart on it, and the menu that takes its picture and its numbers away."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QDir, QLocale, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.charts import pictures
from desktop.charts.plot import Plot
from desktop.charts.time_plot import TimePlot
from desktop.framework.table_export import Table
from desktop.widgets.plain_label import PlainLabel

ROOMY = 260
"""From so many pixels of height on there is room for a hint."""


class ChartMenu(QMenu):
    """Saves or copies the picture of a chart under its ``title``, and its data once `set_table` was called.

    `failed` says why a picture could not be written.
    """

    failed = Signal(str)

    def __init__(self, chart: Plot, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.chart = chart
        self._table: Callable[[], Table] | None = None
        self._write: Callable[[str, Table], None] | None = None
        self.save_png = self._act(self.tr("Save picture as &PNG…"), lambda: self._ask("png", self._save_png))
        self.save_svg = self._act(self.tr("Save picture as &SVG…"), lambda: self._ask("svg", self._save_svg))
        self.copy_picture = self._act(self.tr("&Copy picture"), self._copy_picture)
        self.addSeparator()
        self.copy_data = self._act(self.tr("Copy &data"), self._copy_data)
        self.save_csv = self._act(self.tr("Save data as CS&V…"), lambda: self._ask("csv", self._save_data))
        self.save_xlsx = self._act(self.tr("Save data as &xlsx…"), lambda: self._ask("xlsx", self._save_data))
        for action in (self.copy_data, self.save_csv, self.save_xlsx):
            action.setVisible(False)

    def set_table(self, table: Callable[[], Table], write: Callable[[str, Table], None]) -> None:
        """Offer the data: ``table`` gives them when asked, ``write`` puts them into a .csv or .xlsx."""
        self._table, self._write = table, write
        for action in (self.copy_data, self.save_csv, self.save_xlsx):
            action.setVisible(True)

    def _act(self, text: str, command: Callable[[], None]) -> QAction:
        action = self.addAction(text)
        action.triggered.connect(command)
        return action

    def _ask(self, kind: str, save: Callable[[str], None]) -> None:
        dialog = QFileDialog(self.parentWidget(), self.title(), QDir.homePath())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(f"{self.title().split(',')[0].replace('/', '-')}.{kind}")
        dialog.fileSelected.connect(save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_png(self, path: str) -> None:
        self._try_saving(pictures.save_png, path)

    def _save_svg(self, path: str) -> None:
        self._try_saving(pictures.save_svg, path)

    def _try_saving(self, save: Callable[[Plot, str, str], None], path: str) -> None:
        try:
            save(self.chart, path, self.title())
        except OSError as error:
            template = self.tr("The picture could not be saved as {path}: {why}. Choose another place.")
            self.failed.emit(template.format(path=path, why=error))

    def _save_data(self, path: str) -> None:
        if self._table is not None and self._write is not None:
            self._write(path, self._table())

    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(pictures.image(self.chart, self.title()))

    def _copy_data(self) -> None:
        if self._table is not None:
            columns, rows = self._table()
            lines = [columns, *([_cell(value) for value in row] for row in rows)]
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))


def _cell(value: object) -> str:
    """Write a cell as a spreadsheet of the user's locale reads it."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        locale = QLocale()
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        return locale.toString(value, "g", 12)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\t", " ").replace("\n", " ")
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


class ChartPanel(QFrame):
    """``title`` says what is drawn and its unit; ``note`` what can be done with it.

    A menu takes the chart away as a picture, and as data once `set_table` was called; charts over time
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

    def set_table(self, table: Callable[[], Table], write: Callable[[str, Table], None]) -> None:
        """Offer the data: ``table`` gives them when asked, ``write`` puts them into a .csv or .xlsx."""
        self.menu.set_table(table, write)

    def show_empty(self, sentence: str) -> None:
        """Show the sentence in place of the chart; without one, the chart."""
        self.empty.setText(sentence)
        self._pages.setCurrentWidget(self.empty if sentence else self.chart)
        self._show_hint()
        self.more.setEnabled(not sentence)
        self.brush.setEnabled(not sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        """Show the hint where there is room beside the chart itself."""
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
