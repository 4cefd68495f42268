"""Sign in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.features.accounts.login_view_model import LoginViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.header import Masthead
from desktop.widgets.password_edit import PasswordEdit


class LoginWindow(QWidget):
    """Email, password and whether to stay signed in; ``registration_wanted`` by who has no account,
    ``connection_wanted`` by who has one on another database."""

    registration_wanted = Signal()
    connection_wanted = Signal()

    def __init__(self, view_model: LoginViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("Sign in"))
        self.banner = Banner(self)
        self.email = QLineEdit(self)
        self.password = PasswordEdit(self)
        self.keep = QCheckBox(self.tr("&Keep me signed in"), self)
        self.submit = QPushButton(self.tr("&Sign in"), self)
        self.submit.setProperty("role", "primary")
        self.register = QPushButton(self.tr("&Create an account"), self)
        self.register.setProperty("role", "link")
        self.connection = QPushButton(self.tr("Use a &team's server…"), self)
        self.connection.setProperty("role", "link")
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.email)

    def show_error(self, sentence: str) -> None:
        """Why the user has to sign in again."""
        self.banner.show_error(sentence)

    def clear(self) -> None:
        """Forget what was typed; the email stays for the next time."""
        self.password.clear()
        self.password.reveal.setChecked(False)
        self.banner.hide()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(6)
        form.addRow(self.tr("&Email"), self.email)
        form.addRow(self.tr("&Password"), self.password)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 24)
        layout.setSpacing(12)
        layout.addStretch()
        layout.addWidget(Masthead(self.tr("Loadlens"), self.tr("Sign in to your facility"), self))
        layout.addWidget(self.banner)
        layout.addLayout(form)
        layout.addWidget(self.keep)
        layout.addWidget(self.submit)
        layout.addWidget(QLabel(self))
        layout.addStretch()
        layout.addWidget(self.register)
        layout.addWidget(self.connection)

    def _connect(self) -> None:
        self.email.returnPressed.connect(self._sign_in)
        self.password.returnPressed.connect(self._sign_in)
        self.submit.clicked.connect(self._sign_in)
        self.register.clicked.connect(self.registration_wanted)
        self.connection.clicked.connect(self.connection_wanted)
        self._view_model.busy_changed.connect(self._set_busy)
        self._view_model.refused.connect(self._refused)

    def _sign_in(self) -> None:
        self.banner.hide()
        self._view_model.sign_in(self.email.text(), self.password.text(), self.keep.isChecked())

    def _set_busy(self, busy: bool) -> None:
        for control in (self.email, self.password, self.keep, self.submit, self.register, self.connection):
            control.setEnabled(not busy)
        self.submit.setText(self.tr("Signing in…") if busy else self.tr("&Sign in"))

    def _refused(self, sentence: str, field: str) -> None:
        self._set_busy(False)
        self.banner.show_error(sentence)
        wrong = self.email if field == "email" else self.password
        wrong.setFocus()
        wrong.selectAll()
