"""The files that were dropped or chosen at once, and how far each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject

from desktop.framework.formatting import number
from desktop.framework.record_table import Column, RecordTable, natural
from services.errors import LoadlensError
from services.file_names import as_text
from services.importing import ImportSummary, SheetPreview, import_file, preview
from services.progress import Progress
from services.readings import (
    Conflict,
    Duplicate,
    FileRefused,
    MeterUnclear,
    OnConflict,
    OnDuplicate,
    Sheet,
    SheetMapping,
    files_in,
    find_problem,
    looks_like_readings,
)
from services.scope import Scope

translate = QCoreApplication.translate


@dataclass(frozen=True)
class MeterQuestion:
    """``answers``: what a button says (with a mnemonic), and what it is to the import."""

    sentence: str
    field: str
    """`on_conflict` or `on_duplicate` of `importing.import_file`."""
    answers: list[tuple[str, str]]


def meter_question(asked: MeterUnclear) -> MeterQuestion:
    """Return the question that an import raised."""
    if isinstance(asked.first, Duplicate):
        return _of_duplicate(asked.first, asked.more)
    return _of_conflict(asked.first, asked.more)


def _of_conflict(first: Conflict, more: int) -> MeterQuestion:
    sentence = translate(
        "MeterQuestion",
        "“{device}” has other values stored at {count} of {common} times. What are those of this file?",
    ).format(device=first.device, count=number(first.count), common=number(first.common))
    answers = [
        (translate("MeterQuestion", "Corrections: re&place the stored ones"), "replace"),
        (translate("MeterQuestion", "Mistaken: leave the store&d ones"), "keep"),
        (translate("MeterQuestion", "Those of an&other device"), "new"),
    ]
    return MeterQuestion(_with_more(sentence, more), "on_conflict", answers)


def _of_duplicate(first: Duplicate, more: int) -> MeterQuestion:
    sentence = translate(
        "MeterQuestion",
        "The readings of “{device}” are stored as those of “{other}” already, equal at {count} of {common} "
        "times. Is it the same device?",
    ).format(device=first.device, other=first.other, count=number(first.count), common=number(first.common))
    answers = [
        (translate("MeterQuestion", "Yes, the same &device"), "same"),
        (translate("MeterQuestion", "N&o, another device"), "new"),
        (translate("MeterQuestion", "Do not im&port it"), "skip"),
    ]
    return MeterQuestion(_with_more(sentence, more), "on_duplicate", answers)


def _with_more(sentence: str, more: int) -> str:
    if not more:
        return sentence
    likewise = translate("MeterQuestion", "So it is with more meters of this file: {count}.")
    return f"{sentence} {likewise.format(count=number(more))}"


@dataclass(eq=False)
class ImportSheet:
    """A sheet, what was decided about it, and whether it is to be imported."""

    sheet: Sheet
    mapping: SheetMapping
    remembered: bool
    chosen: bool

    @property
    def question(self) -> str:
        """What has to be said before it can be imported, as a sentence; empty if nothing has."""
        asked = find_problem(self.mapping)
        return str(asked) if asked else ""


@dataclass(eq=False)
class ImportFile:
    """Read and waiting, refused, or imported."""

    path: Path
    sheets: list[ImportSheet] = field(default_factory=list)
    on_conflict: OnConflict | None = None
    on_duplicate: OnDuplicate | None = None
    asked: MeterUnclear | None = None
    """What its import asked instead of storing anything, until it is answered."""
    refusal: LoadlensError | None = None
    """Why it cannot be read."""
    failure: str = ""
    """Why its import was refused, as a sentence."""
    summary: ImportSummary | None = None

    @property
    def chosen(self) -> list[ImportSheet]:
        return [sheet for sheet in self.sheets if sheet.chosen]

    @property
    def question(self) -> str:
        """What keeps it from being imported, as a sentence; empty if nothing does."""
        if not self.chosen:
            return translate("ImportFiles", "Tick the sheets that are to be imported.")
        question = next((sheet.question for sheet in self.chosen if sheet.question), "")
        asked = self.meter_question
        return question or (asked.sentence if asked else "")

    @property
    def meter_question(self) -> MeterQuestion | None:
        """What its import asked."""
        return meter_question(self.asked) if self.asked else None

    @property
    def ready(self) -> bool:
        """Whether it can be imported without another word."""
        return not self.refusal and not self.summary and not self.question

    @property
    def state(self) -> str:
        """How far it is, in a few words."""
        if self.summary:
            added = number(self.summary.added)
            return translate("ImportFiles", "Imported: {count} readings added").format(count=added)
        if self.refusal:
            return str(self.refusal)
        if self.failure:
            return self.failure
        return self.question or translate("ImportFiles", "Ready")


class ImportFiles(RecordTable[ImportFile]):
    """The files as rows: name, rows, how far each is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_columns(), id, parent)

    @property
    def ready(self) -> list[ImportFile]:
        """Those that can be imported without another word."""
        return [file for file in self.records if file.ready]

    @property
    def pending(self) -> list[ImportFile]:
        """Those that can be read and are not imported yet."""
        return [file for file in self.records if file.sheets and not file.summary]

    def set_files(self, files: Sequence[ImportFile]) -> None:
        """These files instead of those before."""
        self.reset(_columns(), files)

    def update_rows(self) -> None:
        """Something changed at the files."""
        for file in self.records:
            self.update(file)


def _columns() -> list[Column[ImportFile]]:
    return [
        Column(
            translate("ImportFiles", "File"),
            lambda file: as_text(file.path.name),
            lambda file: natural(as_text(file.path.name)),
        ),
        Column(
            translate("ImportFiles", "Rows"),
            lambda file: number(sum(sheet.sheet.rows for sheet in file.chosen)) if file.sheets else "",
            lambda file: sum(sheet.sheet.rows for sheet in file.chosen),
            numeric=True,
        ),
        Column(translate("ImportFiles", "State"), lambda file: file.state),
    ]


def read_files(scope: Scope, paths: Sequence[Path], progress: Progress) -> list[ImportFile]:
    """Read every file of the paths and their folders, each with its mapping or its refusal."""
    found = files_in(paths)
    if not found:
        raise FileRefused("There is no spreadsheet in {folder}.", folder=paths[0].name)
    files = []
    for done, path in enumerate(found):
        told = partial(_report, progress, done, len(found))
        told()
        files.append(_read(scope, path, told))
    return files


def _report(progress: Progress, done: int, total: int, *_of_file: object) -> None:
    progress("Reading the files", done, total)


def import_chosen(scope: Scope, file: ImportFile, progress: Progress) -> ImportSummary:
    """Import the sheets of the file that are to be imported, as planned. Raises as `import_file` does."""
    mappings = [sheet.mapping for sheet in file.chosen]
    return import_file(
        scope,
        file.path,
        progress=progress,
        mappings=mappings,
        on_conflict=file.on_conflict,
        on_duplicate=file.on_duplicate,
    )


def _read(scope: Scope, path: Path, progress: Progress) -> ImportFile:
    try:
        found = preview(scope, path, progress)
    except LoadlensError as refusal:
        return ImportFile(path, refusal=refusal)
    sheets = [_to_sheet(sheet) for sheet in found]
    if sheets and not any(sheet.chosen for sheet in sheets):
        sheets[0].chosen = True
    return ImportFile(path, sheets)


def _to_sheet(found: SheetPreview) -> ImportSheet:
    return ImportSheet(found.sheet, found.mapping, found.remembered, looks_like_readings(found.mapping))
