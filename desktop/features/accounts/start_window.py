"""What is on screen while the database starts, and when it does not."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.banner import Banner
from desktop.widgets.header import Masthead
from desktop.widgets.progress_panel import ProgressPanel


class StartWindow(QWidget):
    """Says that Loadlens starts, how far a longer start is, or why it cannot."""

    retry = Signal()
    quit = Signal()
    cancelled = Signal()
    connection_wanted = Signal()
    """Another database is to be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner(self)
        self._line = QLabel(self.tr("Opening your readings…"), self)
        self._line.setProperty("role", "muted")
        self._line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.progress = ProgressPanel(self)
        self.try_again = QPushButton(self.tr("&Try again"), self)
        self.try_again.setProperty("role", "primary")
        self._quit = QPushButton(self.tr("&Quit"), self)
        self.connection = QPushButton(self.tr("Choose another &database…"), self)
        self.connection.setProperty("role", "link")
        self._lay_out()
        self.try_again.clicked.connect(self.retry)
        self._quit.clicked.connect(self.quit)
        self.connection.clicked.connect(self.connection_wanted)
        self.progress.cancelled.connect(self.cancelled)
        self.show_starting()

    def show_starting(self) -> None:
        self.banner.hide()
        self.progress.hide()
        self._line.show()
        self._offer(False)

    def show_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        """A start that takes longer, such as the making of the sample facility."""
        self._line.hide()
        self.progress.show()
        self.progress.show_progress(stage, done, total, seconds_left)

    def show_refusal(self, sentence: str) -> None:
        """Show why Loadlens cannot start; the user mends it and tries again."""
        self._line.hide()
        self.progress.hide()
        self.banner.show_error(sentence)
        self._offer(True)
        self.try_again.setFocus()

    def _offer(self, choice: bool) -> None:
        self.try_again.setVisible(choice)
        self._quit.setVisible(choice)
        self.connection.setVisible(choice)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._quit)
        buttons.addWidget(self.try_again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.addStretch()
        layout.addWidget(Masthead(self.tr("Loadlens"), "", self))
        layout.addWidget(self.banner)
        layout.addWidget(self._line)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)
        layout.addStretch()
        layout.addWidget(self.connection)
