"""By which server alerts are mailed, and what became of the last mails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.framework.formatting import moment
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.tasks import Task, run
from services import notifications
from services.accounts import Session
from services.notifications import Mail, MailSettings
from services.settings import Settings

MASK = "••••••••"
"""Stands in the field of a password that is kept; it is never read back."""


@dataclass(frozen=True)
class _Loaded:
    mail: MailSettings
    has_password: bool
    mails: list[Mail]
    timezone: str


class MailViewModel(QObject):
    """``loaded`` when the settings are as they are stored; ``notified`` with what was done, in a sentence."""

    loaded = Signal()
    notified = Signal(str)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._zone = "UTC"
        self.mail: MailSettings | None = None
        self.password = ""
        """`MASK` where one is kept."""
        self.mails: RecordTable[Mail] = RecordTable(self._columns(), lambda mail: mail.id, self)

    def refresh(self) -> None:
        task = run(self._load, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def refresh_mails(self) -> None:
        """Show what became of the mails, and leave the settings as they are being edited; nothing before
        these were shown."""
        if self.mail is None:
            return
        task = run(lambda: notifications.list_mails(self._session.scope()), parent=self)
        task.succeeded.connect(self.mails.show)
        task.failed.connect(self.failed)

    def save(self, password: str, **fields: Any) -> None:
        """Store the fields of `MailSettings`; a ``password`` that is the mask stays as it is kept."""
        mail = MailSettings(**fields)

        def store() -> None:
            scope = self._session.scope()
            notifications.save_mail_settings(scope, self._settings, mail, _typed(password))

        self._start(store, self.tr("The mail settings are saved.")).succeeded.connect(self.refresh)

    def send_test(self, password: str, **fields: Any) -> None:
        """Send a mail by these settings, saved or not."""
        mail = MailSettings(**fields)

        def send() -> None:
            notifications.send_test(self._session.scope(), self._settings, mail, _typed(password))

        to = ", ".join(mail.recipients)
        self._start(send, self.tr("The server has taken a test mail to {to}.").format(to=to))

    def send_waiting(self) -> None:
        """Try at once what waits, and what was refused."""

        def send() -> None:
            scope = self._session.scope()
            notifications.retry(scope)
            notifications.send_due(scope, self._settings, although_quiet=True)

        self._start(send, "").succeeded.connect(self.refresh_mails)

    def state_of(self, row: int) -> str:
        """What became of the mail in this row."""
        return self._state(self.mails.record(row))

    def _start(self, work: Callable[[], None], sentence: str) -> Task:
        self.busy_changed.emit(True)
        task = run(work, parent=self)
        if sentence:
            task.succeeded.connect(lambda: self.notified.emit(sentence))
        task.failed.connect(self.failed)
        task.finished.connect(lambda: self.busy_changed.emit(False))
        return task

    def _load(self) -> _Loaded:
        scope = self._session.scope()
        mail = notifications.mail_settings(scope, self._settings)
        known = notifications.has_password(scope, self._settings, mail)
        return _Loaded(mail, known, notifications.list_mails(scope), scope.timezone)

    def _show(self, loaded: _Loaded) -> None:
        self.mail, self._zone = loaded.mail, loaded.timezone
        self.password = MASK if loaded.has_password else ""
        self.mails.show(loaded.mails)
        self.loaded.emit()

    def _columns(self) -> Sequence[Column[Mail]]:
        return [
            Column(self.tr("Written"), lambda mail: moment(mail.created_at, self._zone)),
            Column(self.tr("Mail"), lambda mail: mail.subject),
            Column(self.tr("What became of it"), self._state),
        ]

    def _state(self, mail: Mail) -> str:
        template = QCoreApplication.translate("refusals", mail.sentence)
        reason = template.format(**mail.details) if mail.sentence else ""
        if mail.state == "sent":
            sent = self.tr("Sent {when}").format(when=moment(mail.sent_at or mail.created_at, self._zone))
            return f"{sent}. {reason}".strip() if reason else sent
        if mail.state == "failed":
            return self.tr("Refused: {reason}").format(reason=reason)
        if not reason:
            return self.tr("Waits to be sent")
        again = moment(mail.due_at, self._zone)
        return self.tr("Next try {when}: {reason}").format(when=again, reason=reason)


def _typed(password: str) -> str | None:
    return None if password == MASK else password
