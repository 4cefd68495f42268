"""Out of the outbox to a mail server: the conversation with it, and what it refuses in words."""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from services.errors import LoadlensError
from services.messages import N_, gettext
from services.notifications import outbox
from services.notifications.mail_settings import MailSettings, checked, mail_settings, password_of
from services.notifications.quiet_hours import is_quiet
from services.scope import Document, Scope
from services.settings import Settings
from services.typed import typed

log = logging.getLogger(__name__)

ABOUT_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)
"""What a server says of a mail; the next one may be welcome."""
TIMEOUT = 20
"""Seconds for each answer of the server."""
TEST = N_(
    "This is how Loadlens reaches you. Alerts come to this address from now on, if mail is switched on."
)


class MailRefused(LoadlensError):
    """A mail did not get through. ``for_good``: the server would say the same of the same mail again."""

    def __init__(self, sentence: str, for_good: bool = False, **details: object) -> None:
        super().__init__(sentence, **details)
        self.for_good = for_good


@typed
def send_due(scope: Scope, settings: Settings, although_quiet: bool = False) -> int:
    """Send what is due in the user's outbox, unless these are quiet hours; return how many mails went out.

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
                server = server or conversation.enter_context(_connect(mail, password))
                sent += _send(scope, server, mail, claimed)
            except (MailRefused, smtplib.SMTPException, OSError) as error:
                refusal = error if isinstance(error, MailRefused) else _refusal_of(error, mail)
                log.info("mail %s was not sent: %s", claimed["_id"], refusal)
                outbox.note_refused(scope, claimed, refusal, refusal.for_good)
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
    message = _message(
        mail, gettext("Loadlens: test mail"), gettext(TEST), make_msgid(domain="loadlens.invalid")
    )
    with _connect(mail, password) as server:
        refused = server.send_message(message, mail.sender, list(mail.recipients))
    if refused:
        raise _recipients_refused(refused, f"{mail.host}:{mail.port}")


def greet(mail: MailSettings) -> None:
    """Connect to the server, encrypted as for sending, and send nothing. Raises `MailRefused`."""
    with _connect(replace(mail, user=""), ""):
        pass


def _send(scope: Scope, server: smtplib.SMTP, mail: MailSettings, claimed: Document) -> int:
    """Hand over one mail, and note at once what became of it; return 1 if the server took it."""
    done = {*claimed["accepted"], *claimed["refused"]}
    to = [address for address in mail.recipients if address not in done]
    if not to:
        outbox.note_sent(scope, claimed, [])
        return 0
    message = _message(mail, claimed["subject"], claimed["text"], claimed["messageId"], claimed["createdAt"])
    refused = server.send_message(message, mail.sender, to)
    accepted = [address for address in to if address not in refused]
    said = _recipients_refused(refused, f"{mail.host}:{mail.port}") if refused else None
    later = [address for address, (code, _) in refused.items() if not _is_for_good(code)]
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


@contextmanager
def _connect(mail: MailSettings, password: str) -> Iterator[smtplib.SMTP]:
    """Open a connection on which mail can be sent, encrypted and signed in as the settings say.

    Raises `MailRefused`, also in the place of what goes wrong in the conversation later.
    """
    try:
        with _open(mail) as server:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, password)
            yield server
    except (smtplib.SMTPException, OSError) as error:
        raise _refusal_of(error, mail) from None


@contextmanager
def _open(mail: MailSettings) -> Iterator[smtplib.SMTP]:
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    try:
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _is_for_good(code: int) -> bool:
    """Return whether the server would answer the same later (RFC 5321, 4.2.1)."""
    return 500 <= code < 600


def _refusal_of(error: Exception, mail: MailSettings) -> MailRefused:
    """Return what went wrong, and what to do."""
    at = f"{mail.host}:{mail.port}"
    match error:
        case smtplib.SMTPAuthenticationError():
            return MailRefused(
                "{server} does not accept the user “{user}” with this password. Correct them; some "
                "providers want a password made for programs.",
                server=at,
                user=mail.user,
            )
        case smtplib.SMTPRecipientsRefused():
            return _recipients_refused(error.recipients, at)
        case smtplib.SMTPResponseException():
            return MailRefused(
                "{server} refused the mail: {code} {reason}.",
                for_good=_is_for_good(error.smtp_code)
                and isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused),
                server=at,
                code=error.smtp_code,
                reason=_text(error.smtp_error),
            )
        case smtplib.SMTPNotSupportedError():
            return MailRefused(
                "{server} does not offer what the settings ask for ({reason}). Choose another encryption, or "
                "leave the user empty.",
                server=at,
                reason=str(error).rstrip("."),
            )
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPException():
            return MailRefused("{server} broke off the conversation. It is tried again.", server=at)
        case ssl.SSLCertVerificationError():
            return MailRefused(
                "The certificate of {server} is not trusted ({reason}). Enter the name that is in it, or "
                "have its authority added to this system.",
                server=at,
                reason=error.verify_message.rstrip("."),
            )
        case ssl.SSLError():
            return MailRefused(
                "{server} does not speak this encryption. Usual are STARTTLS with port 587, and TLS with "
                "port 465.",
                server=at,
            )
        case TimeoutError():
            return MailRefused(
                "{server} does not answer. Look at the name, the port and the network.", server=at
            )
    reason = getattr(error, "strerror", None) or str(error)
    return MailRefused(
        "{server} cannot be reached ({reason}). Look at the name, the port and the network.",
        server=at,
        reason=reason,
    )


def _recipients_refused(refused: dict[str, tuple[int, bytes]], server: str) -> MailRefused:
    """Return the refusal of some recipients, for good if that holds for each of them."""
    address, (code, reason) = next(iter(refused.items()))
    return MailRefused(
        "{server} does not take mail for {address}: {code} {reason}.",
        for_good=all(_is_for_good(code) for code, _ in refused.values()),
        server=server,
        address=address,
        code=code,
        reason=_text(reason),
    )


def _text(reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return " ".join(text.split()).rstrip(".")
