"""The audit log: what was done, by whom and when."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal

from desktop.framework.formatting import NOTHING, moment, number, short_moment
from desktop.framework.record_table import Column, RecordTable
from desktop.framework.view_model import SessionViewModel
from services import administration
from services.accounts import NotAllowed, Session
from services.administration import PAGE, AuditFilter
from services.audit import Entry
from services.errors import LoadlensError
from services.progress import Progress
from services.scope import Scope

translate = QCoreApplication.translate


def actions() -> dict[str, str]:
    """Return what can have been done."""
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
    """Return parts of the log in words, and as the services call them."""
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
    """Return how it was done: counts, and what was before and is now."""
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
    """Return the name of a stored field as words: ``floorArea`` is floor area. It is not translated."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field).lower()


DAYS = {"today": 0, "week": 6, "month": 29, "year": 364}
"""How many days before today a period begins."""


@dataclass(frozen=True)
class _Loaded:
    entries: list[Entry]
    people: list[tuple[object, str]]
    timezone: str


class AuditViewModel(SessionViewModel):
    """``loaded`` when `table` shows the newest of the entries that are wanted, or older ones below them."""

    loaded = Signal()
    written = Signal()
    """Whether saved, cancelled or failed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._zone = "UTC"
        self.wanted = AuditFilter()
        self.period: str | None = None
        """One of `DAYS`; None for all there is."""
        self.people: list[tuple[object, str]] = []
        """(id, email) of all accounts."""
        self.more = False
        """Whether there may be older entries than those shown."""
        self.ready = False
        self.table: RecordTable[Entry] = RecordTable(self._columns(), lambda entry: entry.id, self)

    @property
    def filtered(self) -> bool:
        """Whether less than everything is wanted."""
        return self.period is not None or self.wanted != AuditFilter()

    @property
    def caption(self) -> str:
        """How many entries are shown, and whether there are more."""
        if not self.ready:
            return self.tr("Reading…")
        words = self.tr("{count} found") if self.filtered else self.tr("{count} in all")
        if self.more:
            words = self.tr("The newest {count}")
        return words.format(count=number(self.table.rowCount()))

    def want(self, group: str | None, user_id: str | None, period: str | None, text: str) -> None:
        """Show entries of this group, person and period in which the text is found."""
        self.wanted, self.period = AuditFilter(group=group, user_id=user_id, text=text), period
        self.refresh()

    def refresh(self) -> None:
        self._read(None)

    def show_older(self) -> None:
        """Add the entries that come before the last one shown."""
        if not self.is_running("read") and self.table.rowCount():
            self._read(self.table.record(self.table.rowCount() - 1))

    def details(self, row: int) -> str:
        """Return all that is known of an entry."""
        entry = self.table.record(row)
        done = f"{self._action(entry)} {entry.subject}".strip()
        said = (moment(entry.at, self._zone), entry.email, done, details_in_words(entry), entry.host)
        return " · ".join(part for part in said if part)

    def save(self, path: str) -> None:
        """Write all entries that are wanted, shown or not, as .csv or .xlsx."""
        wanted, period = self.wanted, self.period

        def write(scope: Scope, progress: Progress) -> int:
            chosen = _since(wanted, period, scope.timezone)
            return administration.export_audit_log(scope, Path(path), chosen, progress)

        notice = self.tr("The audit log is saved: {path}").format(path=path)
        task = self.ask(write, name="write", with_progress=True, notice=notice)
        task.finished.connect(self.written)

    def cancel(self) -> None:
        """Write no further; the file is as it was before."""
        self.cancel_task("write")

    def _read(self, older_than: Entry | None) -> None:
        wanted, period = self.wanted, self.period
        task = self.ask(
            lambda scope: _load(scope, wanted, period, older_than),
            lambda page: self._show(page, older_than is not None),
            name="read",
        )
        task.failed.connect(lambda: self._hide_from(task.error))

    def _show(self, page: _Loaded, below: bool) -> None:
        self._zone, self.people, self.ready = page.timezone, page.people, True
        self.more = len(page.entries) == PAGE
        self.table.show([*self.table.records, *page.entries] if below else page.entries)
        self.loaded.emit()

    def _hide_from(self, error: LoadlensError | None) -> None:
        """Show nothing any more to whoever is no administrator any more."""
        if isinstance(error, NotAllowed):
            self.table.show([])
            self.loaded.emit()

    def _columns(self) -> Sequence[Column[Entry]]:
        return [
            Column(self.tr("Time"), lambda entry: short_moment(entry.at, self._zone)),
            Column(self.tr("Who"), lambda entry: entry.email),
            Column(self.tr("Done"), self._action),
            Column(self.tr("What"), lambda entry: entry.subject),
            Column(self.tr("Details"), details_in_words),
            Column(self.tr("Computer"), lambda entry: entry.host),
        ]

    def _action(self, entry: Entry) -> str:
        return actions().get(entry.action, entry.action)


def _load(scope: Scope, wanted: AuditFilter, period: str | None, older_than: Entry | None) -> _Loaded:
    chosen = _since(wanted, period, scope.timezone)
    entries = administration.audit_entries(scope, chosen, older_than)
    people: list[tuple[object, str]] = [(of.id, of.email) for of in administration.list_users(scope)]
    return _Loaded(entries, people, scope.timezone)


def _since(wanted: AuditFilter, period: str | None, timezone: str) -> AuditFilter:
    """What is wanted, from the first day of the period on."""
    return replace(wanted, first=_today(timezone) - timedelta(days=DAYS[period])) if period else wanted


def _today(timezone: str) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(timezone)).date()
