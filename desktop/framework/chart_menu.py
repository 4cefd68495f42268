"""What can be taken away from a chart: its picture and its numbers."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import QDir, QLocale, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop.charts import pictures
from desktop.charts.plot import Plot

Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""Names of the columns, and the rows."""


class ChartMenu(QMenu):
    """Saves or copies the picture of a chart under its ``title``, and its data once `offer_table` was called.

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

    def offer_table(self, table: Callable[[], Table], write: Callable[[str, Table], None]) -> None:
        """``table`` gives the data when they are asked for; ``write`` puts them into a .csv or .xlsx."""
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
    """As a spreadsheet of the user's locale understands it."""
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
