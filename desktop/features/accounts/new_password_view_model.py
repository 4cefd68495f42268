"""Another password than the one that an administrator gave, and the session of who chose it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.features.accounts.password_strength import PasswordStrength
from desktop.framework.view_model import ViewModel

if TYPE_CHECKING:  # the form is on screen before the services are loaded
    from desktop.framework.opened import Opened
    from services.accounts import Session, User


class NewPasswordViewModel(ViewModel):
    """``signed_in`` with the session and whether it was to be kept; ``refused`` with the sentence and the
    field to mend, "password" or "repeated"; ``opened`` is called off the GUI thread."""

    signed_in = Signal(object, bool)
    refused = Signal(str, str)

    def __init__(self, opened: "Callable[[], Opened]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self._user: User | None = None
        self._given = ""
        self._keep = False
        self.strength = PasswordStrength(self)

    def begin(self, user: "User", password: str, keep: bool) -> None:
        """For the account that this given password opens."""
        self._user, self._given, self._keep = user, password, keep

    def forget(self) -> None:
        """The given password is not needed any more."""
        self._user, self._given = None, ""

    def judge(self, password: str) -> None:
        """Tell by ``strength`` how hard it is to guess."""
        user = self._user
        self.strength.judge(password, *((user.first_name, user.last_name, user.email) if user else ()))

    def choose(self, password: str, repeated: str) -> None:
        complaint = self.strength.complaint(password)
        if complaint:
            self.refused.emit(complaint, "password")
        elif repeated != password:
            self.refused.emit(self.tr("The two passwords differ."), "repeated")
        else:
            keep, given = self._keep, self._given
            email = self._user.email if self._user else ""
            self.start(
                lambda: self._choose(email, given, password, keep),
                lambda session: self.signed_in.emit(session, keep),
                busy=True,
                on_failed=lambda sentence: self.refused.emit(sentence, "password"),
            )

    def _choose(self, email: str, given: str, password: str, keep: bool) -> "Session":
        from services.accounts import Session, choose_password

        opened = self._opened()
        user = choose_password(opened.db, email, given, password)
        return Session.start(opened.db, opened.settings, user, keep)
