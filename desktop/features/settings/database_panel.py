"""Where the data lives, and how it moves to a team's server."""

from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.features.settings.database_text import Finding
from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.server_fields import Fields
from desktop.features.settings.server_form import ServerForm
from desktop.framework.confirmation import confirm
from desktop.widgets.banner import Banner
from desktop.widgets.button_row import button_row
from desktop.widgets.card_column import CardColumn
from desktop.widgets.finding_list import FindingList
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


WIDEST = 860


class DatabasePanel(QWidget):
    """A connection is tested, used, or moved to, by what the fields say."""

    def __init__(self, view_model: DatabaseViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.where = FindingList(self.tr("Where the data lives"), self)
        self.use_private = QPushButton(self.tr("Use the &private database again…"), self)
        self.form = ServerForm(self)
        self.findings = FindingList(self.tr("What the test has shown"), self)
        self.test = QPushButton(self.tr("Test the c&onnection"), self)
        self.use = QPushButton(self.tr("Us&e this server…"), self)
        self.move_there = QPushButton(self.tr("Move eve&rything to this server…"), self)
        self.drop = QPushButton(self.tr("Drop the half cop&y…"), self)
        self.may_not = QLabel(
            self.tr("Several people use this database, so only an administrator may change where it lives."),
            self,
        )
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        self.test.setProperty("role", "primary")
        self.may_not.setProperty("role", "muted")
        self.may_not.setWordWrap(True)
        here, self._server = QFrame(self), QFrame(self)
        inside = CardColumn(here, self.tr("Where the data lives"))
        inside.addWidget(self.where)
        inside.addWidget(self.may_not)
        inside.addLayout(button_row(self.use_private))
        inside = CardColumn(
            self._server,
            self.tr("A team's server"),
            self.tr(
                "Several computers work on one MongoDB server, replica set or cluster at once. The password "
                "is kept in this system's keyring, or where there is none in a file that only you can read."
            ),
        )
        inside.addWidget(self.form)
        inside.addLayout(button_row(self.test, self.use, self.move_there))
        inside.addWidget(self.findings)
        inside.addLayout(button_row(self.drop))
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, here, self._server):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()

    def _connect(self) -> None:
        model = self._view_model
        self.test.clicked.connect(self._test)
        self.use.clicked.connect(self._ask_to_use)
        self.move_there.clicked.connect(self._show_move)
        self.drop.clicked.connect(self._ask_to_drop)
        self.use_private.clicked.connect(self._ask_for_private)
        model.loaded.connect(self._show)
        model.tested.connect(self._show_test)
        model.notified.connect(self.banner.show_info)
        model.failed.connect(self.banner.show_error)
        model.busy_changed.connect(self._set_busy)

    def _show(self) -> None:
        shown = self._view_model.shown
        self.where.show_findings(_pairs(shown.where))
        self.may_not.setVisible(not shown.may and bool(shown.where))
        self.use_private.setVisible(shown.may and not shown.private and not shown.fixed)
        self._server.setVisible(shown.may and not shown.fixed)
        self.move_there.setVisible(shown.private)
        self.drop.hide()
        self.findings.hide()
        self.form.show_fields(self._view_model.fields, self._view_model.password)

    def _test(self) -> None:
        self.banner.hide()
        self.findings.hide()
        self.drop.hide()
        self._view_model.test(self.form.password.text(), self.form.fields)

    def _show_test(self, findings: list[Finding]) -> None:
        self.findings.show_findings(_pairs(findings))
        self.drop.setVisible(self._view_model.half_copied)

    def _ask_to_use(self) -> None:
        fields, password = self.form.fields, self.form.password.text()
        self.banner.hide()
        confirm(
            self,
            self.tr("Work in the database on {server}?").format(server=self._address()),
            self.tr(
                "Nothing is moved there: what is in the private database stays in it. Loadlens signs you out "
                "and opens the server, where you sign in with the account that you have there."
            ),
            self.tr("Use the server"),
            lambda: self._view_model.use_server(password, fields),
        )

    def _ask_for_private(self) -> None:
        self.banner.hide()
        confirm(
            self,
            self.tr("Work in the private database again?"),
            self.tr(
                "Nothing is moved back: the private database is as it was left, and what was added on the "
                "server stays there. Loadlens signs you out and opens it."
            ),
            self.tr("Use the private database"),
            self._view_model.use_private,
        )

    def _ask_to_drop(self) -> None:
        fields, password = self.form.fields, self.form.password.text()
        confirm(
            self,
            self.tr("Drop the half copy on {server}?").format(server=self._address()),
            self.tr("The private database stays as it is. A later move copies everything again."),
            self.tr("Drop it"),
            lambda: self._view_model.drop_copy(password, fields),
        )

    def _show_move(self) -> None:
        self.banner.hide()
        dialog = MoveDialog(
            self._view_model, self.form.password.text(), self.form.fields, self._address(), self
        )
        dialog.open()

    def _address(self) -> str:
        return self.form.address.text().rpartition("://")[2].partition("/")[0]

    def _set_busy(self, busy: bool) -> None:
        for button in (self.test, self.use, self.move_there, self.drop, self.use_private):
            button.setEnabled(not busy)
        self.test.setText(self.tr("Testing…") if busy else self.tr("Test the c&onnection"))


def _pairs(findings: list[Finding]) -> list[tuple[str, bool]]:
    return [(finding.text, finding.well) for finding in findings]
