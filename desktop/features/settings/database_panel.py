"""Where the data lives: in the private database, or on a team's server."""

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.features.settings.database_text import Finding
from desktop.features.settings.database_view_model import DatabaseViewModel
from desktop.features.settings.move_dialog import MoveDialog
from desktop.features.settings.server_form import ServerForm
from desktop.framework.confirmation import confirm
from desktop.widgets.banner import Banner
from desktop.widgets.button_row import button_row
from desktop.widgets.card_column import CardColumn
from desktop.widgets.finding_list import FindingList

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
        model.busy_changed.connect(self._rest_while)

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

    def _rest_while(self, busy: bool) -> None:
        for button in (self.test, self.use, self.move_there, self.drop, self.use_private):
            button.setEnabled(not busy)
        self.test.setText(self.tr("Testing…") if busy else self.tr("Test the c&onnection"))


def _pairs(findings: list[Finding]) -> list[tuple[str, bool]]:
    return [(finding.text, finding.well) for finding in findings]
