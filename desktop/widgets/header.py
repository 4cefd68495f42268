"""The application's icon and name above a form."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop import theme

SIZE = 64


class Masthead(QWidget):
    """Icon, title, and a line below it."""

    def __init__(self, title: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel(self)
        picture.setPixmap(theme.application_icon().pixmap(SIZE, SIZE))
        heading = QLabel(title, self)
        heading.setProperty("role", "title")
        below = QLabel(line, self)
        below.setProperty("role", "muted")
        below.setVisible(bool(line))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(6)
        for label in (picture, heading, below):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
