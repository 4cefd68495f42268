"""The accounts, for an administrator."""

import secrets
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.features.administration.searched_table import SearchedTable
from desktop.framework.formatting import NOTHING, short_moment
from desktop.framework.password_strength import PasswordStrength
from desktop.framework.record_table import Column
from desktop.framework.view_model import SessionViewModel
from services import administration
from services.accounts import Session
from services.administration import Account, Role
from services.scope import Scope

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None of which is taken for another when it is read out."""
GROUPS, GROUP = 4, 4


class UsersViewModel(SessionViewModel):
    """``saved`` and ``refused`` answer a dialog, ``failed`` everything else."""

    saved = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.found: SearchedTable[Account] = SearchedTable(
            session, administration.list_users, self._columns, self
        )
        self.found.failed.connect(self.failed)
        self.strength = PasswordStrength(self)

    def account(self, row: int) -> Account:
        """Return the account in this row at this moment; others may be there in the next."""
        return self.found.table.record(row)

    def roles(self) -> list[tuple[str, str | None]]:
        """Return the roles in words, and as they are stored."""
        return [(self.tr("User"), "user"), (self.tr("Administrator"), "admin")]

    def create(self, first_name: str, last_name: str, email: str, role: Role, password: str) -> None:
        """Make an account: `saved`, or `refused` and why."""

        def make(scope: Scope) -> None:
            administration.create_user(scope, first_name, last_name, email, password, role)

        sentence = self.tr("{email} can sign in now, and chooses another password then.")
        self._ask(make, sentence.format(email=email.strip()), in_dialog=True)

    def reset_password(self, account: Account, password: str) -> None:
        """Give the account a password: `saved`, or `refused` and why."""
        sentence = self.tr("{email} has a new password, and chooses another at the next sign-in.")
        self._ask(
            lambda scope: administration.reset_password(scope, account.id, password),
            sentence.format(email=account.email),
            in_dialog=True,
        )

    def change_role(self, account: Account) -> None:
        """Make an administrator of a user, and a user of an administrator."""
        role: Role = "user" if account.role == "admin" else "admin"
        now_admin = self.tr("{email} is an administrator now.")
        now_user = self.tr("{email} is no administrator any more.")
        sentence = (now_admin if role == "admin" else now_user).format(email=account.email)
        self._ask(lambda scope: administration.set_role(scope, account.id, role), sentence)

    def change_status(self, account: Account) -> None:
        """Set an active account inactive, and an inactive one active."""
        active = account.status != "active"
        now_active = self.tr("{email} can sign in again.")
        now_inactive = self.tr("{email} is signed out and cannot sign in any more. The readings stay.")
        self._ask(
            lambda scope: administration.set_status(scope, account.id, "active" if active else "inactive"),
            (now_active if active else now_inactive).format(email=account.email),
        )

    def suggested_password(self) -> str:
        """Return one that nobody guesses and anybody can read out."""
        return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))

    def _ask(self, work: Callable[[Scope], None], notice: str, in_dialog: bool = False) -> None:
        """``in_dialog``: `saved` or `refused` answer a dialog."""
        on_failed = self.refused if in_dialog else self.failed
        task = self.ask(work, notice=notice, on_failed=on_failed)
        if in_dialog:
            task.succeeded.connect(self.saved)
        task.finished.connect(self.found.refresh)

    def _columns(self, at: SearchedTable[Account]) -> Sequence[Column[Account]]:
        roles = {value: text for text, value in self.roles()}
        return [
            Column(self.tr("Name"), name_of, lambda account: name_of(account).casefold()),
            Column(self.tr("Email"), lambda account: account.email),
            Column(self.tr("Role"), lambda account: roles.get(account.role, account.role)),
            Column(self.tr("Status"), self._status),
            Column(
                self.tr("Last sign-in"),
                lambda of: short_moment(of.last_sign_in, at.zone) if of.last_sign_in else NOTHING,
                lambda of: of.last_sign_in.timestamp() if of.last_sign_in else 0.0,
            ),
        ]

    def _status(self, account: Account) -> str:
        if account.status != "active":
            return self.tr("Inactive")
        return self.tr("Must choose a password") if account.must_change_password else self.tr("Active")


def name_of(account: Account) -> str:
    """First and last name; a dash for an account that has none."""
    return f"{account.first_name} {account.last_name}".strip() or NOTHING
