"""A table into a spreadsheet file, and what a spreadsheet program reads in it."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from services.progress import Cancelled
from services.tables import TableRefused, write_table

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
        "Day,Begins,'=Device,kWh",
        "2024-11-03,2024-11-03 01:30:00-07:00,'=cmd(),1.5",
        "2024-11-04,2024-11-03 01:30:00-08:00,Lifts,",
        ",2024-11-03 16:00:00-08:00,,3.0",
    ]


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
