"""A new account, and the session of its owner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.features.accounts.password_strength import PasswordStrength
from desktop.framework.tasks import Task
from desktop.framework.view_model import ViewModel

if TYPE_CHECKING:  # the form is on screen before the services are loaded
    from desktop.framework.opened import Opened
    from services.accounts import Session


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
        """What is to be mended before the entry can be sent: a sentence for each field concerned."""
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
