"""What the forms before sign-in do: each ends with the session of whoever filled it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.framework.password_strength import PasswordStrength
from desktop.framework.tasks import Task
from desktop.framework.view_model import ViewModel

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class Entry:
    """What the user filled in."""

    first_name: str
    last_name: str
    email: str
    password: str
    repeated: str


class RegistrationViewModel(ViewModel):
    """``signed_in`` with the new account's session; ``refused`` with the sentence and the field to mend,
    named as in `Entry`; ``opened`` waits for the database and is called off the GUI thread."""

    signed_in = Signal(object)
    refused = Signal(str, str)

    def __init__(self, opened: "Callable[[], Opened]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self.strength = PasswordStrength(self)

    def complaints(self, entry: Entry) -> dict[str, str]:
        """Return what is to be mended before the entry can be sent: a sentence for each field concerned."""
        from services.accounts import is_email

        too_weak = self.strength.complaint(entry.password)
        wrong = {
            "first_name": (not entry.first_name.strip(), self.tr("Enter your first name.")),
            "last_name": (not entry.last_name.strip(), self.tr("Enter your last name.")),
            "email": (not is_email(entry.email.strip()), self.tr("Write it like name@example.com.")),
            "password": (bool(too_weak), too_weak),
            "repeated": (entry.repeated != entry.password, self.tr("The two passwords differ.")),
        }
        return {field: sentence for field, (is_wrong, sentence) in wrong.items() if is_wrong}

    def judge(self, entry: Entry) -> None:
        """Tell by ``strength`` how hard the password is to guess."""
        self.strength.judge(entry.password, entry.first_name, entry.last_name, entry.email)

    def register(self, entry: Entry) -> None:
        task = self.start(lambda: self._register(entry), self.signed_in, busy=True, quiet=True)
        task.failed.connect(lambda sentence: self.refused.emit(sentence, _field(task)))

    def _register(self, entry: Entry) -> "Session":
        from services.accounts import Session, register

        opened = self._opened()
        user = register(opened.db, entry.first_name, entry.last_name, entry.email, entry.password)
        return Session.start(opened.db, opened.settings, user)


def _field(task: Task) -> str:
    """Only email and password are refused once the entry is complete; the email's refusal names it."""
    return "email" if task.error and "email" in task.error.details else "password"


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
        """Begin with the account that this given password opens."""
        self._user, self._given, self._keep = user, password, keep

    def forget(self) -> None:
        """Forget the given password, which is not needed any more."""
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
