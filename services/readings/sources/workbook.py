"""Excel and OpenDocument workbooks as sheets."""

import json
import re
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.progress import Progress, silent
from services.readings.sources import limits
from services.readings.sources.sheet import FileRefused, Sheet, trimmed

READER = Path(__file__).with_name("reader.py")
HALF_READER = Path(__file__).with_name("half_reader.py")
LONG = 2 * 2**20
"""Bytes of a file whose only sheet is read by two processes: some 70,000 rows."""
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
PROLOG = 4096
TEXT = pd.StringDtype("pyarrow", na_value=float("nan"))


def open_workbook(
    path: Path, beginning: bytes, progress: Progress = silent, *, counted: bool = True
) -> list[Sheet]:
    """The sheets of a workbook that have cells; raises `FileRefused`.

    Formulas are not reckoned (a cell is what the file says it was when saved), links not followed, macros
    not looked at.
    """
    epoch_1904 = False
    if beginning.startswith(OLE):
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            if content.find(ENCRYPTED) >= 0:
                raise limits.protected(path)
    else:
        with limits.check_zip(path) as archive:
            epoch_1904 = _counts_from_1904(archive, path)
    task = "survey" if counted else "heads"
    surveyed = limits.apart(READER, task, path, [], lambda out: json.loads(out.read_bytes()), progress)
    sheets = [
        Sheet(path, s["name"], trimmed(s["head"]), s["rows"], epoch_1904, partial(_body, path, s["name"]))
        for s in surveyed
    ]
    return [sheet for sheet in sheets if sheet.head]


def _counts_from_1904(archive: zipfile.ZipFile, path: Path) -> bool:
    """Whether the workbook says so. Refuses an archive that is no workbook or declares entities."""
    names = set(archive.namelist())
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise FileRefused(
            "{file} is a zip archive but no workbook. Unpack it and choose the files in it.", file=path.name
        )
    try:
        for name in names:
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _start(archive, name, PROLOG):
                raise FileRefused(
                    "{file} is not read: its part {part} declares entities of its own, which no meter export "
                    "does. Export it again.",
                    file=path.name,
                    part=name,
                )
        if b"encryption-data" in _start(archive, "META-INF/manifest.xml", 2**20):
            raise limits.protected(path)
        properties = _start(archive, "xl/workbook.xml", 2**20)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise limits.damaged(path) from None
    return DATE_1904.search(properties) is not None


def _start(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a part, none if it is not there."""
    try:
        part = archive.open(name)
    except KeyError:
        return b""
    with part:
        return part.read(size)


def _body(path: Path, sheet: str, first: int, progress: Progress = silent) -> pd.DataFrame:
    table = _from_halves(path, first, progress)
    if table is None:
        whole = limits.apart(READER, "body", path, [sheet, str(first)], _loaded, progress)
        table = _plain_table(whole)
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=lambda kind: TEXT if pa.types.is_string(kind) else None
    )
    frame.columns = pd.RangeIndex(len(frame.columns))
    return frame


def _from_halves(path: Path, first: int, progress: Progress) -> pa.Table | None:
    """The rows of a long workbook's only sheet, read by two processes; None where they do not fit."""
    if not zipfile.is_zipfile(path) or path.stat().st_size < LONG:
        return None
    with ThreadPoolExecutor(2) as beside:
        arguments = ([str(first), which] for which in ("0", "1"))
        read = [
            beside.submit(limits.apart, HALF_READER, "half", path, each, _loaded_if_any, progress)
            for each in arguments
        ]
        above, below = [half.result() for half in read]
    if above is None or below is None:
        return None
    middle = int(below.schema.metadata[b"row"])
    halves = [_plain_table(above), _plain_table(below)]
    # A row that only one of them has, or a type, makes them another table than the whole sheet is.
    if first + len(above) + 1 != middle or halves[0].schema != halves[1].schema:
        return None
    return pa.concat_tables(halves)


def _loaded_if_any(output: Path) -> pa.Table | None:
    return _loaded(output) if output.exists() else None


def _loaded(output: Path) -> pa.Table:
    with pa.OSFile(str(output)) as file:
        return pa.ipc.open_file(file).read_all()


def _plain_table(table: pa.Table) -> pa.Table:
    columns = [_plain(column) for column in table.columns]
    return pa.table(columns, names=[str(number) for number in range(len(columns))])


def _plain(column: Any) -> Any:
    """An Arrow column as one of the types that `Sheet.body` promises."""
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return column.cast(pa.timestamp("us"))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_duration(kind):
        return _clock(column.cast(pa.duration("s"), safe=False).cast(pa.int64()))
    return column.cast(pa.string())


def _clock(seconds: Any) -> Any:
    """Seconds as text such as 07:30:00."""
    minutes = pc.divide(seconds, 60)
    parts = [pc.divide(minutes, 60), _past_sixty(minutes), _past_sixty(seconds)]
    return pc.binary_join_element_wise(*[pc.utf8_lpad(p.cast(pa.string()), 2, "0") for p in parts], ":")


def _past_sixty(number: Any) -> Any:
    """What is left of a number divided by 60."""
    return pc.subtract(number, pc.multiply(pc.divide(number, 60), 60))
