"""What came of the file in hand: figures, data quality meter by meter, refused rows and how to save them."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.features.imports.files import FileInHand
from desktop.features.imports.outcome import ImportOutcome, outcome, refusal_columns
from desktop.features.imports.quality_table import flaws, quality_columns, sentences
from desktop.framework.record_table import RecordTable, natural
from desktop.framework.tasks import run
from services.accounts import Session
from services.readings import Refusal
from services.readings.quality import MeterQuality
from services.readings.refused_rows import save_refused
from services.tables import guarded


class ImportSummaryModel(QObject):
    """``shown`` when another file's outcome is before the user; ``saved`` with the path of refused rows."""

    shown = Signal()
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._file: FileInHand | None = None
        self._zone = "UTC"
        self.outcome: ImportOutcome | None = None
        self.refusals: RecordTable[Refusal] = RecordTable([], id, self)
        self.quality: RecordTable[MeterQuality] = RecordTable([], lambda meter: meter.device, self)

    def show(self, file: FileInHand) -> None:
        """Show what came of a file that was imported."""
        if file.summary is None:
            return
        self._file = file
        zone = file.taken[0].plan.timezone
        self.outcome = outcome(file.summary, zone)
        self.refusals.reset(refusal_columns(len(file.taken) > 1), file.summary.refused)
        self._zone = zone
        worst_first = sorted(file.summary.quality, key=lambda meter: (-flaws(meter), natural(meter.device)))
        self.quality.reset(quality_columns(zone), worst_first)
        self.shown.emit()

    def sentences(self, row: int) -> list[str]:
        """All that is to be said of the meter in this row of ``quality``."""
        return sentences(self.quality.record(row), self._zone) if row >= 0 else []

    @property
    def proposed_name(self) -> str:
        """What to call the spreadsheet of refused rows."""
        stem = self._file.path.stem if self._file else ""
        return self.tr("{file} refused rows.xlsx").format(file=stem)

    def save_refused(self, path: str) -> None:
        """Write the refused rows with their own cells, to be mended and dropped again."""
        if self._file is None or self._file.summary is None:
            return
        sheets, summary = [(at.sheet, at.plan) for at in self._file.taken], self._file.summary
        scope = self._session.scope
        task = run(
            lambda: save_refused(scope(), Path(path), sheets, summary.refused, summary.quality),
            parent=self,
        )
        task.succeeded.connect(lambda _done: self.saved.emit(path))
        task.failed.connect(self.failed)

    def refusals_as_text(self) -> str:
        """The refused rows under their headings, tab-separated, to be pasted into a spreadsheet."""
        columns = refusal_columns(self._file is not None and len(self._file.taken) > 1)
        lines = [[column.title for column in columns]]
        lines += [[column.text(refusal) for column in columns] for refusal in self.refusals.records]
        return "\n".join("\t".join(guarded(" ".join(cell.split())) for cell in line) for line in lines)
