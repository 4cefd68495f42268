"""Read the files in a zip archive that is no workbook, each as what it is by itself."""

import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from shutil import copyfileobj

from services.file_names import as_text
from services.readers import limits
from services.readers.archive import check_parts
from services.readers.sheet import FileRefused, LeftOut, RawSheet

DOCUMENTS = ("word/", "ppt/")
"""Folders by which a document of another office program is known."""
UNREAD = "unread"
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")

Open = Callable[[Path, bool], list[RawSheet]]


def open_zipped(path: Path, counted: bool, suffixes: tuple[str, ...], open_file: Open) -> list[RawSheet]:
    """Return the sheets of all files in an archive; raises `FileRefused`.

    Files of other kinds are passed over, those that cannot be read are left out unless it is all.
    """
    # The folder goes with the last sheet, or with the folder of temporary files that this process was given.
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    members = _unpacked(path, Path(folder.name), suffixes)
    sheets: list[RawSheet] = []
    refusals: list[tuple[str, FileRefused]] = []
    for name, member in members.items():
        try:
            found = _opened(member, counted, open_file)
        except FileRefused as refusal:
            refusals.append((name, refusal))
        else:
            sheets += [_named(sheet, name, len(found) > 1, folder) for sheet in found]
    if not sheets:
        raise _refusal(path, refusals)
    left = [LeftOut(name, UNREAD) for name, _ in refusals] + [one for of in sheets for one in of.left_out]
    first = replace(sheets[0], left_out=tuple(left))
    return [first, *(replace(sheet, left_out=()) for sheet in sheets[1:])]


def _unpacked(path: Path, folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    """Unpack the files that may hold readings; return them by their names in the archive."""
    members: dict[str, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            check_parts(path, archive)
            for number, part in enumerate(archive.infolist()):
                name = PurePosixPath(part.filename)
                if not _is_wanted(part, name, suffixes):
                    continue
                target = folder / str(number) / (name.name[-100:] or "file")
                target.parent.mkdir()
                with archive.open(part) as packed, target.open("wb") as file:
                    copyfileobj(packed, file)
                members[as_text(name.name if name.name not in members else part.filename)] = target
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise limits.damaged(path) from None
    return members


def _is_wanted(part: zipfile.ZipInfo, name: PurePosixPath, suffixes: tuple[str, ...]) -> bool:
    hidden = any(piece.startswith((".", "__MACOSX", "~$")) for piece in name.parts)
    is_document = part.filename.startswith(DOCUMENTS)
    return not part.is_dir() and not hidden and not is_document and name.suffix[1:].lower() in suffixes


def _opened(member: Path, counted: bool, open_file: Open) -> list[RawSheet]:
    """Return the sheets of a file that is no archive of files itself."""
    with member.open("rb") as file:
        if file.read(4) in ZIPS and not holds_workbook(member):
            raise FileRefused(
                "{file} is a zip archive in another. Unpack both and choose the files.", file=member.name
            )
    if not member.stat().st_size:
        raise FileRefused("{file} is empty.", file=member.name)
    return open_file(member, counted)


def holds_workbook(path: Path) -> bool:
    """Return whether an archive is a workbook, or damaged, which whoever reads workbooks tells best."""
    from services.readers.archive import WORKBOOKS

    try:
        with zipfile.ZipFile(path) as archive:
            return bool(WORKBOOKS & set(archive.namelist()))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        return True


def _named(sheet: RawSheet, member: str, several: bool, folder: object) -> RawSheet:
    """Return a sheet that bears the name of its file, and its own where the file has several."""
    stem = PurePosixPath(member).stem or member

    def body(first: int, keep: object = folder) -> object:
        return sheet.body(first)

    return replace(sheet, name=f"{stem}: {sheet.name}" if several else stem, body=body)


def _refusal(path: Path, refusals: list[tuple[str, FileRefused]]) -> FileRefused:
    if len(refusals) == 1:
        [(name, refusal)] = refusals
        return FileRefused(refusal.sentence, **{**refusal.details, "file": f"{path.name}: {name}"})
    return FileRefused(
        "{file} is a zip archive with no workbook and no other file of readings that can be read in it. "
        "Unpack it and choose the files in it.",
        file=path.name,
    )
