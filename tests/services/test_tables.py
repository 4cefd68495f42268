"""A table into a spreadsheet file, and what a spreadsheet program reads in it."""

import csv
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.progress import Cancelled
from services.readings import open_sheets
from services.tables import TableRefused, guarded, unguarded, write_table

ZONE = "America/Los_Angeles"
FRAME = pd.DataFrame(
    {
        "Day": pd.to_datetime(["2024-11-03", "2024-11-04", None]),
        "Begins": pd.DatetimeIndex(
            ["2024-11-03 08:30", "2024-11-03 09:30", "2024-11-04"], tz="UTC"
        ).tz_convert(ZONE),
        "=Device": ["=cmd()", "Lifts", None],
        "kWh": [1.5, None, 3.0],
    }
)


def test_csv_has_iso_dates_with_their_offset_and_no_formula(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "readings.csv")
    assert (tmp_path / "readings.csv").read_text().splitlines() == [
        """\"Day","Begins","'=Device","kWh\"""",
        """2024-11-03,2024-11-03 01:30:00-07:00,"'=cmd()",1.5""",
        """2024-11-04,2024-11-03 01:30:00-08:00,"Lifts",""",
        ",2024-11-03 16:00:00-08:00,,3.0",
    ]


CELLS = st.text(st.sampled_from("=+-@＝＋－＠;,|\t\r\n '\"a5"), max_size=8) | st.text(max_size=8)
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


@given(CELLS)
def test_no_part_of_a_guarded_text_begins_a_formula_and_all_is_given_back(text: str) -> None:
    written = guarded(text)
    for part in re.split(r"[;,|\t\r\n]", written):
        assert not part.lstrip(' "').startswith(FORMULA)
    assert not written.startswith(FORMULA)
    assert unguarded(written) == text


@pytest.mark.parametrize(
    "name", ["Pump;=cmd|' /C calc'!A1", "-5", "＝1+1", " @SUM(A1)", "'=x", 'a;"=b', "tab\t=1"]
)
def test_csv_that_is_read_with_semicolons_has_no_formula_and_is_read_back_as_it_was(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "list.csv"
    write_table(pd.DataFrame({"date": ["2024-01-01", "2024-01-02"], "device": name, "kWh": -2.5}), path)
    for separator in ";,\t|":
        with path.open(newline="") as file:
            rows = list(csv.reader(file, delimiter=separator))
        cells = [cell.lstrip(' "') for row in rows for cell in row]
        assert [cell for cell in cells if cell.startswith(FORMULA) and cell not in ("-2.5", '-2.5"')] == []
    [sheet] = open_sheets(path)
    assert set(sheet.body(1)[1]) == {name}
    assert set(sheet.body(1)[2]) == {"-2.5"}


def test_workbook_has_dates_of_the_facility_s_clock_and_no_formula(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "readings.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "readings.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows == [
        ["Day", "Begins", "=Device", "kWh"],
        [datetime(2024, 11, 3), datetime(2024, 11, 3, 1, 30), "=cmd()", 1.5],
        [datetime(2024, 11, 4), datetime(2024, 11, 3, 1, 30), "Lifts", None],
        [None, datetime(2024, 11, 3, 16), None, 3],
    ]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_cancelled_table_leaves_the_file_that_was_there(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"readings.{ending}"
    path.write_text("earlier")

    def stop(stage: str, done: int, total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_table(pd.concat([FRAME] * 4000), path, stop)
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["earlier"]


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match=r"Choose the ending \.csv"):
        write_table(pd.DataFrame(index=range(1_048_576)), tmp_path / "readings.xlsx")
