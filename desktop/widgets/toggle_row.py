"""A row of short words, any of which can be switched on."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget


class ToggleRow(QWidget):
    """``choices`` are (text, value); ``chosen`` the values that are switched on."""

    changed = Signal()

    def __init__(self, name: str, choices: Sequence[tuple[str, int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._buttons = {value: QPushButton(text, self) for text, value in choices}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for button in self._buttons.values():
            button.setCheckable(True)
            button.setProperty("role", "toggle")
            button.setAccessibleName(f"{name}: {button.text()}")
            button.toggled.connect(self.changed)
            layout.addWidget(button, 1)
        self.setFocusProxy(next(iter(self._buttons.values())))

    @property
    def chosen(self) -> frozenset[int]:
        return frozenset(value for value, button in self._buttons.items() if button.isChecked())

    def choose(self, values: Iterable[int]) -> None:
        """Switch on these alone."""
        wanted = set(values)
        for value, button in self._buttons.items():
            button.setChecked(value in wanted)
