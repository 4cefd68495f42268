"""Files imported one after the other, each whole or not at all."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.features.imports.files import FileInHand, import_in_hand
from desktop.framework.formatting import number
from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.file_names import as_text
from services.importing import ImportSummary
from services.progress import Progress
from services.readings import MeterUnclear


class ImportRun(QObject):
    """``began`` with the name of each file; ``ended`` once, after the last file or when it is cancelled.

    What came of a file, or was asked of it, is noted on it; that a single one was refused is in ``refusal``.
    """

    began = Signal(str)
    progressed = Signal(str, int, int, float)
    ended = Signal()

    def __init__(self, session: Session, files: Sequence[FileInHand], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._left = list(files)
        self._task: Task | None = None
        self.files = list(files)
        self.cancelled = False
        self.refusal = ""

    @property
    def done(self) -> list[ImportSummary]:
        return [file.summary for file in self.files if file.summary]

    @property
    def told(self) -> str:
        """What is to be said of a run that was cancelled; empty of one that was not."""
        if not self.cancelled:
            return ""
        if not self.done:
            return self.tr("Import cancelled. Nothing was stored.")
        return self.tr("Cancelled after {done} of {total} files; nothing of the others was stored.").format(
            done=number(len(self.done)), total=number(len(self.files))
        )

    def go_on(self) -> None:
        """Import the next file."""
        if not self._left or self.cancelled:
            self.ended.emit()
            self.deleteLater()
            return
        file = self._left.pop(0)
        self.began.emit(as_text(file.path.name))
        self._task = task = run(self._import, file, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(partial(self._note, file))
        task.failed.connect(partial(self._note_refusal, file))
        task.cancelled.connect(self._note_cancel)
        task.finished.connect(self.go_on)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _import(self, file: FileInHand, progress: Progress) -> ImportSummary | MeterUnclear:
        try:
            return import_in_hand(self._session.scope(), file, progress)
        except MeterUnclear as asked:
            return asked

    def _note(self, file: FileInHand, outcome: ImportSummary | MeterUnclear) -> None:
        if isinstance(outcome, MeterUnclear):
            file.asked = outcome
        else:
            file.summary = outcome

    def _note_refusal(self, file: FileInHand, sentence: str) -> None:
        if len(self.files) == 1:
            self.refusal = sentence
        else:
            file.failure = sentence

    def _note_cancel(self) -> None:
        self.cancelled = True
