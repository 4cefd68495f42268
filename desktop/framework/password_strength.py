"""How hard a new password is to guess, while it is typed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.framework.tasks import Task, run
from services.messages import gettext

if TYPE_CHECKING:  # a form is on screen before the services are loaded
    from services.accounts import Strength


STEPS = 4
"""The best score."""


class PasswordStrength(QObject):
    """``judged`` with a score of 0 to 4, or -1 for nothing typed, and with what is to be said of it.

    Judged off the GUI thread, the last text typed alone: the first time, lists of words are loaded.
    """

    judged = Signal(int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._typed: tuple[str, ...] = ("",)
        self._refused = ("", "")
        self._task: Task | None = None

    def judge(self, password: str, *personal: str) -> None:
        """Judge a password; ``personal`` is what others know of its owner, such as name and email."""
        self._typed = (password, *personal)
        if self._task is None:
            self._begin()

    def complaint(self, password: str) -> str:
        """Return why it cannot be taken; empty when nothing speaks against it, or it is not judged yet."""
        judged, sentence = self._refused
        return sentence if judged == password else ""

    def _begin(self) -> None:
        typed = self._typed
        self._task = run(_strength, *typed, parent=self)
        self._task.succeeded.connect(lambda strength: self._show(typed, strength))
        self._task.finished.connect(lambda: self._go_on(typed))

    def _show(self, typed: tuple[str, ...], strength: "Strength") -> None:
        if typed == self._typed:
            self._refused = (typed[0], str(strength.refusal) if strength.refusal else "")
            self.judged.emit(strength.score if typed[0] else -1, self._sentence(strength))

    def _go_on(self, judged: tuple[str, ...]) -> None:
        self._task = None
        if self._typed != judged:
            self._begin()

    def _sentence(self, strength: "Strength") -> str:
        """Why it is refused, or how good it is, and what makes it easier to guess than it looks."""
        if strength.refusal:
            said = str(strength.refusal)
        else:
            very_hard = strength.score == STEPS
            said = self.tr("Very hard to guess.") if very_hard else self.tr("Hard to guess.")
        warning = gettext(strength.warning) if strength.warning else ""
        return f"{said} {warning}".strip()


def _strength(password: str, *personal: str) -> "Strength":
    from services.accounts import strength

    return strength(password, personal)
