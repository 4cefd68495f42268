"""Tables under other formats than their names say, in archives, in JSON and Parquet, as plain cells."""

import json
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from services.readers.formats import open_file
from services.sheets import Sheet, process
from services.sheets.sources import FileRefused, open_sheets


def cells(sheet: Sheet) -> list[list[object]]:
    """The rows of a sheet as text, those that are typed as Arrow writes them."""
    return sheet.body(0).astype(object).where(lambda frame: frame.notna(), None).to_numpy().tolist()


PAGE = """<html><head><meta http-equiv=Content-Type content="text/html; charset={charset}">
<style>td {{ color: red }}</style></head><body><table><tr><td>
<table border=1><tr><th colspan=2>Zähler<th rowspan=2>kWh</tr>
<tr><th>Datum<th>Nr.</tr>
<tr><td rowspan=2>01.02.2025<td>  A&nbsp;1<br>Süd <td>1,5 </tr>
<tr><td>B<td>2&lt;3</tr></table>
</table><script>"<table>"</script></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_tables_of_a_page_are_sheets(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(PAGE.format(charset=charset).encode(charset))
    [sheet] = open_sheets(path)
    assert cells(sheet) == [
        ["Zähler", None, "kWh"],
        ["Datum", "Nr.", None],
        ["01.02.2025", "A 1 Süd", "1,5"],
        [None, "B", "2<3"],
    ]


def xml_row(*typed: str, index: str = "") -> str:
    """A row of SpreadsheetML; each cell is what its element says more, the type and the value."""
    cells = (cell.split("|") for cell in typed)
    data = '<ss:Cell{0}><ss:Data ss:Type="{1}">{2}</ss:Data></ss:Cell>'
    return f"<ss:Row{index}>{''.join(data.format(*cell) for cell in cells)}</ss:Row>"


def xml_sheet(name: str, *rows: str, visible: str = "SheetVisible") -> str:
    options = f"<x:WorksheetOptions><x:Visible>{visible}</x:Visible></x:WorksheetOptions>"
    return f'<ss:Worksheet ss:Name="{name}"><ss:Table>{"".join(rows)}</ss:Table>{options}</ss:Worksheet>'


BOOK = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    + xml_sheet("Old", xml_row("|Number|9"), visible="SheetHidden")
    + xml_sheet(
        "Data",
        xml_row(' ss:MergeAcross="1"|String|When', "|String|kWh", index=' ss:Index="2"'),
        xml_row(
            "|DateTime|2025-02-01T00:15:00.000", ' ss:Index="3"|Number|1.5', "|Number|541448820012345678"
        ),
    )
    + "</ss:Workbook>"
)


def test_spreadsheet_of_2003_is_typed_and_its_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text(BOOK)
    [sheet] = open_sheets(path)
    assert (sheet.name, sheet.rows) == ("Data", 3)
    assert sheet.head[1] == ["When", None, "kWh", None]
    assert sheet.body(2)[[0, 2, 3]].to_numpy().tolist() == [
        [pd.Timestamp("2025-02-01 00:15"), 1.5, "541448820012345678"]
    ]
    assert [left.name for left in sheet.left_out] == ["Old"]


def test_hidden_sheets_of_a_workbook_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Old", "Data", "Very old"):
            book.add_worksheet(name).write_row(0, 0, [name, 1])
        book.worksheets()[1].activate()
        book.worksheets()[0].hide()
        book.worksheets()[2].very_hidden()
    [sheet] = open_sheets(path)
    assert sheet.name == "Data"
    assert [(part.name, part.why) for part in sheet.left_out] == [
        ("Old", "The sheet is hidden."),
        ("Very old", "The sheet is hidden."),
    ]


@pytest.mark.parametrize(
    ("encoding", "heading"),
    [
        ("utf-8", "日期,电量"),
        ("gbk", "户号,日期,电量"),
        ("big5", "用電量,日期"),
        ("cp932", "日時,使用電力量"),
        ("cp949", "날짜,전력사용량"),
        ("cp1252", "Zähler,Größe,m³"),
        ("cp1254", "Işık,Tüketim"),
        ("cp1250", "Zużycie,Łódź"),
        ("cp1251", "Дата,Энергия"),
        ("cp1253", "Ημερομηνία,Κατανάλωση"),
        ("utf-16", "日期,Zähler"),
    ],
)
def test_text_is_read_in_its_own_letters(tmp_path: Path, encoding: str, heading: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(
        f"{heading}\n".encode(encoding)
        + "1,2,3\n4,5,6\n".encode(encoding)[0 if "16" not in encoding else 2 :]
    )
    [sheet] = open_sheets(path)
    assert sheet.head[0][: heading.count(",") + 1] == heading.split(",")


def test_cells_that_are_formulas_of_text_are_the_text(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text('="Meter";"=""Date""";kWh\n="00123";="1;2";5\n"=""007""";=1+1;"6"\n')
    [sheet] = open_sheets(path)
    assert cells(sheet) == [["Meter", "Date", "kWh"], ["00123", "1;2", "5"], ["007", "=1+1", "6"]]


def zipped(path: Path, **members: str | bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


CSV = "Date,kWh\n2025-01-01,1\n2025-01-02,2\n"


def test_files_in_an_archive_are_read_each_as_what_it_is(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        for name in ("A", "B"):
            workbook.add_worksheet(name).write_row(0, 0, [name, 1])
    path = tmp_path / "all.zip"
    members: dict[str, str | bytes] = {
        "2025/main.csv": CSV,
        "2025/page.xls": PAGE.format(charset="utf-8"),
        "book.xlsx": book.read_bytes(),
        "__MACOSX/main.csv": "x",
        "empty.csv": "",
        "guide.pdf": "%PDF",
    }
    zipped(path, **members)
    sheets = open_sheets(path)
    assert [sheet.name for sheet in sheets] == ["main", "page", "book: A", "book: B"]
    assert sheets[0].body(1).to_numpy().tolist() == [["2025-01-01", "1"], ["2025-01-02", "2"]]
    [first, *_] = open_file(path, counted=False)
    assert [left.name for left in first.left_out] == ["empty.csv"]


def test_nothing_of_an_archive_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = tmp_path / "all.zip"
    zipped(path, **{"a.csv": CSV})
    reader = process.FileReader(path)
    reader.ask("head", [{"task": "open", "counted": True}], lambda *_: None)
    assert list((tmp_path / "temporary").rglob("a.csv"))
    process._end(reader._workers)
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"a.csv": ""}, "all.zip: a.csv is empty"),
        ({"a.zip": b"PK\x05\x06" + b"\0" * 18, "b.pdf": "x"}, "a zip archive in another"),
        ({"word/document.xml": "<w/>"}, "no other file of readings"),
        ({}, "no other file of readings"),
    ],
)
def test_an_archive_without_readings_is_refused(tmp_path: Path, members: dict[str, str], said: str) -> None:
    path = tmp_path / "all.zip"
    zipped(path, **members)
    with pytest.raises(FileRefused, match=said):
        open_sheets(path)


OCTOPUS = {
    "count": 2,
    "next": None,
    "results": [
        {
            "consumption": 0.25,
            "interval_start": "2025-01-01T00:30:00Z",
            "interval_end": "2025-01-01T01:00:00Z",
        },
        {"consumption": 1, "interval_start": "2025-01-01T00:00:00Z", "interval_end": "2025-01-01T00:30:00Z"},
    ],
}
N3RGY = {
    "resource": "/2/electricity/consumption/1",
    "unit": "kWh",
    "values": [{"timestamp": "2025-01-01 00:30", "value": 1}],
}
HISTORY = [
    [
        {
            "entity_id": "sensor.main",
            "state": "1.5",
            "attributes": {"unit_of_measurement": "kWh"},
            "last_changed": "x",
        },
        {"state": "2.5", "last_changed": "y"},
    ]
]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (
            OCTOPUS,
            [
                ["count", "2", None],
                ["consumption", "interval_start", "interval_end"],
                ["0.25", "2025-01-01T00:30:00Z", "2025-01-01T01:00:00Z"],
                ["1", "2025-01-01T00:00:00Z", "2025-01-01T00:30:00Z"],
            ],
        ),
        (
            N3RGY,
            [
                ["resource", "/2/electricity/consumption/1"],
                ["unit", "kWh"],
                ["timestamp", "value"],
                ["2025-01-01 00:30", "1"],
            ],
        ),
        (
            {"sensor.main": [{"start": 1735689600000, "change": 1.5}]},
            [["entity_id", "start", "change"], ["sensor.main", "1735689600000", "1.5"]],
        ),
        (
            HISTORY,
            [
                ["entity_id", "state", "last_changed", "unit_of_measurement"],
                ["sensor.main", "1.5", "x", "kWh"],
                ["sensor.main", "2.5", "y", "kWh"],
            ],
        ),
        (
            [{"meter": 541448820012345678, "readings": [{"at": "t1", "kwh": 1}, {"at": "t2", "kwh": None}]}],
            [["meter", "at", "kwh"], ["541448820012345678", "t1", "1"], ["541448820012345678", "t2", None]],
        ),
        (
            {"homes": [{"consumption": {"nodes": [{"from": "t1", "kWh": 1}]}, "address": {"city": "Oslo"}}]},
            [["from", "kWh"], ["t1", "1"]],
        ),
        ({"hourly": {"time": ["t1", "t2"], "kwh": [1, 2]}}, [["time", "kwh"], ["t1", "1"], ["t2", "2"]]),
        ([["time", "kwh"], ["t1", 1]], [["time", "kwh"], ["t1", "1"]]),
        (
            {"kwh": {"2025-01-01": 1, "2025-01-02": 2}},
            [["time", "value"], ["2025-01-01", "1"], ["2025-01-02", "2"]],
        ),
        (
            {"results": [{"series": [{"name": "m", "columns": ["time", "kwh"], "values": [["t1", 1]]}]}]},
            [["name", "time", "kwh"], ["m", "t1", "1"]],
        ),
    ],
)
def test_json_is_a_table_below_what_it_says_of_all_of_it(
    tmp_path: Path, content: object, rows: list[list[str | None]]
) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content, indent=1))
    [sheet] = open_sheets(path)
    assert cells(sheet) == rows


def test_json_numbers_are_numbers_and_lines_are_records(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text('{"at": "t1", "kwh": 1.234}\n{"at": "t2", "kwh": NaN}\n')
    [sheet] = open_sheets(path)
    assert [str(kind) for kind in sheet.body(1).dtypes] == ["str", "float64"]
    path.write_text("[" * 100_000)
    with pytest.raises(FileRefused, match="cannot be read as JSON"):
        open_sheets(path)
    path.write_text('{"name": "nothing"}')
    with pytest.raises(FileRefused, match="without a list of readings"):
        open_sheets(path)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "export.parquet"
    table = pa.table(
        {
            "at": pa.array([datetime(2025, 1, 1, tzinfo=UTC)], pa.timestamp("ns", "Europe/Berlin")),
            "ean": pa.array([541448820012345678], pa.int64()),
            "meter": pa.array(["Main"]).dictionary_encode(),
            "kWh": pa.array([1.5], pa.float32()),
            "more": pa.array([[1, 2]]),
            "__index_level_0__": pa.array([7], pa.int8()),
        }
    )
    pq.write_table(table, path)
    [sheet] = open_sheets(path)
    assert (sheet.name, sheet.rows) == ("export.parquet", 2)
    assert sheet.head[0] == ["at", "ean", "meter", "kWh", None]
    body = sheet.body(1)
    assert body.astype("str").to_numpy().tolist() == [
        ["2025-01-01 00:00:00+00:00", "541448820012345678", "Main", "1.5", "7.0"]
    ]
    assert [str(kind) for kind in body.dtypes] == ["datetime64[us, UTC]", "str", "str", "float64", "float64"]
    path.write_bytes(path.read_bytes()[:-20] + b"PAR1")
    with pytest.raises(FileRefused, match=r"export\.parquet"):
        open_sheets(path)
