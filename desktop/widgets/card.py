"""One figure with its name."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget


class Card(QFrame):
    """A title, a figure already written out with its unit, and perhaps a hint below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = title
        name = QLabel(title, self)
        name.setProperty("role", "muted")
        self._value = QLabel("–", self)
        self._value.setProperty("role", "figure")
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(2)
        for label in (name, self._value, self._hint):
            layout.addWidget(label)
        layout.addStretch()  # titles of a row stand level, whatever the length of their hints
        self._speak()

    def set_value(self, value: str) -> None:
        """The figure, as the locale writes it."""
        self._value.setText(value)
        self._speak()

    def set_hint(self, hint: str) -> None:
        """What the figure is about: a date, a device, a comparison."""
        self._hint.setText(hint)
        self._speak()

    def _speak(self) -> None:
        self.setAccessibleName(f"{self._title}: {self._value.text()}")
        self.setAccessibleDescription(self._hint.text())
