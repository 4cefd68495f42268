"""The accounts: find, add, change the role of, open and close them, reset a password."""

from functools import partial

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.features.administration.password_dialog import PasswordDialog
from desktop.features.administration.searched_panel import SearchedPanel
from desktop.features.administration.user_dialog import UserDialog
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.framework.confirmation import confirm
from desktop.widgets.empty_state import EmptyState


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
