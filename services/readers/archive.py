"""The zip archive that a workbook is, looked over before anything of it is unpacked."""

import re
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

from services.readers import limits
from services.readers.sheet import FileRefused

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What spreadsheet programs use. Others pack a gigabyte into a kilobyte, and unpack into memory."""
ENCRYPTED = 1
WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
PROLOG = 4096
LOCAL_HEADER = 30
"""Bytes before the name of a part, where its content begins."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def check_archive(path: Path) -> list[zipfile.ZipInfo]:
    """Return the parts of a workbook. Raises `FileRefused` for what is none, or is built to harm."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path, archive)
            _check_declarations(path, archive)
            return archive.infolist()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise limits.damaged(path) from None


def counts_from_1904(path: Path) -> bool:
    """Whether the workbook says that its dates do."""
    with zipfile.ZipFile(path) as archive:
        return DATE_1904.search(_start(archive, "xl/workbook.xml", 2**20)) is not None


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise limits.protected(path)
    size = sum(part.file_size for part in parts)
    if size > limits.UNPACKED or len(parts) > limits.PARTS:
        raise FileRefused(
            "{file} would unpack to {parts} files of {size} million bytes, more than any meter export. "
            "If it is one, split it or export it as CSV.",
            file=path.name,
            parts=len(parts),
            size=size // 10**6,
        )
    for part in parts:
        if part.compress_type not in METHODS:
            raise FileRefused(
                "{file} is not read: its part {part} is packed in a way that no spreadsheet program uses. "
                "Open it in a spreadsheet program and save it anew.",
                file=path.name,
                part=part.filename,
            )
    if len({part.filename for part in parts}) < len(parts) or _overlap(archive):
        raise FileRefused(
            "{file} is not read: parts of it have the same name or lie over each other, as no spreadsheet "
            "program writes them. Open it in a spreadsheet program and save it anew.",
            file=path.name,
        )
    if not WORKBOOKS & set(archive.namelist()):
        raise FileRefused(
            "{file} is a zip archive but no workbook. Unpack it and choose the files in it.", file=path.name
        )


def _overlap(archive: zipfile.ZipFile) -> bool:
    """Whether the same bytes are unpacked as several parts, by which a small archive becomes a huge one."""
    parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    ends = [part.header_offset + LOCAL_HEADER + part.compress_size for part in parts]
    return any(end > later.header_offset for end, (_, later) in zip(ends, pairwise(parts), strict=False)) or (
        bool(ends) and ends[-1] > archive.start_dir
    )


def _check_declarations(path: Path, archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _start(archive, name, PROLOG):
            raise FileRefused(
                "{file} is not read: its part {part} declares entities of its own, which no meter export "
                "does. Export it again.",
                file=path.name,
                part=name,
            )
    if b"encryption-data" in _start(archive, "META-INF/manifest.xml", 2**20):
        raise limits.protected(path)


def _start(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a part, none if it is not there."""
    try:
        part = archive.open(name)
    except KeyError:
        return b""
    with part:
        return part.read(size)
