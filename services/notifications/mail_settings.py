"""By which server a user's mail goes out, and to whom."""

import ipaddress
from dataclasses import dataclass, replace
from typing import Literal, get_args

from services import audit, secret_store
from services.documents import from_document, to_document
from services.errors import LoadlensError
from services.scope import Scope
from services.settings import Settings
from services.typed import typed

Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = get_args(Security)
MOST_RECIPIENTS = 20


class MailSettingsRefused(LoadlensError):
    """A field of the mail settings cannot be used."""


@dataclass(frozen=True)
class MailSettings:
    """All but the password, which is never read back out of where secrets are kept."""

    enabled: bool
    """Whether alerts are mailed."""
    host: str
    port: int
    security: Security
    user: str
    """Empty where the server wants no sign-in."""
    sender: str
    recipients: tuple[str, ...]
    severity: str = "low"
    """The least severity that is mailed."""


def default_mail_settings(scope: Scope, settings: Settings) -> MailSettings:
    """Return what the environment says (EMAIL_HOST…), to the user; nothing is mailed before it is saved."""
    owner = scope.db["users"].find_one({"_id": scope.user_id}, {"email": True})
    own = owner["email"] if owner else ""
    user = settings.email_host_user or ""
    return MailSettings(
        enabled=False,
        host=settings.email_host or "",
        port=settings.email_port,
        security=_default_security(settings),
        user=user,
        sender=user if is_address(user) else own,
        recipients=(own,) if own else (),
    )


def mail_settings(scope: Scope, settings: Settings) -> MailSettings:
    """Return the settings as the user saved them, else as the environment says."""
    document = scope.db["mail_settings"].find_one(scope.owned())
    if document is None:
        return default_mail_settings(scope, settings)
    return from_document(MailSettings, document)


@typed
def save_mail_settings(
    scope: Scope, settings: Settings, mail: MailSettings, password: str | None = None
) -> None:
    """Store the settings; the password where this installation keeps its secrets, unless it is None.

    Raises `MailSettingsRefused`, and `secret_store.DataFolderRefused` when nothing can be kept.
    """
    mail = checked(mail)
    if password is not None:
        secret_store.keep(settings.data_dir, _secret_name(scope, mail), password)
    document = to_document(mail)
    before = scope.db["mail_settings"].find_one_and_update(scope.owned(), {"$set": document}, upsert=True)
    # That there is another password is recorded, and never which.
    audit.record_changes(scope, "mail", before, {**document, **({"password": "new"} if password else {})})


def mailed_from(scope: Scope) -> str | None:
    """Return the least severity of what the user wants mailed; None for nothing."""
    document = scope.db["mail_settings"].find_one(scope.owned({"enabled": True}))
    return document["severity"] if document else None


@typed
def has_password(scope: Scope, settings: Settings, mail: MailSettings) -> bool:
    """Return whether this installation knows the password of that server's user."""
    return bool(password_of(scope, settings, mail))


@typed
def password_of(scope: Scope, settings: Settings, mail: MailSettings) -> str:
    """Return the password for that user of that server; empty where this installation knows none."""
    kept = secret_store.kept(settings.data_dir, _secret_name(scope, mail))
    if kept is not None:
        return kept
    given = settings.email_host_password
    is_environments = (mail.host, mail.user) == (settings.email_host, settings.email_host_user)
    return given.get_secret_value() if given and is_environments else ""


def checked(mail: MailSettings) -> MailSettings:
    """Return the settings without blanks around what was typed. Raises `MailSettingsRefused`."""
    mail = replace(
        mail,
        host=mail.host.strip(),
        user=mail.user.strip(),
        sender=mail.sender.strip(),
        recipients=tuple(dict.fromkeys(address.strip() for address in mail.recipients if address.strip())),
    )
    if not mail.host:
        raise MailSettingsRefused("Enter the name of the mail server, such as smtp.example.com.")
    if not 1 <= mail.port <= 65535 or mail.security not in SECURITIES:
        raise MailSettingsRefused("The port is a number from 1 to 65535; usual are 587 and 465.")
    for address in (mail.sender, *mail.recipients):
        if not is_address(address):
            raise MailSettingsRefused("“{address}” is not an email address.", address=address)
    if not mail.recipients or len(mail.recipients) > MOST_RECIPIENTS:
        raise MailSettingsRefused("Enter who gets the mail: one to {most} addresses.", most=MOST_RECIPIENTS)
    if mail.user and mail.security == "none" and not _is_this_machine(mail.host):
        raise MailSettingsRefused(
            "Without encryption the password could be read on its way to {host}. Choose STARTTLS or TLS.",
            host=mail.host,
        )
    return mail


def is_address(text: str) -> bool:
    """Return whether a text is an email address; that of a server within a company need not be public."""
    from email_validator import EmailNotValidError, validate_email  # not on every start

    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    return True


def _default_security(settings: Settings) -> Security:
    if not settings.email_use_tls:
        return "none"
    return "tls" if settings.email_port == 465 else "starttls"


def _secret_name(scope: Scope, mail: MailSettings) -> str:
    # With the server in it: a password is never offered to another server than it was typed for.
    return f"mail {scope.user_id} {mail.user}@{mail.host}"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
