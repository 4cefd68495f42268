"""By which server alerts are mailed, and what became of the last mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.framework.formatting import moment, short_moment
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import SessionViewModel
from services import alerts, notifications
from services.accounts import Session
from services.messages import gettext
from services.notifications import Mail, MailSettings
from services.scope import Scope
from services.settings import Settings

MASK = "••••••••"
"""Stands in the field of a password that is kept; it is never read back."""


@dataclass(frozen=True)
class _Loaded:
    mail: MailSettings
    has_password: bool
    mails: list[Mail]
    timezone: str


class MailViewModel(SessionViewModel):
    """``loaded`` when the settings are as they are stored."""

    loaded = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self._zone = "UTC"
        self.mail: MailSettings | None = None
        self.password = ""
        """`MASK` where one is kept."""
        self.mails: RecordTable[Mail] = RecordTable(self._columns(), lambda mail: mail.id, self)

    @property
    def severities(self) -> list[tuple[str, str | None]]:
        """(text, severity), the least severe first."""
        return [(alerts.severity_text(severity), severity) for severity in reversed(alerts.SEVERITIES)]

    def refresh(self) -> None:
        self.ask(self._load, self._show)

    def refresh_mails(self) -> None:
        """Show what became of the mails, and leave the settings as they are being edited; nothing before
        these were shown."""
        if self.mail is not None:
            self.ask(notifications.list_mails, self.mails.show)

    def save(self, password: str, **fields: Any) -> None:
        """Store the fields of `MailSettings`; a ``password`` that is the mask stays as it is kept."""
        mail = MailSettings(**fields)

        def store(scope: Scope) -> None:
            notifications.save_mail_settings(scope, self._settings, mail, _typed(password))

        self.ask(store, self.refresh, busy=True, notice=self.tr("The mail settings are saved."))

    def send_test(self, password: str, **fields: Any) -> None:
        """Send a mail by these settings, saved or not."""
        mail = MailSettings(**fields)

        def send(scope: Scope) -> None:
            notifications.send_test(scope, self._settings, mail, _typed(password))

        notice = self.tr("The server has taken a test mail to {to}.")
        self.ask(send, busy=True, notice=notice.format(to=", ".join(mail.recipients)))

    def send_waiting(self) -> None:
        """Try at once what waits, and what was refused."""

        def send(scope: Scope) -> None:
            notifications.retry(scope)
            notifications.send_due(scope, self._settings, although_quiet=True)

        self.ask(send, self.refresh_mails, busy=True)

    def state_of(self, row: int) -> str:
        """Return what became of the mail in this row."""
        return self._state(self.mails.record(row))

    def _load(self, scope: Scope) -> _Loaded:
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
            Column(self.tr("Written"), lambda mail: short_moment(mail.created_at, self._zone)),
            Column(self.tr("Mail"), lambda mail: mail.subject),
            Column(self.tr("What became of it"), self._state),
        ]

    def _state(self, mail: Mail) -> str:
        reason = gettext(mail.sentence, **mail.details) if mail.sentence else ""
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
