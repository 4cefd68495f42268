"""By which server a user's mail goes out, and to whom."""

import ipaddress
import re
from dataclasses import dataclass, replace

from services import audit, secret_store
from services.errors import LoadlensError
from services.scope import Scope
from services.settings import Settings
from services.typed import typed

SECURITIES = ("starttls", "tls", "none")
ADDRESS = re.compile(r"[^@\s,;<>()\"\\]+@[^@\s,;<>()\"\\]+")
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
    security: str
    """starttls, tls or none."""
    user: str
    """Empty where the server wants no sign-in."""
    sender: str
    recipients: tuple[str, ...]
    severity: str = "low"
    """The least severity that is mailed."""


def default_mail_settings(scope: Scope, settings: Settings) -> MailSettings:
    """What the environment says (EMAIL_HOST…), to the user; nothing is mailed before it is saved."""
    owner = scope.db["users"].find_one({"_id": scope.user_id}, {"email": True})
    own = owner["email"] if owner else ""
    user = settings.email_host_user or ""
    return MailSettings(
        enabled=False,
        host=settings.email_host or "",
        port=settings.email_port,
        security=_default_security(settings),
        user=user,
        sender=user if ADDRESS.fullmatch(user) else own,
        recipients=(own,) if own else (),
    )


def mail_settings(scope: Scope, settings: Settings) -> MailSettings:
    """As the user saved them, else as the environment says."""
    document = scope.db["mail_settings"].find_one(scope.owned())
    if document is None:
        return default_mail_settings(scope, settings)
    fields = {name: document[name] for name in MailSettings.__dataclass_fields__}
    return MailSettings(**{**fields, "recipients": tuple(fields["recipients"])})


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
    fields = {name: getattr(mail, name) for name in MailSettings.__dataclass_fields__}
    before = scope.db["mail_settings"].find_one_and_update(scope.owned(), {"$set": fields}, upsert=True)
    fields["recipients"] = list(mail.recipients)
    # That there is another password is told, and never which.
    audit.record_changes(scope, "mail", before, {**fields, **({"password": "new"} if password else {})})


def mailed_from(scope: Scope) -> str | None:
    """The least severity of what the user wants mailed; None for nothing."""
    document = scope.db["mail_settings"].find_one(scope.owned({"enabled": True}))
    return document["severity"] if document else None


@typed
def has_password(scope: Scope, settings: Settings, mail: MailSettings) -> bool:
    """Whether this installation knows the password of that server's user."""
    return bool(password_of(scope, settings, mail))


@typed
def password_of(scope: Scope, settings: Settings, mail: MailSettings) -> str:
    """The password for that user of that server; empty where this installation knows none."""
    kept = secret_store.kept(settings.data_dir, _secret_name(scope, mail))
    if kept is not None:
        return kept
    given = settings.email_host_password
    is_environments = (mail.host, mail.user) == (settings.email_host, settings.email_host_user)
    return given.get_secret_value() if given and is_environments else ""


def checked(mail: MailSettings) -> MailSettings:
    """The settings without blanks around what was typed. Raises `MailSettingsRefused`."""
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
        if not ADDRESS.fullmatch(address):
            raise MailSettingsRefused("“{address}” is not an email address.", address=address)
    if not mail.recipients or len(mail.recipients) > MOST_RECIPIENTS:
        raise MailSettingsRefused("Enter who gets the mail: one to {most} addresses.", most=MOST_RECIPIENTS)
    if mail.user and mail.security == "none" and not _is_this_machine(mail.host):
        raise MailSettingsRefused(
            "Without encryption the password could be read on its way to {host}. Choose STARTTLS or TLS.",
            host=mail.host,
        )
    return mail


def _default_security(settings: Settings) -> str:
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
