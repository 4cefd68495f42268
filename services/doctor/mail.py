"""Mail: whether the servers of those who want alerts mailed can be reached, and whether anything is stuck."""

from datetime import UTC, datetime, timedelta

from pymongo.database import Database

from services import accounts, notifications
from services.doctor.check import Seen, Unwell, seen
from services.notifications import MailSettings
from services.progress import Progress
from services.scope import Document
from services.settings import Settings

LONG = timedelta(days=1)


def look(db: Database[Document], settings: Settings, progress: Progress) -> Seen:
    """Greet each server, and send nothing. Raises `Unwell`, and `MailRefused` of one that cannot be used."""
    wanted = _wanted(db, settings)
    if not wanted:
        return seen("nobody has alerts mailed")
    servers = {(mail.host, mail.port, mail.security): mail for mail in wanted}
    for number, mail in enumerate(servers.values()):
        progress("Greeting the mail servers", number, len(servers))
        notifications.greet(mail)
    waiting = db["outbox"].count_documents(
        {"state": "waiting", "createdAt": {"$lt": datetime.now(UTC) - LONG}}
    )
    if waiting:
        raise Unwell(
            "{count} mails wait for more than a day. Settings, Mail says why each was not sent.",
            count=waiting,
        )
    return seen("{servers} answered; nothing was sent", servers=", ".join(sorted({m.host for m in wanted})))


def _wanted(db: Database[Document], settings: Settings) -> list[MailSettings]:
    scopes = [accounts.scope(db, user) for user in accounts.everyone(db) if user.status == "active"]
    found = [notifications.mail_settings(scope, settings) for scope in scopes]
    return [mail for mail in found if mail.enabled]
