"""A button that opens a list of things to tick, with a field to find them in."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.widgets.tooltips import hint

MANY = 8
"""From so many choices on there is a field to find one."""
ROW_HEIGHT = 26
ID = Qt.ItemDataRole.UserRole


class MultiChoice(QPushButton):
    """None ticked means all of them: ``chosen`` is None then, and a tuple of ids otherwise.

    ``title`` may hold a mnemonic; ``several`` is a sentence with the fields {count} and {total}.
    """

    changed = Signal(object)

    def __init__(self, title: str, several: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._title = title
        self._several = several
        # Not a menu: in one, the Tab key would leave the field for the next entry of the menu.
        self.pane = QFrame(self, Qt.WindowType.Popup)
        self.search = QLineEdit(self.pane)
        self.search.setPlaceholderText(self.tr("Find"))
        self.search.setAccessibleName(self.tr("Find in the list"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget(self.pane)
        self.list.setAccessibleName(title.replace("&", ""))
        self.all = QPushButton(self.tr("&All"), self.pane)
        self._lay_out()
        self.clicked.connect(self.open)
        self.search.textChanged.connect(self._find)
        self.list.itemChanged.connect(self._tell)
        self.all.clicked.connect(self._choose_all)
        self._say()

    @property
    def chosen(self) -> tuple[str, ...] | None:
        ticked = [item.data(ID) for item in self._items() if item.checkState() is Qt.CheckState.Checked]
        return tuple(ticked) or None

    def offer(self, choices: Sequence[tuple[str, str]], chosen: Sequence[str] | None) -> None:
        """Offer (id, text) of everything there is, and the ids of what is ticked."""
        self.list.blockSignals(True)
        if choices != [(item.data(ID), item.text()) for item in self._items()]:
            self.list.clear()
            for key, text in choices:
                item = QListWidgetItem(text, self.list)
                item.setData(ID, key)
                item.setToolTip(hint(text))
                item.setSizeHint(QSize(0, ROW_HEIGHT))
        ticks = frozenset(chosen or ())
        for item in self._items():
            ticked = item.data(ID) in ticks
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self.search.setVisible(len(choices) >= MANY)
        self._say()

    def open(self) -> None:
        """Show the list below the button."""
        self.search.clear()
        self.pane.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self.pane.show()
        (self.list if self.search.isHidden() else self.search).setFocus()

    def _lay_out(self) -> None:
        self.setIcon(theme.icon("chevron-down"))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the icon behind the text
        self.pane.setLayoutDirection(QGuiApplication.layoutDirection())
        self.pane.setFrameShape(QFrame.Shape.StyledPanel)
        self.pane.setMinimumWidth(280)
        layout = QVBoxLayout(self.pane)
        for widget in (self.search, self.list, self.all):
            layout.addWidget(widget)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self.pane, self.pane.close)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _find(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.casefold() not in item.text().casefold())

    def _choose_all(self) -> None:
        self.offer([(item.data(ID), item.text()) for item in self._items()], None)
        self._tell()

    def _tell(self) -> None:
        self._say()
        self.changed.emit(self.chosen)

    def _say(self) -> None:
        """Name on the button what is ticked."""
        ticked = [item.text() for item in self._items() if item.checkState() is Qt.CheckState.Checked]
        said = self._title
        if len(ticked) == 1:
            said = self.fontMetrics().elidedText(ticked[0], Qt.TextElideMode.ElideRight, 160)
            said = said.replace("&", "&&")
        elif ticked:
            said = self._several.format(count=len(ticked), total=self.list.count())
        self.setText(said)
        self.setAccessibleName(", ".join([self._title.replace("&", ""), *ticked]))
