"""What narrows a page down, with a cross to take it off."""

from PySide6.QtWidgets import QPushButton, QWidget

from desktop import theme


class Chip(QPushButton):
    """Hidden without a text; pressing it takes off what it says."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setIcon(theme.icon("close", "accent"))
        self.setToolTip(hint)
        self._hint = hint
        self.hide()

    def show_text(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(f"{text}. {self._hint}")
        self.setVisible(bool(text))
