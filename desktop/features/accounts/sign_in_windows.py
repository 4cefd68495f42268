"""The forms before anybody is signed in: sign in, register, choose a new password."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.features.accounts.sign_in_view_models import (
    Entry,
    LoginViewModel,
    NewPasswordViewModel,
    RegistrationViewModel,
)
from desktop.widgets.banner import Banner
from desktop.widgets.header import Masthead
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.strength_line import StrengthLine


class SignInForm(QWidget):
    """What the forms before sign-in have in common: fields by name, one button, and a banner for refusals."""

    def __init__(
        self, title: str, fields: dict[str, QLineEdit], submit: str, submitting: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.banner = Banner(self)
        self.fields = fields
        for edit in fields.values():
            edit.setParent(self)
            edit.returnPressed.connect(self._submit)
        self._texts = submit, submitting
        self.submit = QPushButton(submit, self)
        self.submit.setProperty("role", "primary")
        self.submit.clicked.connect(self._submit)
        self._others: list[QWidget] = []
        self.setFocusProxy(next(iter(fields.values())))

    def show_error(self, sentence: str) -> None:
        """Say above the fields what went wrong."""
        self.banner.show_error(sentence)

    def _submit(self) -> None:
        raise NotImplementedError

    def _link(self, text: str) -> QPushButton:
        """Make a button that leads elsewhere."""
        button = QPushButton(text, self)
        button.setProperty("role", "link")
        self._others.append(button)
        return button

    def _set_busy(self, busy: bool) -> None:
        for control in (*self.fields.values(), self.submit, *self._others):
            control.setEnabled(not busy)
        self.submit.setText(self._texts[busy])

    def _refuse(self, sentence: str, field: str) -> None:
        self._set_busy(False)
        self.banner.show_error(sentence)
        self.fields[field].setFocus()
        self.fields[field].selectAll()


class LoginWindow(SignInForm):
    """Email, password and whether to stay signed in; ``registration_wanted`` by who has no account,
    ``connection_wanted`` by who has one on another database."""

    registration_wanted = Signal()
    connection_wanted = Signal()

    def __init__(self, view_model: LoginViewModel, parent: QWidget | None = None) -> None:
        self.email, self.password = QLineEdit(), PasswordEdit()
        fields = {"email": self.email, "password": self.password}
        super().__init__(self.tr("Sign in"), fields, self.tr("&Sign in"), self.tr("Signing in…"), parent)
        self._view_model = view_model
        self.keep = QCheckBox(self.tr("&Keep me signed in"), self)
        self._others.append(self.keep)
        self.register = self._link(self.tr("&Create an account"))
        self.connection = self._link(self.tr("Use a &team's server…"))
        self.setTabOrder(self.password, self.keep)
        self.setTabOrder(self.keep, self.submit)
        self._lay_out()
        self._connect()

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
        self.register.clicked.connect(self.registration_wanted)
        self.connection.clicked.connect(self.connection_wanted)
        self._view_model.busy_changed.connect(self._set_busy)
        self._view_model.refused.connect(self._refuse)

    def _submit(self) -> None:
        self.banner.hide()
        self._view_model.sign_in(self.email.text(), self.password.text(), self.keep.isChecked())


class RegistrationWindow(SignInForm):
    """Says below each field what is to be mended in it; ``login_wanted`` by who has an account."""

    login_wanted = Signal()

    def __init__(self, view_model: RegistrationViewModel, parent: QWidget | None = None) -> None:
        fields = {
            "first_name": QLineEdit(),
            "last_name": QLineEdit(),
            "email": QLineEdit(),
            "password": PasswordEdit(),
            "repeated": PasswordEdit(),
        }
        submit, submitting = self.tr("&Create account"), self.tr("Creating the account…")
        super().__init__(self.tr("Create an account"), fields, submit, submitting, parent)
        self._view_model = view_model
        self.hints = {field: QLabel(self) for field in self.fields if field != "password"}
        self.strength = StrengthLine(self)
        self.back = self._link(self.tr("I have an account: &sign in"))
        self._lay_out()
        self._connect()

    def clear(self) -> None:
        """Empty the form."""
        for field in self.fields:
            self.fields[field].clear()
            self._show_hint(field, "")
        self.banner.hide()
        self._view_model.judge(self._entry())

    def _lay_out(self) -> None:
        titles = {
            "first_name": self.tr("&First name"),
            "last_name": self.tr("&Last name"),
            "email": self.tr("&Email"),
            "password": self.tr("&Password"),
            "repeated": self.tr("&Repeat the password"),
        }
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        for field, edit in self.fields.items():
            form.addRow(titles[field], edit)
            form.addRow(self.hints.get(field, self.strength))
        for hint in self.hints.values():
            hint.setProperty("role", "hint")
            hint.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(10)
        layout.addStretch()
        layout.addWidget(Masthead(self.tr("Create an account"), "", self))
        layout.addWidget(self.banner)
        layout.addLayout(form)
        layout.addSpacing(6)
        layout.addWidget(self.submit)
        layout.addStretch()
        layout.addWidget(self.back)

    def _connect(self) -> None:
        for field, edit in self.fields.items():
            edit.editingFinished.connect(lambda f=field: self._validate(f))
            edit.textChanged.connect(lambda _text, f=field: self._edited(f))
        self.back.clicked.connect(self.login_wanted)
        self._view_model.busy_changed.connect(self._set_busy)
        self._view_model.refused.connect(self._refuse)
        self._view_model.strength.judged.connect(self.strength.show_strength)

    def _entry(self) -> Entry:
        return Entry(**{field: edit.text() for field, edit in self.fields.items()})

    def _edited(self, field: str) -> None:
        self._show_hint(field, "")
        if field != "repeated":
            self._view_model.judge(self._entry())

    def _validate(self, field: str) -> None:
        """A hint as soon as a filled field is left, never for one that was only passed through."""
        if self.fields[field].text():
            self._show_hint(field, self._view_model.complaints(self._entry()).get(field, ""))

    def _submit(self) -> None:
        self.banner.hide()
        complaints = self._view_model.complaints(self._entry())
        for field in self.fields:
            self._show_hint(field, complaints.get(field, ""))
        if complaints:
            self.fields[next(iter(complaints))].setFocus()
        else:
            self._view_model.register(self._entry())

    def _show_hint(self, field: str, sentence: str) -> None:
        if field in self.hints:
            self.hints[field].setText(sentence)
            self.hints[field].setVisible(bool(sentence))
        elif sentence:
            self.strength.show_refusal(sentence)
        self.fields[field].setAccessibleDescription(sentence)


class NewPasswordWindow(SignInForm):
    """``login_wanted`` by who would rather sign in with another account."""

    login_wanted = Signal()

    def __init__(self, view_model: NewPasswordViewModel, parent: QWidget | None = None) -> None:
        self.password, self.repeated = PasswordEdit(), PasswordEdit()
        fields: dict[str, QLineEdit] = {"password": self.password, "repeated": self.repeated}
        submit, submitting = self.tr("&Set it and sign in"), self.tr("Signing in…")
        super().__init__(self.tr("Choose a new password"), fields, submit, submitting, parent)
        self._view_model = view_model
        self.strength = StrengthLine(self)
        self.back = self._link(self.tr("Sign in with &another account"))
        self._lay_out()
        self._connect()

    def begin(self, user: Any, password: str, keep: bool) -> None:
        """Show an empty form for the account that was given this password; ``user`` is for the view-model."""
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
        self.password.textChanged.connect(self._view_model.judge)
        self.back.clicked.connect(self.login_wanted)
        self._view_model.strength.judged.connect(self.strength.show_strength)
        self._view_model.busy_changed.connect(self._set_busy)
        self._view_model.refused.connect(self._refuse)
        self._view_model.judge("")

    def _submit(self) -> None:
        self.banner.hide()
        self._view_model.choose(self.password.text(), self.repeated.text())
