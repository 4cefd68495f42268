"""What a page shows while it has nothing to show: why, and what to do about it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.plain_label import PlainLabel

ICON = QSize(56, 56)
HINT_WIDTH = 420


class EmptyState(QWidget):
    """An icon, a title, a hint and perhaps a button; ``triggered`` when that is pressed."""

    triggered = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        hint: str,
        action_text: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel(self)
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        words = PlainLabel(hint, self)
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        words.setFixedWidth(HINT_WIDTH)
        words.ensurePolished()
        words.setMinimumHeight(words.heightForWidth(HINT_WIDTH))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch()
        for label in (self._icon, heading, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        if action_text:
            self.action = QPushButton(action_text, self)
            self.action.setProperty("role", "primary")
            self.action.clicked.connect(self.triggered)
            layout.addSpacing(6)
            layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _paint_icon(self) -> None:
        self._icon.setPixmap(theme.icon(self._icon_name, "muted").pixmap(ICON, self.devicePixelRatio()))
