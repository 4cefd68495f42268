"""Choose another password than the one that an administrator gave."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QPushButton, QVBoxLayout, QWidget

from desktop.features.accounts.new_password_view_model import NewPasswordViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.header import Masthead
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.strength_line import StrengthLine


class NewPasswordWindow(QWidget):
    """``login_wanted`` by who would rather sign in with another account."""

    login_wanted = Signal()

    def __init__(self, view_model: NewPasswordViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("Choose a new password"))
        self.banner = Banner(self)
        self.password = PasswordEdit(self)
        self.strength = StrengthLine(self)
        self.repeated = PasswordEdit(self)
        self.submit = QPushButton(self.tr("&Set it and sign in"), self)
        self.submit.setProperty("role", "primary")
        self.back = QPushButton(self.tr("Sign in with &another account"), self)
        self.back.setProperty("role", "link")
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.password)

    def begin(self, user: Any, password: str, keep: bool) -> None:
        """An empty form for the account that was given this password; ``user`` is for the view-model."""
        self.clear()
        self._view_model.begin(user, password, keep)

    def clear(self) -> None:
        """Forget what was typed, and the password that was given."""
        for field in (self.password, self.repeated):
            field.clear()
            field.reveal.setChecked(False)
        self.banner.hide()
        self._view_model.forget()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(6)
        form.addRow(self.tr("&New password"), self.password)
        form.addRow(self.strength)
        form.addRow(self.tr("&Repeat the password"), self.repeated)
        why = self.tr("An administrator gave you the last one")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 24)
        layout.setSpacing(12)
        layout.addStretch()
        layout.addWidget(Masthead(self.tr("Choose a new password"), why, self))
        layout.addWidget(self.banner)
        layout.addLayout(form)
        layout.addSpacing(6)
        layout.addWidget(self.submit)
        layout.addStretch()
        layout.addWidget(self.back)

    def _connect(self) -> None:
        for field in (self.password, self.repeated):
            field.returnPressed.connect(self._choose)
        self.password.textChanged.connect(self._view_model.judge)
        self.submit.clicked.connect(self._choose)
        self.back.clicked.connect(self.login_wanted)
        self._view_model.strength.judged.connect(self.strength.show_strength)
        self._view_model.busy_changed.connect(self._set_busy)
        self._view_model.refused.connect(self._refused)
        self._view_model.judge("")

    def _choose(self) -> None:
        self.banner.hide()
        self._view_model.choose(self.password.text(), self.repeated.text())

    def _set_busy(self, busy: bool) -> None:
        for control in (self.password, self.repeated, self.submit, self.back):
            control.setEnabled(not busy)
        self.submit.setText(self.tr("Signing in…") if busy else self.tr("&Set it and sign in"))

    def _refused(self, sentence: str, field: str) -> None:
        self._set_busy(False)
        self.banner.show_error(sentence)
        wrong = self.repeated if field == "repeated" else self.password
        wrong.setFocus()
        wrong.selectAll()
