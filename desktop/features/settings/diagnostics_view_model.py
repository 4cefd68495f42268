"""Whether all is well with this installation, and a file for whoever helps when it is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.framework.formatting import number
from desktop.framework.tasks import Task
from desktop.framework.view_model import SessionViewModel
from services import accounts, crash_reports, doctor, logs, support
from services.accounts import Session
from services.doctor import Check, Unwell
from services.errors import LoadlensError
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings


@dataclass(frozen=True)
class Shown:
    """A check in the user's words."""

    name: str
    well: bool
    detail: str


class DiagnosticsViewModel(SessionViewModel):
    """``examined`` when ``checks`` are new, ``notified`` with what was done, in a sentence.

    ``ended_unexpectedly`` with what is to be said of a program that did, and the button that goes with it,
    if any; ``acknowledged`` when that need be said no more.
    """

    loaded = Signal()
    examined = Signal()
    ended_unexpectedly = Signal(str, str)
    acknowledged = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self.may: bool | None = None
        """Whether this account looks after the database; None while that is not known."""
        self.checks: list[Shown] = []

    @property
    def log_folder(self) -> str:
        return str(logs.folder(self._settings))

    @property
    def proposed_name(self) -> str:
        """For the file for support."""
        return self.tr("Loadlens for support {day}").format(day=date.today().isoformat()) + ".zip"

    @property
    def summary(self) -> str:
        """All checks in a sentence; empty before the first."""
        wrong = sum(not check.well for check in self.checks)
        if not self.checks:
            return ""
        if not wrong:
            return self.tr("All is well.")
        if wrong == 1:
            return self.tr("One thing needs looking after.")
        return self.tr("{count} things need looking after.").format(count=number(wrong))

    def refresh(self) -> None:
        """Find out whether this account may look, and look for the first time if so."""
        self.ask(accounts.looks_after, self._on_right_known)

    def check_last_end(self) -> None:
        """Find out whether a program ended unexpectedly since that was last acknowledged."""
        self.ask(self._last_end, self._notify_of_end, quiet=True)

    def acknowledge(self) -> None:
        """Somebody knows what ended unexpectedly, and wants no file for support."""
        task = self.start(lambda: crash_reports.acknowledge(self._settings), self.acknowledged, quiet=True)
        if self.checks:
            task.succeeded.connect(self.examine)

    def examine(self) -> None:
        """Look at everything."""

        if not self.busy:
            self._examine(lambda scope, progress: doctor.examine_for(scope, self._settings, progress))

    def save_bundle(self, path: str) -> None:
        """Look at everything, instead of what looks just now, and write the file for support."""

        def save(scope: Scope, progress: Progress) -> list[Check]:
            checks = support.save(scope, self._settings, Path(path), progress)
            return doctor.examine_unexpected_ends(checks, self._settings)

        sentence = self.tr("{file} is saved. Look into it before you hand it on.")
        task = self._examine(save, sentence.format(file=Path(path).name))
        task.succeeded.connect(self.acknowledged)

    def cancel(self) -> None:
        """Look at nothing further, and write no file."""
        self.cancel_task("examine")

    def _last_end(self, scope: Scope) -> tuple[Unwell | None, bool]:
        may_save = accounts.looks_after(scope)
        return doctor.last_unexpected_end(self._settings, may_save), may_save

    def _notify_of_end(self, found: tuple[Unwell | None, bool]) -> None:
        unwell, may_save = found
        if unwell is not None:
            offer = self.tr("Save a bundle for support…") if may_save else ""
            self.ended_unexpectedly.emit(str(unwell), offer)

    def _on_right_known(self, may: bool) -> None:
        self.may = may
        self.loaded.emit()
        if may and not self.checks:
            self.examine()

    def _examine(self, work: Callable[[Scope, Progress], list[Check]], notice: str = "") -> Task:
        return self.ask(work, self._show, name="examine", with_progress=True, busy=True, notice=notice)

    def _show(self, checks: Sequence[Check]) -> None:
        self.checks = [_shown(check) for check in checks]
        self.examined.emit()


def _shown(check: Check) -> Shown:
    name = QCoreApplication.translate("doctor", check.name)
    figures = {
        key: number(value) if isinstance(value, int) else value for key, value in check.details.items()
    }
    detail = str(LoadlensError(check.sentence, **figures))
    return Shown(_as_sentence(name), check.ok, _as_sentence(detail))


def _as_sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
