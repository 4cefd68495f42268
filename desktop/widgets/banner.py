"""One sentence across the top of a window or dialog: what was refused, or what was done."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QWidget

from desktop import theme

ICON = QSize(20, 20)
ICONS = {
    "error": ("alert-circle", "danger"),
    "warning": ("alert", "warning"),
    "info": ("information", "accent"),
}
"""Of each kind of sentence: name and colour."""


class Banner(QFrame):
    """Hidden until there is something to say; the user dismisses it, or its owner hides it."""

    accepted = Signal()
    """What it offers is wanted."""
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._kind = "info"
        self._icon = QLabel(self)
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._offer = QPushButton(self)
        self._offer.clicked.connect(self.accepted)
        self._dismiss = QToolButton(self)
        self._dismiss.setIcon(theme.icon("close"))
        self._dismiss.setToolTip(self.tr("Dismiss"))
        self._dismiss.setAccessibleName(self.tr("Dismiss this message"))
        self._dismiss.clicked.connect(self.hide)
        self._dismiss.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 6, 8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._paint_icon)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown last."""
        return self._sentence.text()

    def show_error(self, sentence: str) -> None:
        """Say what was refused or went wrong."""
        self._say("error", sentence)

    def show_info(self, sentence: str) -> None:
        """Say what was done."""
        self._say("info", sentence)

    def show_lasting(self, sentence: str) -> None:
        """Say what is so until the owner hides it."""
        self._say("warning", sentence)
        self._dismiss.hide()

    def show_offer(self, sentence: str, offer: str) -> None:
        """Say what is not as it should be; ``offer`` is the button for what is to be done, if any."""
        self._say("warning", sentence, offer)

    def ask(self, question: str, offer: str, dismissal: str) -> None:
        """Ask whether something is to be done, with a button for either answer."""
        self._say("info", question, offer)
        self._dismiss.setText(dismissal)
        self._dismiss.setAccessibleName(dismissal)
        self._dismiss.setToolTip("")
        self._dismiss.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)

    def _say(self, kind: str, sentence: str, offer: str = "") -> None:
        self._kind = kind
        self._offer.setText(offer)
        self._offer.setVisible(bool(offer))
        self._dismiss.show()
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._paint_icon()
        self.show()
        QTimer.singleShot(0, self, self._come_into_view)  # once it has its place
        # A screen reader speaks an alert at once, without the focus moving.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _come_into_view(self) -> None:
        """What is said above the part of a page that is seen, is not."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self)

    def _paint_icon(self) -> None:
        name, role = ICONS[self._kind]
        self._icon.setPixmap(theme.icon(name, role).pixmap(ICON, self.devicePixelRatio()))
