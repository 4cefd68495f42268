"""To add a file format: a function that returns `RawSheet`s and one entry of `FORMATS`, shown by a toy."""

from pathlib import Path

import pyarrow as pa
import pytest

from services.readers import formats
from services.readers.formats import FileFormat
from services.readers.sheet import RawSheet, trim_head
from services.readings import infer_mapping, parse_sheet
from services.sheets import SUFFIXES, Sheet

MAGIC = b"TOYMETER\n"


def open_toy(path: Path, counted: bool) -> list[RawSheet]:
    """A line a reading: a date, two spaces and a number."""
    rows = [line.split("  ") for line in path.read_text().splitlines()[1:]]
    names = ["Date", "Consumption (Wh)"]
    cells = [names, *rows]

    def body(first: int) -> pa.Table:
        columns = zip(*cells[first:], strict=True)
        return pa.table([pa.array(column, pa.string()) for column in columns], names=["0", "1"])

    return [RawSheet("Toy", trim_head(cells), len(cells), body)]


def test_a_format_is_one_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = FileFormat("toy", ("toy",), lambda beginning: beginning.startswith(MAGIC), open_toy)
    assert formats.suffixes() == SUFFIXES
    monkeypatch.setattr(formats, "FORMATS", [toy, *formats.FORMATS])
    assert "toy" in formats.suffixes()
    path = tmp_path / "main.toy"
    path.write_bytes(MAGIC + b"2024-01-01  1500\n2024-01-02  2500\n")
    [raw] = formats.open_file(path, counted=True)
    sheet = Sheet(
        path,
        raw.name,
        raw.head,
        raw.rows,
        raw.epoch_1904,
        lambda first, progress=None: raw.body(first).to_pandas().set_axis([0, 1], axis=1).astype("str"),
    )
    found = parse_sheet(sheet, infer_mapping(sheet, "UTC"))
    assert found.frame["consumption"].tolist() == [1.5, 2.5]
    assert formats.format_of(b"Date;kWh\n").name == "text"
