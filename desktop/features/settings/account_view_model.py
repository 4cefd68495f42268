"""The own account: name, email, password, and where it is signed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import number, short_moment
from desktop.framework.password_strength import PasswordStrength
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import Task
from desktop.framework.view_model import SessionViewModel
from services import accounts
from services.accounts import OpenSession, Session, User


@dataclass(frozen=True)
class _Loaded:
    user: User
    sessions: list[OpenSession]


class AccountViewModel(SessionViewModel):
    """``loaded`` when all is as it is stored."""

    loaded = Signal()
    saved = Signal()
    renamed = Signal()
    """Name or email are others now."""
    password_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._zone = "UTC"
        self.user: User = session.user
        self.strength = PasswordStrength(self)
        self.sessions: RecordTable[OpenSession] = RecordTable(self._columns(), lambda of: of.id, self)

    @property
    def others(self) -> int:
        """In how many other places the account is signed in."""
        return sum(not session.current for session in self.sessions.records)

    def refresh(self) -> None:
        self.start(self._load, self._show)

    def save(self, first_name: str, last_name: str, email: str, password: str) -> None:
        """Store name and email; the ``password`` is needed for another email."""
        before, name, email = self.user, (first_name.strip(), last_name.strip()), email.strip()
        if not all(name):
            self.failed.emit(self.tr("Enter your first and your last name."))
            return
        if email != before.email and not password:
            self.failed.emit(self.tr("Enter your password, too: the email is what you sign in with."))
            return

        def store() -> None:
            if email != before.email:  # which may be refused, and then the name stays as well
                accounts.change_email(self._session.scope(), password, email)
            if name != (before.first_name, before.last_name):
                accounts.change_name(self._session.scope(), *name)

        task = self._start(store, self.tr("Your name and email are saved."))
        task.succeeded.connect(self.saved)

    def judge(self, password: str) -> None:
        """Tell by ``strength`` how hard it is to guess."""
        self.strength.judge(password, self.user.first_name, self.user.last_name, self.user.email)

    def change_password(self, old: str, new: str, repeated: str) -> None:
        """Take another password; every other session ends."""
        complaint = self.strength.complaint(new)
        if not old:
            complaint = self.tr("Enter the password that you have now.")
        elif new != repeated:
            complaint = complaint or self.tr("The two new passwords differ.")
        if complaint:
            self.failed.emit(complaint)
            return
        sentence = self.tr(
            "Your password is changed. Wherever else you were signed in, you are not any more."
        )
        task = self._start(lambda: accounts.change_password(self._session, old, new), sentence)
        task.succeeded.connect(self.password_changed)

    def sign_out_elsewhere(self) -> None:
        """End every session but this one."""
        task = self._start(lambda: accounts.end_other_sessions(self._session))
        task.succeeded.connect(self._notify_ended)

    def _notify_ended(self, count: int) -> None:
        sentence = self.tr("Signed out in {count} other places; here you stay signed in.")
        if not count:
            sentence = self.tr("You were signed in nowhere else.")
        self.notified.emit(sentence.format(count=number(count)))

    def _start(self, work: Callable[[], object], notice: str = "") -> Task:
        return self.start(work, self.refresh, busy=True, notice=notice)

    def _load(self) -> _Loaded:
        sessions = accounts.list_sessions(self._session)  # which reads the user anew
        return _Loaded(self._session.user, sessions)

    def _show(self, loaded: _Loaded) -> None:
        renamed = loaded.user != self.user
        self.user, self._zone = loaded.user, loaded.user.timezone
        self.sessions.show(loaded.sessions)
        self.loaded.emit()
        if renamed:
            self.renamed.emit()

    def _columns(self) -> Sequence[Column[OpenSession]]:
        return [
            Column(self.tr("Computer"), lambda of: of.host),
            Column(self.tr("Signed in"), lambda of: short_moment(of.created_at, self._zone)),
            Column(self.tr("Last used"), lambda of: short_moment(of.last_used_at, self._zone)),
            Column(self.tr("Which"), self._which),
        ]

    def _which(self, session: OpenSession) -> str:
        if session.current:
            return self.tr("This one")
        return self.tr("Stays signed in") if session.kept else self.tr("Until it is closed")
