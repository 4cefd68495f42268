"""Anonymize a text: what a file for support may not tell, and what it says in its place."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import SecretStr
from pymongo.database import Database

from services import accounts, notifications, secret_store
from services import database as databases
from services.accounts import tokens
from services.errors import LoadlensError
from services.logs import redacted
from services.notifications import password_of
from services.scope import Document, Scope
from services.settings import Settings

SHORTEST = 3
"""What is shorter tells nobody anything, and would take half the text along."""
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
NAMES = {
    "person": ("users", ("firstName", "lastName")),
    "device": ("devices", ("name",)),
    "category": ("categories", ("name",)),
    "place": ("load_blocks", ("location",)),
    "file": ("imports", ("file",)),
    "facility": ("facilities", ("name",)),
    "rule": ("alert_rules", ("name",)),
    "view": ("views", ("name",)),
}


class Anonymizer:
    """Puts what things are in the place of what they are called."""

    def __init__(self, secrets: set[str], names: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._names = [
            (re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE), name.casefold(), f"({what})")
            for name, what in sorted(names.items(), key=lambda named: len(named[0]), reverse=True)
        ]

    def text(self, text: str) -> str:
        text = redacted(text, self._secrets)
        lower = text.casefold()
        for pattern, name, what in self._names:
            # Most names are nowhere in a log, which is told faster without a pattern.
            if name in lower:
                text = pattern.sub(what, text)
                lower = text.casefold()
        return EMAIL.sub("(email)", text)

    def value(self, value: Any) -> Any:
        """Return a value for JSON with every text in it, keys too, as `text` gives it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value


def anonymizer_for(settings: Settings, db: Database[Document] | None) -> Anonymizer:
    """Return an anonymizer of all that this installation, and everybody with data in it, would not tell."""
    names = {str(Path.home()): "home", **({} if db is None else dict(_names(db)))}
    known = {secret for secret in _secrets(settings, db) if len(secret) >= SHORTEST}
    written = {form(secret) for secret in known for form in (str, quote, quote_plus, _in_json)}
    return Anonymizer(written, {name: what for name, what in names.items() if len(name) >= SHORTEST})


def _names(db: Database[Document]) -> Iterator[tuple[str, str]]:
    for what, (collection, fields) in NAMES.items():
        found = {name for field in fields for name in db[collection].distinct(field)}
        for number, name in enumerate(sorted(filter(None, found)), 1):
            yield name, f"{what} {number}"


def _secrets(settings: Settings, db: Database[Document] | None) -> Iterator[str]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
    yield from _in_file(settings)
    yield from (read for read in map(_try_read, _reads(settings, db)) if read)


def _reads(settings: Settings, db: Database[Document] | None) -> Iterator[Callable[[], str | None]]:
    """Ways to read what is kept elsewhere than in the file."""
    for name in ("secretKey", "jwtSecretKey", "databasePassword"):
        yield partial(secret_store.kept, settings.data_dir, name)
    yield partial(tokens.read_kept_token, settings)
    yield lambda: databases.place(settings).password
    if server := databases.last_chosen(settings):
        yield partial(databases.password_of, settings, server)
    if db is not None:
        for user in accounts.everyone(db):
            yield partial(_mail_password, accounts.scope(db, user), settings)


def _try_read(read: Callable[[], str | None]) -> str | None:
    """None where it cannot be read: the folder may be damaged, or not be writable."""
    try:
        return read()
    except LoadlensError:
        return None


def _in_file(settings: Settings) -> list[str]:
    try:
        return list(secret_store.in_file(settings.data_dir).values())
    except LoadlensError:
        return []


def _mail_password(scope: Scope, settings: Settings) -> str:
    return password_of(scope, settings, notifications.mail_settings(scope, settings))


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]
