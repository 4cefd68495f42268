"""A drop-down list of (text, value) pairs."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget


class Choice(QComboBox):
    """``value`` is that of the chosen text."""

    def __init__(self, name: str, choices: Sequence[tuple[str, Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.offer(choices)

    @property
    def value(self) -> Any:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        """Choose the text of this value; the first one if it is not among them."""
        self.setCurrentIndex(max(0, self.findData(value)))

    def offer(self, choices: Sequence[tuple[str, Any]]) -> None:
        """Offer other choices; what was chosen stays so if it is among them."""
        if choices == [(self.itemText(i), self.itemData(i)) for i in range(self.count())]:
            return
        value = self.value
        self.clear()
        for text, of in choices:
            self.addItem(text, of)
        self.set_value(value)
