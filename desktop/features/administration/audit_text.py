"""What the audit log says, in words."""

import re
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.framework.formatting import NOTHING
from services.audit import Entry

translate = QCoreApplication.translate


def actions() -> dict[str, str]:
    """What can have been done."""
    return {
        "sign_in": translate("audit", "Signed in"),
        "sign_in.refused": translate("audit", "Was refused to sign in"),
        "sign_in.locked": translate("audit", "Was locked out for a while"),
        "sign_out": translate("audit", "Signed out"),
        "sessions.ended": translate("audit", "Signed out elsewhere"),
        "password.changed": translate("audit", "Changed the own password"),
        "password.reset": translate("audit", "Reset the password of"),
        "user.created": translate("audit", "Created the account"),
        "user.role": translate("audit", "Changed the role of"),
        "user.status": translate("audit", "Opened or closed the account"),
        "user.profile": translate("audit", "Changed the own name or email"),
        "import.done": translate("audit", "Imported"),
        "import.undone": translate("audit", "Took back the import of"),
        "device.deleted": translate("audit", "Deleted"),
        "settings.changed": translate("audit", "Changed settings"),
        "backup.made": translate("audit", "Made a backup"),
        "backup.restored": translate("audit", "Restored a backup"),
        "database.moved": translate("audit", "Moved the database"),
    }


def groups() -> list[tuple[str, str | None]]:
    """Parts of the log in words, and as the services call them."""
    return [
        (translate("audit", "Everything"), None),
        (translate("audit", "Sign-ins"), "sign-ins"),
        (translate("audit", "Accounts"), "accounts"),
        (translate("audit", "Imports"), "imports"),
        (translate("audit", "Deletions"), "deletions"),
        (translate("audit", "Settings"), "settings"),
        (translate("audit", "Database"), "database"),
    ]


def details_in_words(entry: Entry) -> str:
    """How it was done: counts, and what was before and is now."""
    return "; ".join(f"{_name(name)}: {_change(value)}" for name, value in entry.detail.items())


def _change(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        before, after = map(_plain, value)
        return f"{before} → {after}"
    return _plain(value)


def _plain(value: object) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return translate("audit", "yes") if value else translate("audit", "no")
    if isinstance(value, int | float):
        return QLocale().toString(value)
    if isinstance(value, Mapping):
        return "(" + "; ".join(f"{_name(name)}: {_plain(of)}" for name, of in value.items()) + ")"
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _name(field: str) -> str:
    """The name of a stored field as words: ``floorArea`` is floor area."""
    return translate("audit", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field).lower())
