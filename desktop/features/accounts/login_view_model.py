"""Email and password into a session."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.framework.view_model import ViewModel

if TYPE_CHECKING:  # the form is on screen before the services are loaded
    from desktop.framework.opened import Opened
    from services.accounts import Session, User


class LoginViewModel(ViewModel):
    """``signed_in`` with the session and whether it is kept; ``new_password_wanted`` with the `User` whose
    password an administrator gave, that password, and whether the session is kept; ``refused`` with the
    sentence and the field to mend, "email" or "password". ``opened`` waits for the database and is called
    off the GUI thread."""

    signed_in = Signal(object, bool)
    new_password_wanted = Signal(object, str, bool)
    refused = Signal(str, str)

    def __init__(self, opened: "Callable[[], Opened]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened

    def sign_in(self, email: str, password: str, keep: bool) -> None:
        if not email.strip():
            self.refused.emit(self.tr("Enter your email."), "email")
        elif not password:
            self.refused.emit(self.tr("Enter your password."), "password")
        else:
            self.start(
                lambda: self._sign_in(email, password, keep),
                lambda found: self._on_signed_in(found[0], found[1], password, keep),
                busy=True,
                on_failed=lambda sentence: self.refused.emit(sentence, "password"),
            )

    def _on_signed_in(self, user: "User", session: "Session | None", password: str, keep: bool) -> None:
        if session is None:
            self.new_password_wanted.emit(user, password, keep)
        else:
            self.signed_in.emit(session, keep)

    def _sign_in(self, email: str, password: str, keep: bool) -> "tuple[User, Session | None]":
        """No session for who has to choose another password first."""
        from services.accounts import Session, sign_in

        opened = self._opened()
        user = sign_in(opened.db, email, password)
        if user.must_change_password:
            return user, None
        return user, Session.start(opened.db, opened.settings, user, keep)
