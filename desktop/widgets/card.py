"""One figure with its name, what it refers to and how it changed."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.plain_label import PlainLabel

ARROWS = {
    "up": ("arrow-top-right", "warning"),
    "down": ("arrow-bottom-right", "accent"),
    "same": ("equal", "muted"),
}
"""The arrow says it, and so do the words; the colours differ with every colour blindness."""
ARROW = QSize(14, 14)


class Card(QFrame):
    """A title, a figure already written out with its unit, a hint, comparisons with other times, and
    perhaps a link, ``wanted`` when that is pressed."""

    wanted = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = title
        self._changes: list[tuple[str, str]] = []
        self._name = PlainLabel(title, self)
        self._name.setProperty("role", "muted")
        self._value = PlainLabel("–", self)
        self._value.setProperty("role", "figure")
        self._hint = PlainLabel(parent=self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.link = QPushButton(self)
        self.link.setProperty("role", "inline-link")
        self.link.clicked.connect(self.wanted)
        self.link.hide()
        self._rows = [_Change(self), _Change(self)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(2)
        for label in (self._name, self._value, self._hint):
            layout.addWidget(label)
        layout.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        for row in self._rows:
            layout.addWidget(row)
        layout.addStretch()  # titles of a row stand level, whatever the length of their hints
        theme.changed.connect(self._paint)
        self._speak()

    def set_title(self, title: str) -> None:
        self._title = title
        self._name.setText(title)
        self._speak()

    def set_value(self, value: str) -> None:
        """Set the figure, as the locale writes it."""
        self._value.setText(value)
        self._speak()

    def set_hint(self, hint: str) -> None:
        """Set what the figure is about: a date, a device, a unit."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._speak()

    def set_link(self, text: str) -> None:
        """Offer what can be done to have the figure; nothing for an empty text."""
        self.link.setText(text)
        self.link.setVisible(bool(text))

    def set_changes(self, changes: Sequence[tuple[str, str]]) -> None:
        """Show at most two comparisons: up, down or same, and that in words."""
        self._changes = list(changes)
        self._paint()
        self._speak()

    def _paint(self) -> None:
        for place, row in enumerate(self._rows):
            row.show_change(*(self._changes[place] if place < len(self._changes) else ("", "")))

    def _speak(self) -> None:
        self.setAccessibleName(f"{self._title}: {self._value.text()}")
        said = [self._hint.text(), *(words for _direction, words in self._changes)]
        self.setAccessibleDescription(", ".join(part for part in said if part))


class _Change(QWidget):
    """An arrow and its words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrow, self._words = QLabel(self), PlainLabel(parent=self)
        self._words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_change(self, direction: str, words: str) -> None:
        self.setVisible(bool(words))
        if words:
            icon, role = ARROWS[direction]
            self._arrow.setPixmap(theme.icon(icon, role).pixmap(ARROW, self.devicePixelRatio()))
            self._words.setText(words)
