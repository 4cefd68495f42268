"""Out of the outbox to a mail server."""

import logging
import smtplib
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from services.notifications import outbox
from services.notifications.mail_settings import MailSettings, checked, mail_settings, password_of
from services.notifications.quiet_hours import is_quiet
from services.notifications.smtp import MailRefused, connected, in_words, is_for_good, recipients_refused
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed

log = logging.getLogger(__name__)

ABOUT_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)
"""What a server says of a mail; the next one may be welcome."""
TEST = "This is how Loadlens reaches you. Alerts come to this address from now on, if mail is switched on."


@typed
def send_due(scope: Scope, settings: Settings, although_quiet: bool = False) -> int:
    """Send what is due in the user's outbox, unless these are quiet hours; how many mails a server has taken.

    Where mail is not enabled, or this installation does not know the password, they stay for one that
    does. What a server refuses, or that there is none, is noted with the mail and tried again later.
    """
    mail = mail_settings(scope, settings)
    password = password_of(scope, settings, mail) if mail.user else ""
    if not mail.enabled or (mail.user and not password) or (is_quiet(scope) and not although_quiet):
        return 0
    sent = 0
    with ExitStack() as conversation:
        server: smtplib.SMTP | None = None
        while (claimed := outbox.claim(scope)) is not None:
            try:
                server = server or conversation.enter_context(connected(mail, password))
                sent += _send(scope, server, mail, claimed)
            except (MailRefused, smtplib.SMTPException, OSError) as error:
                said = error if isinstance(error, MailRefused) else in_words(error, mail)
                log.info("mail %s was not sent: %s", claimed["_id"], said)
                outbox.note_refused(scope, claimed, said, said.for_good)
                if not isinstance(error, ABOUT_ONE_MAIL):
                    break
    return sent


@typed
def send_test(scope: Scope, settings: Settings, mail: MailSettings, password: str | None = None) -> None:
    """Send a mail by these settings at once, whether they are saved or not; the kept password unless given.

    Raises `MailSettingsRefused` and `MailRefused`.
    """
    mail = checked(mail)
    if password is None:
        password = password_of(scope, settings, mail)
    message = _message(mail, "Loadlens: test mail", TEST, make_msgid(domain="loadlens.invalid"))
    with connected(mail, password) as server:
        refused = server.send_message(message, mail.sender, list(mail.recipients))
    if refused:
        raise recipients_refused(refused, f"{mail.host}:{mail.port}")


def greet(mail: MailSettings) -> None:
    """Connect to the server, encrypted as for sending, and send nothing. Raises `MailRefused`."""
    with connected(replace(mail, user=""), ""):
        pass


def _send(scope: Scope, server: smtplib.SMTP, mail: MailSettings, claimed: Document) -> int:
    """Hand over one mail, and note at once what became of it; 1 if the server took it."""
    done = {*claimed["accepted"], *claimed["refused"]}
    to = [address for address in mail.recipients if address not in done]
    if not to:
        outbox.note_sent(scope, claimed, [])
        return 0
    message = _message(mail, claimed["subject"], claimed["text"], claimed["messageId"], claimed["createdAt"])
    refused = server.send_message(message, mail.sender, to)
    accepted = [address for address in to if address not in refused]
    said = recipients_refused(refused, f"{mail.host}:{mail.port}") if refused else None
    later = [address for address, (code, _) in refused.items() if not is_for_good(code)]
    if said and later:
        never = [address for address in refused if address not in later]
        outbox.note_refused(scope, claimed, said, False, accepted, never)
    else:
        outbox.note_sent(scope, claimed, accepted, said)
    return 1


def _message(
    mail: MailSettings, subject: str, text: str, message_id: str, written: datetime | None = None
) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = f"Loadlens <{mail.sender}>"
    message["To"] = ", ".join(mail.recipients)
    message["Date"] = format_datetime(written or datetime.now(UTC))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
