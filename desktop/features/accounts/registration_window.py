"""Create an account."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.features.accounts.registration_view_model import Entry, RegistrationViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.header import Masthead
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.strength_line import StrengthLine


class RegistrationWindow(QWidget):
    """Says below each field what is to be mended in it; ``login_wanted`` by who has an account."""

    login_wanted = Signal()

    def __init__(self, view_model: RegistrationViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("Create an account"))
        self.banner = Banner(self)
        self.fields: dict[str, QLineEdit] = {
            "first_name": QLineEdit(self),
            "last_name": QLineEdit(self),
            "email": QLineEdit(self),
            "password": PasswordEdit(self),
            "repeated": PasswordEdit(self),
        }
        self.hints = {field: QLabel(self) for field in self.fields if field != "password"}
        self.strength = StrengthLine(self)
        self.submit = QPushButton(self.tr("&Create account"), self)
        self.submit.setProperty("role", "primary")
        self.back = QPushButton(self.tr("I have an account: &sign in"), self)
        self.back.setProperty("role", "link")
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.fields["first_name"])

    def clear(self) -> None:
        """An empty form."""
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
            edit.returnPressed.connect(self._register)
            edit.editingFinished.connect(lambda f=field: self._judge(f))
            edit.textChanged.connect(lambda _text, f=field: self._edited(f))
        self.submit.clicked.connect(self._register)
        self.back.clicked.connect(self.login_wanted)
        self._view_model.busy_changed.connect(self._set_busy)
        self._view_model.refused.connect(self._refused)
        self._view_model.strength.judged.connect(self.strength.show_strength)

    def _entry(self) -> Entry:
        return Entry(**{field: edit.text() for field, edit in self.fields.items()})

    def _edited(self, field: str) -> None:
        self._show_hint(field, "")
        if field != "repeated":
            self._view_model.judge(self._entry())

    def _judge(self, field: str) -> None:
        """A hint as soon as a filled field is left, never for one that was only passed through."""
        if self.fields[field].text():
            self._show_hint(field, self._view_model.complaints(self._entry()).get(field, ""))

    def _register(self) -> None:
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

    def _set_busy(self, busy: bool) -> None:
        for control in (*self.fields.values(), self.submit, self.back):
            control.setEnabled(not busy)
        self.submit.setText(self.tr("Creating the account…") if busy else self.tr("&Create account"))

    def _refused(self, sentence: str, field: str) -> None:
        self._set_busy(False)
        self.banner.show_error(sentence)
        self.fields[field].setFocus()
        self.fields[field].selectAll()
