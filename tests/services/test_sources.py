"""Files of every kind as the same cells, and hostile ones as one sentence."""

import json
import os
import re
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from itertools import chain, islice
from pathlib import Path

import openpyxl
import pandas as pd
import psutil
import pyarrow as pa
import pytest
import xlsxwriter

from services.progress import Cancelled, silent
from services.readers import limits, protocol
from services.readings.mapping import infer_mapping
from services.readings.parsing import parse_sheet
from services.sheets import process, sources
from services.sheets.sources import FileRefused, files_in, open_sheets

HEADER = ["Date", "Device", "Consumption (kWh)"]
ROWS = [
    [datetime(2024, 3, 30, 23, 45), "Kühlung", 1.5],
    [datetime(2024, 3, 31, 0, 0), "Aufzug, Nord", 1234.25],
    [datetime(2024, 3, 31, 0, 15), "Kühlung", 0.0],
]
SERIALS = [(row[0] - datetime(1899, 12, 30)) / timedelta(days=1) for row in ROWS]


def xlsx(path: Path, rows: Sequence[Sequence[object]] = (HEADER, *ROWS)) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


Pieces = Iterable[bytes]


def archive(path: Path, parts: Mapping[str, str | bytes | Pieces]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            if isinstance(content, str | bytes):
                file.writestr(name, content)
            else:
                with file.open(name, "w", force_zip64=True) as part:
                    part.writelines(content)


def changed(path: Path, change: Callable[[str, bytes], bytes | Pieces | None], **added: bytes) -> None:
    """Write a sound workbook whose parts are changed."""
    xlsx(path)
    with zipfile.ZipFile(path) as file:
        parts = {name: change(name, file.read(name)) for name in file.namelist()}
    archive(path, {name: content for name, content in parts.items() if content is not None} | added)


def ods(path: Path) -> None:
    def cell(value: object) -> str:
        if isinstance(value, datetime):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEADER, *ROWS])
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    content = (
        f"<?xml version='1.0'?><office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
    archive(path, {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def xlsb(path: Path) -> None:
    """Records of [MS-XLSB], written by hand: no library writes them."""

    def record(kind: int, content: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        size = len(content)
        return number + bytes([size & 127 | 128, size >> 7]) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, value: object) -> bytes:
        if isinstance(value, str):
            return record(6, struct.pack("<II", column, 0) + wide(value))
        serial = isinstance(value, datetime)
        number = SERIALS[[row[0] for row in ROWS].index(value)] if serial else value
        return record(5, struct.pack("<IId", column, int(serial), number))

    rows = b"".join(
        record(0, struct.pack("<II9x", number, 0)) + b"".join(cell(c, v) for c, v in enumerate(row))
        for number, row in enumerate([HEADER, *ROWS])
    )
    sheet = record(148, struct.pack("<4I", 0, len(ROWS), 0, 2)) + record(145) + rows + record(146)
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    archive(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": record(131)
            + record(143)
            + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet"))
            + record(144)
            + record(132),
            "xl/_rels/workbook.bin.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/"
            f"relationships'><Relationship Id='rId1' Type='{relations}/worksheet' "
            "Target='worksheets/sheet1.bin'/></Relationships>",
            "xl/styles.bin": record(617, struct.pack("<I", 2))
            + record(47, struct.pack("<HH12x", 0, 0))
            + record(47, struct.pack("<HH12x", 0, 22))
            + record(618),
            "xl/worksheets/sheet1.bin": record(129) + sheet + record(130),
        },
    )


def ole(path: Path, streams: dict[str, bytes]) -> None:
    """A compound file ([MS-CFB]) of one FAT sector."""
    sectors: list[bytes] = []
    fat: list[int] = []
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        first, count = len(sectors), -(-len(content) // 512)
        sectors += [content[512 * n : 512 * (n + 1)].ljust(512, b"\0") for n in range(count)]
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append((name, 2, first, len(content)))
    directory = b""
    for number, (name, kind, first, size) in enumerate(entries):
        written = name.encode("utf-16-le") + b"\0\0"
        following = number + 1 if 0 < number < len(entries) - 1 else 0xFFFFFFFF
        child = 1 if number == 0 else 0xFFFFFFFF
        directory += written.ljust(64, b"\0") + struct.pack(
            "<HBB3I16xI16xIQ", len(written), kind, 1, 0xFFFFFFFF, following, child, 0, first, size
        )
    sectors += [directory.ljust(512, b"\0")]
    fat += [0xFFFFFFFE, 0xFFFFFFFD]
    sectors += [struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16x5H6x10I",
        *(62, 3, 65534, 9, 6, 0, 1, len(sectors) - 2, 0, 4096),
        *(0xFFFFFFFE, 0, 0xFFFFFFFE, 0, len(sectors) - 1),
    )
    path.write_bytes(header.ljust(512, b"\xff") + b"".join(sectors))


def xls(path: Path, *globals_: bytes) -> None:
    """Records of [MS-XLS] (BIFF8), written by hand: no library writes them."""

    def record(kind: int, content: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def cell(row: int, column: int, value: object) -> bytes:
        if isinstance(value, str):
            text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
            return record(0x0204, struct.pack("<HHH", row, column, 0) + text)
        serial = isinstance(value, datetime)
        number = SERIALS[row - 1] if serial else value
        return record(0x0203, struct.pack("<HHHd", row, column, int(serial), number))

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    xfs = record(0xE0, struct.pack("<HH16x", 0, 0)) + record(0xE0, struct.pack("<HH16x", 0, 22))
    before = begin(5) + b"".join(globals_) + xfs
    at = len(before) + 4 + 6 + 2 + len("Sheet") + 4
    bound = record(0x85, struct.pack("<IHBB", at, 0, len("Sheet"), 0) + b"Sheet")
    cells = b"".join(cell(r, c, v) for r, row in enumerate([HEADER, *ROWS]) for c, v in enumerate(row))
    ole(path, {"Workbook": before + bound + record(0x0A) + begin(0x10) + cells + record(0x0A)})


WORKBOOKS = {"xlsx": xlsx, "xlsm": xlsx, "ods": ods, "xlsb": xlsb, "xls": xls}


@pytest.mark.parametrize("suffix", WORKBOOKS)
@pytest.mark.parametrize("named", ["as it is", "as text"])
def test_workbooks_of_every_kind_give_the_same_typed_cells(tmp_path: Path, suffix: str, named: str) -> None:
    path = tmp_path / ("export.csv" if named == "as text" else f"export.{suffix}")
    WORKBOOKS[suffix](path)
    [sheet] = open_sheets(path)
    assert (sheet.name, sheet.rows, sheet.epoch_1904) == ("Sheet", 4, False)
    assert sheet.head[0] == HEADER
    assert sheet.head[1] in (
        ["2024-03-30 23:45:00", "Kühlung", "1.5"],
        ["2024-03-30T23:45:00", "Kühlung", "1.5"],
    )
    body = sheet.body(1)
    assert [str(kind) for kind in body.dtypes] == ["datetime64[us]", "str", "float64"]
    assert body.to_numpy().tolist() == [[pd.Timestamp(row[0]), *row[1:]] for row in ROWS]
    assert sheet.body(0)[1].tolist() == ["Device", *[row[1] for row in ROWS]]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("cp1252", ";"),
        ("utf-16", "\t"),
        ("utf-16-le", "\t"),
        ("utf-16-be", ";"),
        ("cp1254", "|"),
    ],
)
def test_text_of_every_encoding_gives_the_same_cells(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "export.xlsx"
    meter = "Işık" if encoding == "cp1254" else "Kühlung"
    lines = ["Rapport, all meters", "", delimiter.join(["Datum", "Zähler", "kWh, Summe"])]
    lines += [delimiter.join([f'"31.01.2024 0{h}:00"', meter, f'"{h},5"']) for h in range(9)]
    lines += ["31.01.2024 09:00", delimiter.join(["", "", ""]), ""]
    if delimiter == ",":
        lines[2] = 'Datum,Zähler,"kWh, Summe"'
    path.write_bytes("\r\n".join(lines).encode(encoding))
    [sheet] = open_sheets(path)
    assert (sheet.name, sheet.rows) == ("export.xlsx", 13)
    assert sheet.head[2] == ["Datum", "Zähler", "kWh, Summe"]
    body = sheet.body(3)
    assert body.shape == (10, 3)
    assert body.iloc[8].tolist() == ["31.01.2024 08:00", meter, "8,5"]
    assert body.iloc[9].isna().tolist() == [False, True, True]


def test_long_sheet_is_surveyed_by_its_ends(tmp_path: Path) -> None:
    """One whose XML is larger than is read at once; rows that are only formatted do not count."""
    path = tmp_path / "long.xlsx"
    rows = [[f"Meter {n % 7}", n / 8, None] for n in range(60_000)]
    xlsx(path, [["Title"], [], ["Device", "kWh"], *rows])
    empty = b"".join(b'<row r="%d" s="1"><c r="A%d" s="0"/></row>' % (n, n) for n in range(70_000, 200_000))

    def widen(name: str, content: bytes) -> bytes:
        return content.replace(b"</sheetData>", empty + b"</sheetData>")

    with zipfile.ZipFile(path) as file:
        parts = {name: widen(name, file.read(name)) for name in file.namelist()}
    archive(path, parts)
    [sheet] = open_sheets(path)
    assert (sheet.rows, len(sheet.head), sheet.head[2][:2]) == (60_003, 60, ["Device", "kWh"])
    body = sheet.body(3)
    assert body[1].tolist() == [row[1] for row in rows]


LONG = [[datetime(2024, 1, 1) + timedelta(hours=n), f"Meter {n % 7}", n / 8] for n in range(26_000)]


def without_first_column(row: list[object]) -> list[object]:
    return [None, *row]


@pytest.mark.parametrize(
    ("halved", "rows"),
    [
        pytest.param(True, LONG, id="alike"),
        pytest.param(True, [*LONG, [], [], LONG[0]], id="empty rows below"),
        pytest.param(False, [*LONG[:-9], [LONG[0][0], "Meter", "none"], *LONG[-9:]], id="text below"),
        pytest.param(False, [*LONG[:-9], [*LONG[0], "note"], *LONG[-9:]], id="a column more below"),
        pytest.param(False, [*LONG[:100], *map(without_first_column, LONG[100:])], id="moved below"),
        pytest.param(False, [row for row in LONG for row in (row, [])], id="every other row empty"),
    ],
)
def test_long_sheet_is_the_same_table_in_halves_as_whole(
    tmp_path: Path, halved: bool, rows: list[list[object]]
) -> None:
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([["Title"], [], HEADER, *rows]):
            page.write_row(number, 0, row)
    [sheet] = open_sheets(path)
    reader, number, _ = sheet.body.args
    assert (sources._from_halves(reader, 3, silent) is not None) == halved
    whole = sources._body(reader, number, False, 3)
    pd.testing.assert_frame_equal(sources._body(reader, number, True, 3), whole)


def test_cells_of_several_types_are_text_and_rows_keep_their_places(tmp_path: Path) -> None:
    path = tmp_path / "mixed.xlsx"
    rows = [[None] * 4, [None, "kWh", "when", "sum"], [None, 0.1, timedelta(hours=30), "=1+2"], []]
    xlsx(path, [*rows, [None, "offline", timedelta(minutes=5), 7], [None, datetime(2024, 1, 1), None, True]])
    changed_book = openpyxl.load_workbook(path)
    changed_book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    changed_book.create_sheet("Empty")
    changed_book.save(path)
    [sheet] = open_sheets(path)
    assert sheet.epoch_1904
    assert sheet.head[:2] == [[None, None, None], ["kWh", "when", "sum"]]
    body = sheet.body(2)
    assert body[0].fillna("").tolist() == ["0.1", "", "offline", "2024-01-01 00:00:00"]
    assert body[1].fillna("").tolist() == ["30:00:00", "", "00:05:00", ""]
    assert body[2].fillna(-1).tolist() == [-1, -1, 7, 1]


GREEN_BUTTON = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi"><title>Utility</title>{entries}</feed>"""


def entry(own: str, up: str, content: str, title: str = "", related: Sequence[str] = ()) -> str:
    links = "".join(f'<link rel="related" href="{link}"/>' for link in related)
    return (
        f'<entry><link rel="self" href="{own}"/><link rel="up" href="{up}"/>{links}'
        f"<title>{title}</title><content>{content}</content></entry>"
    )


def block(meter: int, start: int, values: Sequence[int]) -> str:
    readings = "".join(
        "<e:IntervalReading><e:cost>9</e:cost><e:timePeriod><e:duration>900</e:duration>"
        f"<e:start>{start + 900 * n}</e:start></e:timePeriod><e:value>{value}</e:value></e:IntervalReading>"
        for n, value in enumerate(values)
    )
    interval = f"<e:interval><e:duration>86400</e:duration><e:start>{start}</e:start></e:interval>"
    up = f"/M/{meter}/IntervalBlock"
    return entry(f"{up}/1", up, f"<e:IntervalBlock>{interval}{readings}</e:IntervalBlock>")


def reading_type(own: str, uom: int, power: int) -> str:
    fields = f"<e:powerOfTenMultiplier>{power}</e:powerOfTenMultiplier><e:uom>{uom}</e:uom>"
    return entry(own, "/T", f"<e:ReadingType>{fields}</e:ReadingType>")


def test_green_button_gives_utc_readings_per_meter_and_unit(tmp_path: Path) -> None:
    entries = [
        block(1, 1704067200, [5, 7]),
        entry("/U/1", "/U", "<e:UsagePoint/>", "12 High Street", ["/U/1/M"]),
        entry("/U/2", "/U", "<e:UsagePoint/>", "Barn", ["/U/2/M"]),
        entry("/M/1", "/U/1/M", "<e:MeterReading/>", "Delivered", ["/M/1/IntervalBlock", "/T/1"]),
        entry("/M/2", "/U/1/M", "<e:MeterReading/>", "Received", ["/M/2/IntervalBlock", "/T/2"]),
        entry("/M/3", "/U/2/M", "<e:MeterReading/>", "", ["/M/3/IntervalBlock", "/T/3"]),
        entry("/M/4", "/U/2/M", "<e:MeterReading/>", "Gas", ["/M/4/IntervalBlock", "/T/4"]),
        *[
            reading_type(f"/T/{n}", *type_)
            for n, type_ in [(1, (72, 3)), (2, (72, 0)), (3, (38, -3)), (4, (169, 0))]
        ],
        block(2, 1704067200, [1]),
        block(3, 1704067200, [2500]),
        block(4, 1704067200, [9]),
    ]
    path = tmp_path / "usage.xml"
    path.write_text(GREEN_BUTTON.format(entries="".join(entries)), encoding="utf-8")
    energy, demand = open_sheets(path)[:2]
    assert energy.head[0] == ["Meter", "Start", "Interval", "Value", "Unit", "Utility", "Kind"]
    body = energy.body(1)
    assert [str(kind) for kind in body.dtypes[:4]] == ["str", "datetime64[us, UTC]", "float64", "float64"]
    assert body.astype("str").to_numpy()[:, :5].tolist() == [
        ["12 High Street – Delivered", "2024-01-01 00:00:00+00:00", "900.0", "5000.0", "Wh"],
        ["12 High Street – Delivered", "2024-01-01 00:15:00+00:00", "900.0", "7000.0", "Wh"],
        ["12 High Street – Received", "2024-01-01 00:00:00+00:00", "900.0", "1.0", "Wh"],
    ]
    assert demand.body(1)[[3, 4, 5, 6]].to_numpy().tolist() == [[2.5, "W", "electricity", "demand"]]


def test_folders_are_opened_in_natural_order(tmp_path: Path) -> None:
    for name in [
        "b/m10.csv",
        "b/m9.CSV",
        "b/~$m9.xlsx",
        "b/.hidden.csv",
        "b/photo.png",
        ".git/x.csv",
        "a.ods",
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    lone = tmp_path / "b" / "photo.png"
    assert files_in([tmp_path, lone]) == [
        tmp_path / name for name in ("a.ods", "b/m9.CSV", "b/m10.csv", "b/photo.png")
    ]


READ = """
import json, resource, sys
from pathlib import Path
from services.sheets import FileRefused, open_sheets

try:
    found = {"shapes": [[sheet.rows, *sheet.body(1).shape] for sheet in open_sheets(Path(sys.argv[1]))]}
except FileRefused as refusal:
    found = {"sentence": str(refusal)}
# Not its ru_maxrss, which begins with that of the program that started it.
(own,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
most = max(int(own.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps(found | {"kilobytes": most}))
"""
ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
DOCTYPE = f"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>{ENTITIES}]>"


def repeat(content: bytes, times: int) -> Pieces:
    """Content by the hundred megabytes, never held in memory: that would count for the program measured."""
    at_once = max(1, min(times, 2**20 // len(content)))
    for _ in range(times // at_once):
        yield content * at_once


def sheet_of(*rows: Callable[[], Pieces]) -> Callable[[Path], None]:
    """A workbook whose sheet has these rows, whatever they say."""

    def replaced(name: str, content: bytes) -> bytes | Pieces:
        if not name.endswith("sheet1.xml"):
            return content
        before = content.partition(b"<sheetData>")[0] + b"<sheetData>"
        return chain([before], *[piece() for piece in rows], [b"</sheetData></worksheet>"])

    return lambda path: changed(path, replaced)


def part(ending: str, change: Callable[[bytes], bytes | Pieces | None]) -> Callable[[Path], None]:
    return lambda path: changed(path, lambda name, xml: change(xml) if name.endswith(ending) else xml)


def plain(*pieces: bytes | tuple[bytes, int]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            for piece in pieces:
                file.writelines([piece] if isinstance(piece, bytes) else repeat(*piece))

    return write


def cut(path: Path) -> None:
    xlsx(path)
    path.write_bytes(path.read_bytes()[:-900])


def garbled(path: Path) -> None:
    """Its directory is sound, a part's bytes are not."""
    xlsx(path)
    content = bytearray(path.read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[at : at + 60] = bytes(60)
    path.write_bytes(content)


def bomb(path: Path, said: int) -> None:
    """A part that unpacks to 200 MB and says another size."""
    part("sheet1.xml", lambda xml: chain([xml[:-12]], repeat(b" ", 200 * 2**20), [xml[-12:]]))(path)
    with zipfile.ZipFile(path) as file:
        size = file.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", said)))


def repeated(path: Path) -> None:
    ods(path)
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    many = b'<table:table-row table:number-rows-repeated="9999999"><table:table-cell '
    many += b'table:number-columns-repeated="9999999" '
    parts["content.xml"] = parts["content.xml"].replace(b"<table:table-row><table:table-cell ", many, 1)
    archive(path, parts)


def one(xml: bytes) -> Callable[[], Pieces]:
    return lambda: [xml]


def blank() -> Pieces:
    return (
        b'<row r="%d" s="1"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n) for n in range(2, 10**6)
    )


def packed(method: int) -> Callable[[Path], None]:
    """A part of 200 MB that is packed in a way that is unpacked at once."""

    def write(path: Path) -> None:
        xlsx(path)
        with zipfile.ZipFile(path, "a", method) as file, file.open("xl/drawing.xml", "w") as drawing:
            drawing.writelines(repeat(b" ", 200 * 2**20))

    return write


def overlapping(path: Path) -> None:
    """Two parts that are the same bytes."""
    xlsx(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/one.xml", "<x/>")
        again = zipfile.ZipInfo("xl/more.xml")
        for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
            setattr(again, name, getattr(file.filelist[-1], name))
        file.filelist.append(again)


def twice(path: Path) -> None:
    xlsx(path)
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("xl/workbook.xml", "<workbook/>")


def sheets(count: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            for number in range(count):
                page = book.add_worksheet()
                page.write_row(0, 0, HEADER)
                page.write_row(1, 0, [f"2024-01-{number % 28 + 1:02}", "Meter", 1.5])

    return write


def sparse(path: Path) -> None:
    """Two gigabytes of which a few hundred bytes are on the disk."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    os.truncate(path, 2 * 10**9)


A1 = b'<row r="1"><c r="A1"><v>1</v></c></row>'
LINKED = b"<externalLink xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><externalBook/></externalLink>"
UNREADABLE = "cannot be read as a spreadsheet|takes more than"
HOSTILE: dict[str, tuple[Callable[[Path], object], str | list[list[int]]]] = {
    "empty.xlsx": (plain(b""), "is empty"),
    "photo.xlsx": (plain(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "is no spreadsheet"),
    "program.csv": (plain(b"\x7fELF" + bytes(5000)), "is no spreadsheet"),
    "letter.txt": (plain(b"Dear colleague,"), "no columns"),
    "page.xml": (plain(b"<?xml version='1.0'?><html>&nbsp;</html>"), "web page without a table"),
    "gas.xml": (plain(b"<?xml version='1.0'?><feed/>"), "no Green Button readings of energy"),
    "bomb.xml": (plain(f"<?xml version='1.0'?>{DOCTYPE}<feed>&a9;</feed>".encode()), "declares entities"),
    "fetching.xml": (
        plain(b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd'><feed/>"),
        "declares entities",
    ),
    "huge.xml": (
        lambda path: path.write_text(
            GREEN_BUTTON.format(entries=reading_type("/T/1", 72, 99999) + block(1, 1704067200, [1]))
        ),
        "cannot be read as Green Button data",
    ),
    "text.xml": (plain(b"<?xml version='1.0'?><feed>", (b"x", 9 * 2**20)), "has no element"),
    "deep.xml": (
        plain(b"<?xml version='1.0'?>", (b"<feed>", 2_000_000)),
        "cannot be read as Green Button data",
    ),
    "encrypted.xlsx": (lambda path: ole(path, {"EncryptedPackage": b"x" * 5000}), "protected by a password"),
    "encrypted.xls": (
        lambda path: xls(path, struct.pack("<HHHHH", 0x2F, 6, 1, 1, 2)),
        "protected by a password",
    ),
    "cut.xlsx": (cut, "is damaged"),
    "cut.xls": (
        plain(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600),
        "cannot be read as a spreadsheet",
    ),
    "garbled.xlsx": (garbled, "cannot be read as a spreadsheet|damaged"),
    "letters.xlsx": (lambda path: archive(path, {"word/document.xml": "<w/>"}), "no workbook"),
    "bomb.xlsx": (lambda path: bomb(path, 1_700_000_000), "would unpack to 9 files of 1700 million bytes"),
    "lying.xlsx": (lambda path: bomb(path, 1000), "damaged|takes more than"),
    "bzip2.xlsx": (packed(zipfile.ZIP_BZIP2), "part xl/drawing.xml is packed in a way"),
    "lzma.xlsx": (packed(zipfile.ZIP_LZMA), "part xl/drawing.xml is packed in a way"),
    "overlapping.xlsx": (overlapping, "the same name or lie over each other"),
    "twice.xlsx": (twice, "the same name or lie over each other"),
    "sheets.xlsx": (sheets(1001), "has 1001 sheets, and 1000 are read at most"),
    "sparse.xls": (sparse, "larger than 300 million bytes"),
    "strings.xlsx": (
        lambda path: changed(
            path,
            lambda name, xml: xml,
            **{"xl/sharedStrings.xml": repeat(b"<si><t>" + b"x" * 10_000 + b"</t></si>", 130_000)},
        ),
        UNREADABLE,
    ),
    "entities.xlsx": (part("sheet1.xml", lambda xml: DOCTYPE.encode() + xml), "declares entities"),
    "far.xlsx": (sheet_of(one(A1 + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), UNREADABLE),
    "wide.xlsx": (sheet_of(one(A1 + b'<row r="2"><c r="ZZZZZZZ2"><v>1</v></c></row>')), UNREADABLE),
    "repeated.ods": (repeated, UNREADABLE),
    "partless.xlsx": (part("sheet1.xml", lambda xml: None), "cannot be read as a spreadsheet|has no rows"),
    "blank.xlsx": (sheet_of(one(A1), blank), [[1, 0, 1]]),
    "only blank.xlsx": (sheet_of(lambda: islice(blank(), 10_000)), "has no rows"),
    "formulas.xlsx": (
        lambda path: xlsx(path, [HEADER, ["=NOW()", "M", '=WEBSERVICE("http://localhost/")']]),
        [[2, 1, 3]],
    ),
    "linked.xlsx": (
        lambda path: changed(path, lambda name, xml: xml, **{"xl/externalLinks/externalLink1.xml": LINKED}),
        [[4, 3, 3]],
    ),
    "macro.xlsm": (
        lambda path: changed(path, lambda name, xml: xml, **{"xl/vbaProject.bin": b"x" * 999}),
        [[4, 3, 3]],
    ),
    "megabytes.xlsx": (
        sheet_of(
            one(b'<row r="1"><c r="A1" t="inlineStr"><is><t>'),
            lambda: repeat(b"x", 20 * 2**20),
            one(b"</t></is></c></row>"),
        ),
        [[1, 0, 1]],
    ),
    "endless.csv": (plain((b"1,2,", 20_000_000)), "more than 1000000 characters"),
    "endless later.csv": (plain(b"a,b\n" * 100, (b"1,2,", 20_000_000)), "more than 1000000 characters"),
    "unclosed.csv": (plain(b'a,b\n1,2\n"x,', (b"3\n4,5,", 1_000_000)), "cannot be read as a table"),
    "wide.csv": (plain(b"a,b\n" * 3 + b"," * 20_000 + b"1\n"), "the widest of 20001 cells"),
    "unclosed at the end.csv": (plain(b'a,b\n1,2\n3,4\n"5,6\n'), "none closes it"),
    "wide row.csv": (plain(b"a,b\n1,2\n", (b'"1\n",' * 100, 40_000)), "more than|too large a table"),
    "nul.csv": (plain(b"date,kWh\n1,\0\n2,2\n"), "is no spreadsheet"),
    "tables.xls": (plain(b"<html>", (b"<table><tr><td>", 200_000)), "more than 1000 tables"),
    "spans.xls": (
        plain(b"<table>", (b"<tr><td colspan=1000 rowspan=60000>1", 50_000)),
        "a row has more than 5000 cells",
    ),
    "unclosed.xls": (plain(b"<table><tr><td>1<td>2<tr><td", (b" a='", 100_000)), [[1, 0, 2]]),
    "entities.xls": (
        plain(f"<?xml version='1.0'?>{DOCTYPE}<Workbook>&a9;</Workbook>".encode()),
        "declares entities",
    ),
    "far.xls": (
        plain(
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"
            b"<Worksheet><Table><Row Index='99999999999'><Cell/></Row></Table></Worksheet></Workbook>"
        ),
        "has a row 99999999999",
    ),
    "deep.json": (plain((b'{"a":', 500_000)), "cannot be read as JSON"),
    "digits.json": (plain(b'[{"a":', (b"9", 100_000), b"}]"), "cannot be read as JSON"),
    "huge.json": (plain(b"[[1]", (b",[1]", 9_000_000), b"]"), "more than|too large a table"),
    "endless.nem12.csv": (plain(b"100,NEM12,1,A,B\n", (b"200,", 20_000_000)), "more than 1000000 characters"),
    "nobody.nem12.csv": (plain(b"100,NEM12,1,A,B\n900\n"), "without readings of energy"),
    "endless.edi": (plain(b"UNB+UNOC:3", (b"+1:2", 100_000)), "cannot be read as an MSCONS message|more"),
    "nobody.edi": (plain(b"UNB+UNOC:3+1+2+3+4'UNZ+1+42'"), "without readings of energy"),
    "garbled.parquet": (plain(b"PAR1", (b"\xff\0", 5000), b"PAR1"), "cannot be read as a spreadsheet"),
    "bomb.zip": (
        lambda path: archive(path, {"a.csv": repeat(b"1,2\n" * 2**18, 1700)}),
        "would unpack to 1 files of 1782 million bytes",
    ),
    "many.zip": (
        lambda path: archive(path, {f"{n}.csv": "a,b\n1,2\n" for n in range(10_001)}),
        "10001 files",
    ),
    "outside.zip": (
        lambda path: archive(path, {"../../../../outside.csv": "a,b\n1,2\n", "/etc/x.csv": "a,b\n3,4\n"}),
        [[2, 1, 2]],
    ),
    "cut.zip": (
        lambda path: (archive(path, {"a.csv": "a,b\n1,2\n" * 99}), cut(path)),
        "is damaged|cannot be read",
    ),
    "ragged.csv": (plain(b"a,b\n" * 80 + b"1,2,3\n4\n"), [[82, 81, 3]]),
}


def read(path: Path) -> dict[str, object]:
    """What becomes of a file in a program of its own, within 30 seconds."""
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_in_cells_or_in_one_sentence(tmp_path: Path, name: str) -> None:
    make, expected = HOSTILE[name]
    make(tmp_path / name)
    found = read(tmp_path / name)
    if isinstance(expected, str):
        assert re.search(expected, str(found.get("sentence"))), found
        assert str(found["sentence"]).startswith(name)
    else:
        assert found["shapes"] == expected, found
    assert isinstance(found["kilobytes"], int)
    assert found["kilobytes"] < 1_000_000


def readers() -> list[psutil.Process]:
    """The processes that read files for this one, among whatever others it has started."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it ends just now
            if "services.readers" in child.cmdline():
                found.append(child)
    return found


def test_reading_stops_when_it_is_cancelled(tmp_path: Path) -> None:
    xlsx(tmp_path / "export.xlsx")
    before = readers()
    [sheet] = open_sheets(tmp_path / "export.xlsx")

    def stop(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        sheet.body(1, stop)
    with pytest.raises(Cancelled):
        open_sheets(sheet.path, stop)
    assert readers() == before, "the reader went with the reading"


def test_cells_of_errors_are_text_and_the_others_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet("Readings")
        for number, row in enumerate([HEADER, *ROWS]):
            page.write_row(number, 0, row)
        page.write_formula(2, 2, "=FOO()", None, "#NAME?")
        page.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    [sheet] = open_sheets(path)
    assert sheet.head[2] == ["2024-03-31 00:00:00", "Aufzug, Nord", "#NAME?", "#DIV/0!"]
    body = sheet.body(1)
    assert [str(kind) for kind in body.dtypes] == ["datetime64[us]", "str", "str", "str"]
    assert body[2].tolist() == ["1.5", "#NAME?", "0.0"], "the point marks decimals, also of whole numbers"
    found = parse_sheet(sheet, infer_mapping(sheet, "UTC"))
    assert found.frame["consumption"].tolist() == [1.5, 0.0]
    [refusal] = found.refused
    assert (refusal.sheet, refusal.row, refusal.column, refusal.value) == ("Readings", 3, HEADER[2], "#NAME?")


def test_one_process_and_one_deadline_serve_all_sheets(tmp_path: Path) -> None:
    path = tmp_path / "sheets.xlsx"
    sheets(12)(path)
    found = open_sheets(path)
    for sheet in found:
        assert len(sheet.body(1)) == 1
    assert len(readers()) == 1
    reader = found[0].body.args[0]  # type: ignore[attr-defined]
    reader._spent["sheet 0"] = limits.SECONDS
    assert len(found[0].body(1)) == 1, "what is read again counts once"
    reader._spent["sheet 0"] = limits.SECONDS
    with pytest.raises(FileRefused, match="takes more than 25 seconds"):
        found[1].body(1)
    assert not readers()


def test_reader_ends_when_idle_and_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "IDLE", 0.05)
    xlsx(tmp_path / "export.xlsx")
    [sheet] = open_sheets(tmp_path / "export.xlsx")
    while readers():
        time.sleep(0.05)
    assert len(sheet.body(1)) == 3


def test_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    [sheet] = open_sheets(path)
    with path.open("a") as file:
        file.write("5,6\n")
    with pytest.raises(FileRefused, match="has changed while it was being read"):
        sheet.body(1)


def test_answers_that_lie_are_not_believed() -> None:
    """A reader that a file has taken over may send anything."""
    batch = pa.record_batch({"0": pa.array([b"\xff"], pa.binary())})
    for kind, size, content in [
        (protocol.TABLE, 10**15, b""),
        (b"?", 3, b"abc"),
        (protocol.TABLE, 3, b"abc"),
        (protocol.VALUE, 100, b"[]"),
        (protocol.TABLE, None, arrow(batch)),
        (protocol.TABLE, None, arrow(pa.record_batch({"0": batch["0"].view(pa.string())}))),
    ]:
        frame = protocol.FRAME.pack(kind, len(content) if size is None else size) + content
        with pytest.raises(protocol.ProtocolError):
            protocol.read_answer(BytesIO(frame))


def arrow(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name, sentence in [
        ("pipe.csv", "is no file"),
        ("zero.csv", "is no file"),
        (".", "is no file"),
        ("loop.csv", "cannot be opened"),
        ("gone.csv", "cannot be opened"),
    ]:
        with pytest.raises(FileRefused, match=sentence):
            open_sheets(tmp_path / name)
