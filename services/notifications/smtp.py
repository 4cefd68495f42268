"""The conversation with a mail server, and what it refuses in words."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from services.errors import LoadlensError
from services.notifications.mail_settings import MailSettings

TIMEOUT = 20
"""Seconds for each answer of the server."""


class MailRefused(LoadlensError):
    """A mail did not get through. ``for_good``: the server would say the same of the same mail again."""

    def __init__(self, sentence: str, for_good: bool = False, **details: object) -> None:
        super().__init__(sentence, **details)
        self.for_good = for_good


@contextmanager
def connected(mail: MailSettings, password: str) -> Iterator[smtplib.SMTP]:
    """A connection on which mail can be sent, encrypted and signed in as the settings say.

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
        raise in_words(error, mail) from None


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


def is_for_good(code: int) -> bool:
    """Whether the server would answer the same later (RFC 5321, 4.2.1)."""
    return 500 <= code < 600


def in_words(error: Exception, mail: MailSettings) -> MailRefused:
    """What went wrong, and what to do."""
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
            return recipients_refused(error.recipients, at)
        case smtplib.SMTPResponseException():
            return MailRefused(
                "{server} refused the mail: {code} {reason}.",
                for_good=is_for_good(error.smtp_code)
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


def recipients_refused(refused: dict[str, tuple[int, bytes]], server: str) -> MailRefused:
    """For good if that goes for each of them."""
    address, (code, reason) = next(iter(refused.items()))
    return MailRefused(
        "{server} does not take mail for {address}: {code} {reason}.",
        for_good=all(is_for_good(code) for code, _ in refused.values()),
        server=server,
        address=address,
        code=code,
        reason=_text(reason),
    )


def _text(reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return " ".join(text.split()).rstrip(".")
