"""Move the private database to a server: what that means, how far it is, and how it ended."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.server_fields import Fields
from desktop.widgets.banner import Banner
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.progress_panel import ProgressPanel

WIDTH = 520


class MoveDialog(QDialog):
    """Modal, so that nothing is changed in this window while its database is copied."""

    def __init__(
        self,
        view_model: DatabaseViewModel,
        password: str,
        fields: Fields,
        server: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model, self._password, self._fields = view_model, password, fields
        self.setWindowTitle(self.tr("Move to a team's server"))
        self.explanation = PlainLabel(
            self.tr(
                "Everything in the private database is copied to {server} and compared byte by byte; then "
                "Loadlens works there. Until then nothing can be done in this window, imports by others "
                "wait, and the private database stays the one in use. A move that is stopped goes on another "
                "time where it stopped."
            ).format(server=server),
            self,
        )
        self.explanation.setWordWrap(True)
        self.banner = Banner(self)
        self.progress = ProgressPanel(self)
        self.start = QPushButton(self.tr("&Move everything"), self)
        self.start.setProperty("role", "primary")
        self.leave = QPushButton(self.tr("Close"), self)
        self.open_there = QPushButton(self.tr("&Open it there"), self)
        self.open_there.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self._show_waiting()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.leave, self.start, self.open_there):
            buttons.addWidget(button)
        self._inside = layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(14)
        for widget in (self.explanation, self.banner, self.progress):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.setMinimumWidth(WIDTH)

    def _connect(self) -> None:
        model = self._view_model
        self.start.clicked.connect(self._begin)
        self.leave.clicked.connect(self.reject)
        self.open_there.clicked.connect(self.accept)
        self.progress.cancelled.connect(model.cancel_move)
        model.progressed.connect(self.progress.show_progress)
        model.moved.connect(self._show_moved)
        model.move_failed.connect(self._show_failed)
        self.accepted.connect(model.open_anew)

    def reject(self) -> None:
        """Esc: stops a move that is under way, closes after one that was stopped, opens what was moved."""
        if self._view_model.moving:
            self.progress.cancel.click()
        elif self.open_there.isVisible():
            self.accept()
        else:
            super().reject()

    def _begin(self) -> None:
        self.banner.hide()
        self.start.hide()
        self.leave.hide()
        self.progress.show()
        self.progress.cancel.setFocus()
        self._view_model.move(self._password, self._fields)

    def _show_waiting(self) -> None:
        self.progress.hide()
        self.open_there.hide()
        self.start.show()
        self.leave.show()
        self.start.setFocus()

    def _show_failed(self, sentence: str) -> None:
        self._show_waiting()
        self.start.setText(self.tr("Go &on"))
        if sentence:
            self.banner.show_error(sentence)
        else:
            self.banner.show_info(
                self.tr("The move is stopped. What is copied stays on the server, to go on from there.")
            )
        self._fit()

    def _fit(self) -> None:
        """As tall as the words need that are shown now."""
        self._inside.activate()
        self.resize(self.width(), self._inside.totalHeightForWidth(self.width()))

    def _show_moved(self, sentence: str) -> None:
        self.progress.hide()
        self.explanation.hide()
        self.banner.show_info(sentence)
        self.open_there.show()
        self.open_there.setFocus()
        self._fit()
