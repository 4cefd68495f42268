"""Below the field of a new password: how hard it is to guess."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme

STEPS = 4
COLOURS = ("danger", "danger", "warning", "success", "success")
GAP, HEIGHT = 4, 4


class StrengthLine(QWidget):
    """`show_strength` takes a score of 0 to 4, or -1 while nothing is typed, and what to say of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = _Steps(self)
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(4)
        layout.addWidget(self._steps)
        layout.addWidget(self._sentence)
        self.show_strength(-1, "")

    @property
    def text(self) -> str:
        """What is said."""
        return self._sentence.text()

    def show_strength(self, score: int, sentence: str) -> None:
        self._steps.show_score(score)
        self._say(sentence, "muted")

    def show_refusal(self, sentence: str) -> None:
        """Say why the password cannot be sent, until another is typed."""
        self._say(sentence, "hint")

    def _say(self, sentence: str, role: str) -> None:
        self._sentence.setProperty("role", role)
        self._sentence.style().unpolish(self._sentence)
        self._sentence.style().polish(self._sentence)
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)


class _Steps(QWidget):
    """As many of the steps are filled as the score says; a score of 0 fills a part of the first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._score = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_score(self, score: int) -> None:
        self._score = score
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def paintEvent(self, event: QEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = (self.width() - GAP * (STEPS - 1)) / STEPS
        for step in range(STEPS):
            bar = QRectF(step * (width + GAP), 0, width, HEIGHT)
            self._fill(painter, bar, "raised")
            if step < self._score:
                self._fill(painter, bar, COLOURS[self._score])
            elif step == self._score == 0:
                self._fill(painter, bar.adjusted(0, 0, -width * 2 / 3, 0), COLOURS[0])

    def _fill(self, painter: QPainter, bar: QRectF, role: str) -> None:
        painter.setBrush(QColor(getattr(theme.tokens(), role)))
        painter.drawRoundedRect(bar, HEIGHT / 2, HEIGHT / 2)
