"""The account of whoever is signed in: name, email, password, and where it is signed in."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.features.settings.account_view_model import AccountViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.card_column import CardColumn
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.record_view import RecordView
from desktop.widgets.strength_line import StrengthLine


class OwnNameCard(QFrame):
    """The password is asked for once the email is another; what was typed stays until it is saved."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.first_name, self.last_name, self.email = (QLineEdit(self) for _ in range(3))
        self.password = PasswordEdit(self)
        self.password.setPlaceholderText(self.tr("needed to change the email"))
        self.save = QPushButton(self.tr("&Save"), self)
        self.save.setProperty("role", "primary")
        self._lay_out()
        self.save.clicked.connect(self._save)
        self.email.textChanged.connect(self._validate)
        for edit in (self.first_name, self.last_name, self.email, self.password):
            edit.returnPressed.connect(self._save)
        view_model.loaded.connect(self._show)
        view_model.saved.connect(self._forget)
        view_model.busy_changed.connect(lambda busy: self.save.setEnabled(not busy))
        self._show()

    def _lay_out(self) -> None:
        form = LabelledForm()
        form.add(self.tr("Firs&t name"), self.first_name)
        form.add(self.tr("Last &name"), self.last_name)
        form.add(self.tr("&Email"), self.email)
        form.add(self.tr("Pass&word"), self.password)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addStretch()
        inside = CardColumn(
            self, self.tr("Name and email"), self.tr("You sign in with the email, whatever its case.")
        )
        inside.addLayout(form)
        inside.addLayout(buttons)

    def _show(self) -> None:
        edits, user = (self.first_name, self.last_name, self.email), self._view_model.user
        if not any(edit.isModified() for edit in edits):
            for edit, text in zip(edits, (user.first_name, user.last_name, user.email), strict=True):
                edit.setText(text)
        self._validate()

    def _validate(self) -> None:
        self.password.setEnabled(self.email.text().strip() != self._view_model.user.email)

    def _save(self) -> None:
        if self.save.isEnabled():
            name = self.first_name.text(), self.last_name.text()
            self._view_model.save(*name, self.email.text(), self.password.text())

    def _forget(self) -> None:
        """What was typed is stored; it is shown as it was."""
        self.password.clear()
        for edit in (self.first_name, self.last_name, self.email):
            edit.setModified(False)


class OwnPasswordCard(QFrame):
    """The old one, and the new one twice; while it is typed it is told how hard it is to guess."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.old, self.new, self.repeated = (PasswordEdit(self) for _ in range(3))
        self.strength = StrengthLine(self)
        self.change = QPushButton(self.tr("&Change the password"), self)
        self._lay_out()
        self.change.clicked.connect(self._change)
        for edit in (self.old, self.new, self.repeated):
            edit.returnPressed.connect(self._change)
            edit.textChanged.connect(self._validate)
        self.new.textChanged.connect(view_model.judge)
        view_model.strength.judged.connect(self.strength.show_strength)
        view_model.password_changed.connect(self._forget)
        view_model.busy_changed.connect(self._validate)
        view_model.judge("")
        self._validate()

    def _lay_out(self) -> None:
        form = LabelledForm()
        form.add(self.tr("&Old password"), self.old)
        form.add(self.tr("New &password"), self.new)
        form.addRow("", self.strength)
        form.add(self.tr("&Repeat the new one"), self.repeated)
        buttons = QHBoxLayout()
        buttons.addWidget(self.change)
        buttons.addStretch()
        inside = CardColumn(
            self,
            self.tr("Password"),
            self.tr("With another password you are signed out everywhere else; here you stay signed in."),
        )
        inside.addLayout(form)
        inside.addLayout(buttons)

    def _validate(self, busy: object = None) -> None:
        filled = all(edit.text() for edit in (self.old, self.new, self.repeated))
        self.change.setEnabled(filled and busy is not True)

    def _change(self) -> None:
        if self.change.isEnabled():
            self._view_model.change_password(self.old.text(), self.new.text(), self.repeated.text())

    def _forget(self) -> None:
        for edit in (self.old, self.new, self.repeated):
            edit.clear()
            edit.reveal.setChecked(False)


LEAST_HEIGHT = 160


class OwnSessionsCard(QFrame):
    """One button ends all sessions but this one."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = RecordView(self.tr("Where you are signed in"), view_model.sessions, parent=self)
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.end = QPushButton(self.tr("Sign out ever&ywhere else"), self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.end)
        buttons.addStretch()
        inside = CardColumn(
            self,
            self.tr("Where you are signed in"),
            self.tr("If you do not know one of these, sign out everywhere else and change your password."),
        )
        inside.addWidget(self.list)
        inside.addLayout(buttons)
        self.end.clicked.connect(view_model.sign_out_elsewhere)
        view_model.loaded.connect(self._show)
        view_model.busy_changed.connect(lambda _busy: self._show())
        self._show()

    def _show(self) -> None:
        self.list.resizeColumnsToContents()
        self.end.setEnabled(self._view_model.others > 0)


WIDEST = 860


class AccountPanel(QWidget):
    """Reads anew whenever it comes up, for sessions begin and end elsewhere."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.name = OwnNameCard(view_model, self)
        self.password = OwnPasswordCard(view_model, self)
        self.sessions = OwnSessionsCard(view_model, self)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, self.name, self.password, self.sessions):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()
        view_model.notified.connect(self.banner.show_info)
        view_model.failed.connect(self.banner.show_error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view_model.refresh()
