"""The accounts: find, add, change the role of, open and close them, reset a password."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.administration.searched_panel import SearchedPanel
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.framework.confirmation import confirm
from desktop.framework.form_dialog import FormDialog
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.strength_line import StrengthLine

LONGEST_NAME = 200
WIDTH = 460


class GivenPassword(PasswordEdit):
    """Begins with a suggestion that can be read, for it has to be handed on; ``strength`` belongs below.

    ``personal`` gives what others know of its owner, such as name and email.
    """

    def __init__(
        self,
        view_model: UsersViewModel,
        personal: Callable[[], tuple[str, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._personal = personal
        self.strength = StrengthLine(parent)
        view_model.strength.judged.connect(self.strength.show_strength)
        self.textChanged.connect(self.judge)
        self.reveal.setChecked(True)
        self.setText(view_model.suggested_password())

    def judge(self) -> None:
        """Tell by ``strength`` how hard it is to guess; also when another owner is entered."""
        self._view_model.strength.judge(self.text(), *self._personal())


WIDTH = 460


class PasswordDialog(FormDialog):
    """For the account of this email and these names: ``give`` takes the password."""

    def __init__(
        self,
        view_model: UsersViewModel,
        email: str,
        names: tuple[str, str],
        give: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("Reset the password"), parent, self.tr("&Reset the password"), WIDTH)
        self._give = give
        self.password = GivenPassword(view_model, lambda: (*names, email), self)
        self.form.add(self.tr("&Password"), self.password)
        self.form.addRow("", self.password.strength)
        what = PlainLabel(
            self.tr(
                "{email} is signed out everywhere, signs in with this password once, and chooses another "
                "then. Hand it on."
            ).format(email=email)
        )
        what.setWordWrap(True)
        self.lay_out(above=what)
        self.password.textChanged.connect(lambda text: self.submit.setEnabled(bool(text)))
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self.refuse)

    def save(self) -> None:
        self._give(self.password.text())


class UserDialog(FormDialog):
    """Makes an account for somebody."""

    def __init__(self, view_model: UsersViewModel, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add a user"), parent, width=WIDTH)
        self._view_model = view_model
        self.first_name, self.last_name, self.email = (QLineEdit(self) for _ in range(3))
        self._about = (self.first_name, self.last_name, self.email)
        for edit in (self.first_name, self.last_name):
            edit.setMaxLength(LONGEST_NAME)
        self.email.setPlaceholderText(self.tr("name@example.com"))
        self.role = Choice(self.tr("Role"), view_model.roles(), self)
        self.password = GivenPassword(view_model, self._personal, self)
        self._lay_out()
        for edit in (*self._about, self.password):
            edit.textChanged.connect(self._validate)
        for edit in self._about:
            edit.textChanged.connect(self.password.judge)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self.refuse)
        self._validate()

    def save(self) -> None:
        self._view_model.create(
            self.first_name.text(),
            self.last_name.text(),
            self.email.text(),
            "admin" if self.role.value == "admin" else "user",
            self.password.text(),
        )

    def _lay_out(self) -> None:
        self.form.add(self.tr("&First name"), self.first_name)
        self.form.add(self.tr("&Last name"), self.last_name)
        self.form.add(self.tr("&Email"), self.email)
        self.form.add(self.tr("&Role"), self.role)
        self.form.add(self.tr("&Password"), self.password)
        self.form.addRow("", self.password.strength)
        hint = QLabel(
            self.tr("Hand the password on: it is asked for once, and then another is chosen by its owner.")
        )
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        self.lay_out(hint)

    def _validate(self) -> None:
        self.submit.setEnabled(all(edit.text().strip() for edit in (*self._about, self.password)))

    def _personal(self) -> tuple[str, ...]:
        return tuple(edit.text() for edit in self._about)


class UsersPanel(QWidget):
    """What takes rights away asks first, and says what follows."""

    def __init__(self, view_model: UsersViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        none = EmptyState(
            "account-off-outline", self.tr("No accounts"), self.tr("Nobody is to be seen here.")
        )
        self.found = SearchedPanel(
            view_model.found, self.tr("Users"), self.tr("Find a user by name or email"), none, self
        )
        self.list = self.found.list
        self.add = QPushButton(self.tr("&Add user…"), self)
        self.add.setProperty("role", "primary")
        self.role = QPushButton(self)
        self.status = QPushButton(self)
        self.password = QPushButton(self.tr("Reset &password…"), self)
        self._lay_out()
        self._connect()
        self._offer()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.role, self.status, self.password):
            buttons.addWidget(button)
        buttons.addStretch()
        self.found.tools.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.found, 1)
        layout.addLayout(buttons)
        self.setFocusProxy(self.found)

    def _connect(self) -> None:
        self.add.clicked.connect(lambda: self._open(UserDialog(self._view_model, self)))
        self.password.clicked.connect(self._reset_password)
        self.role.clicked.connect(self._change_role)
        self.status.clicked.connect(self._change_status)
        self.list.selectionModel().selectionChanged.connect(self._offer)
        self._view_model.found.loaded.connect(self._offer)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _offer(self) -> None:
        row = self.list.row
        account = self._view_model.account(row) if row >= 0 else None
        for button in (self.role, self.status):
            button.setEnabled(account is not None)
        self.password.setEnabled(account is not None and not account.is_own)
        admin = account is not None and account.role == "admin"
        closed = account is not None and account.status != "active"
        self.role.setText(self.tr("Ma&ke a user…") if admin else self.tr("Ma&ke administrator…"))
        self.status.setText(self.tr("Ac&tivate") if closed else self.tr("Deac&tivate…"))

    def _reset_password(self) -> None:
        account = self._view_model.account(self.list.row)
        give = partial(self._view_model.reset_password, account)
        names = (account.first_name, account.last_name)
        self._open(PasswordDialog(self._view_model, account.email, names, give, self))

    def _change_role(self) -> None:
        account = self._view_model.account(self.list.row)
        if account.role == "admin":
            question = self.tr("Is {email} no administrator any more?")
            consequence = self.tr("The account keeps its readings, and sees and changes no others.")
            action = self.tr("Make a user")
        else:
            question = self.tr("Make {email} an administrator?")
            consequence = self.tr(
                "Administrators keep all accounts and see all devices and imports and the audit log."
            )
            action = self.tr("Make administrator")
        if account.is_own:
            consequence = self.tr("It is your own account: this page is closed to you from then on.")
        confirm(
            self,
            question.format(email=account.email),
            consequence,
            action,
            lambda: self._view_model.change_role(account),
        )

    def _change_status(self) -> None:
        account = self._view_model.account(self.list.row)
        if account.status != "active":
            self._view_model.change_status(account)
            return
        consequence = self.tr("The account is signed out everywhere and cannot sign in. Its readings stay.")
        if account.is_own:
            consequence = self.tr(
                "It is your own account: you are signed out, and another lets you in again."
            )
        confirm(
            self,
            self.tr("Deactivate {email}?").format(email=account.email),
            consequence,
            self.tr("Deactivate"),
            lambda: self._view_model.change_status(account),
        )
