"""What a sheet's cells are taken for, and the readings that they become."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from services.names import LONGEST
from services.readings.columns import ColumnMap
from services.readings.mapping import (
    MappingRefused,
    SheetMapping,
    find_problem,
    infer_mapping,
    layout_fingerprint,
    looks_like_readings,
)
from services.readings.parse_result import Readings
from services.readings.parsing import parse_sheet
from services.sheets.sources import HEAD_ROWS, Sheet

BERLIN = "Europe/Berlin"


def text_sheet(*lines: str, name: str = "export.csv") -> Sheet:
    """A sheet of text, its cells parted by ``|``."""
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    width = max(map(len, rows))
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    frame = pd.DataFrame(cells, columns=range(width), dtype="str")
    return Sheet(
        Path(name),
        name,
        cells[:HEAD_ROWS],
        len(cells),
        False,
        lambda n: frame.iloc[n:].reset_index(drop=True),
    )


def read(sheet: Sheet, zone: str = BERLIN, **said: object) -> tuple[SheetMapping, Readings]:
    mapping = replace(infer_mapping(sheet, zone), **said)
    return mapping, parse_sheet(sheet, mapping)


def shown(readings: Readings, zone: str = BERLIN) -> list[tuple[str, str, float]]:
    """Device, local start and kWh of each reading."""
    frame = readings.frame
    local = frame["date"].dt.tz_convert(zone).dt.strftime("%d %b %H:%M")
    return list(zip(frame["device"], local, frame["consumption"].round(9), strict=True))


def test_title_lines_and_totals_are_no_readings() -> None:
    mapping, found = read(
        text_sheet(
            "Lastgang Januar|||",
            "Zähler: 4711|||",
            "|||",
            "Datum|Uhrzeit||Wert [kWh]",
            "13.01.2024|00:00||1,5",
            "13.01.2024|00:15||2,5",
            "Zwischensumme|||4,0",
            "13.01.2024|00:30||1.003,5",
            "Summe|||1.007,5",
        )
    )
    assert (mapping.header, mapping.layout, mapping.decimal, mapping.device_name) == (3, "long", ",", "4711")
    assert mapping.map == ColumnMap(date="Datum", time="Uhrzeit", consumption="Wert [kWh]")
    assert shown(found) == [
        ("4711", "13 Jan 00:00", 1.5),
        ("4711", "13 Jan 00:15", 2.5),
        ("4711", "13 Jan 00:30", 1003.5),
    ]
    assert (found.rows_read, found.totals, found.refused) == (3, 2, [])
    assert found.frame["row"].tolist() == [5, 6, 8]
    assert found.frame["seconds"].tolist() == [900] * 3


def test_meter_names_above_their_units() -> None:
    mapping, found = read(
        text_sheet(
            "|Boiler||Building 2||Total|",
            "Date|kWh|kW|kWh|kW|kWh|kW",
            "2024-01-01 00:00|1|4|2|8|3|12",
            "2024-01-01 00:15||4|2|8|2|8",
        )
    )
    assert mapping.header_rows == 2
    assert mapping.meters == ("Boiler kWh", "Building 2 kWh")
    assert shown(found) == [
        ("Boiler", "01 Jan 00:00", 1.0),
        ("Building 2", "01 Jan 00:00", 2.0),
        ("Building 2", "01 Jan 00:15", 2.0),
    ]
    assert found.refused == []


def test_units_under_the_names_may_differ() -> None:
    _, found = read(text_sheet("Date|Boiler|Pump", "|MWh|Wh", "2024-01-01|1.5|2500", "2024-01-02|1.25|500"))
    assert [kwh for _, _, kwh in shown(found)] == [1500, 2.5, 1250, 0.5]


def test_demand_is_taken_times_its_interval() -> None:
    mapping, found = read(
        text_sheet(
            "Interval ending|Meter|Demand (W)", *(f"2024-01-01 {n:02}:30|A|{n}000" for n in range(1, 5))
        )
    )
    assert (mapping.kind, mapping.unit, mapping.stamp) == ("demand", "W", "end")
    assert shown(found)[0] == ("A", "01 Jan 00:30", 1.0)
    with pytest.raises(MappingRefused, match="how long an interval is"):
        read(text_sheet("Date|Meter|kW", "2024-01-01 00:00|A|3"))
    assert (
        shown(read(text_sheet("Date|Meter|kW", "2024-01-01 00:00|A|3"), interval_minutes=15)[1])[0][2] == 0.75
    )


def test_register_turns_over_and_is_changed() -> None:
    values = [99_990, 99_998, 5, 52, 3, 15, 20, 17, 25, 400, 33]
    sheet = text_sheet(
        "Zeit|Zähler|Zählerstand kWh", *(f"2024-01-{n:02}|A|{v}" for n, v in enumerate(values, 1))
    )
    mapping, found = read(sheet)
    assert mapping.kind == "register"
    assert [kwh for _, _, kwh in shown(found)] == [8, 7, 47, 12, 5, 5, 8]
    assert [(r.row, r.value, r.reason) for r in found.refused] == [
        (6, "3", "The register fell without having been full: a new meter begins here."),
        (9, "17", "The register reads less than before and after."),
        (11, "400", "The register reads more than after."),
    ]
    assert (found.rows_read, found.opening) == (10, 1)
    assert found.frame["seconds"].tolist()[-1] == 2 * 86400


def test_numbers_that_never_fall_are_a_register() -> None:
    sheet = text_sheet(
        "Date|Main kWh|Hall kWh", *(f"2024-01-01 {n:02}:00|{5000 + n * 3}|{90 + n / 4}" for n in range(20))
    )
    mapping, found = read(sheet)
    assert (mapping.kind, mapping.kind_from_numbers) == ("register", True)
    assert shown(found)[0] == ("Main", "01 Jan 00:00", 3.0)
    steady = text_sheet("Date|Main kWh", *(f"2024-01-01 {n:02}:00|{5 + n // 19}" for n in range(20)))
    assert infer_mapping(steady, BERLIN).kind == "energy"


def test_sums_below_a_register_say_nothing_of_it() -> None:
    newest_first = [f"2024-01-01 {n:02}:00|{5000 + n * 3}" for n in reversed(range(20))]
    for label in ("Summe", ""):
        mapping, found = read(text_sheet("Datum|Halle Wh", *newest_first, f"{label}|100570"))
        assert (mapping.kind, len(found.frame)) == ("register", 19)


def test_a_register_is_one_whatever_its_heading_says_and_growing_use_is_none() -> None:
    rows = (f"2024-01-01 {n:02}:00|{41350 + n * 12.5}" for n in range(20))
    mapping, found = read(text_sheet("Date|Consumption (kWh)", *rows))
    assert (mapping.kind, mapping.kind_from_numbers) == ("register", True)
    assert found.frame["consumption"].sum() == 19 * 12.5
    growing = (f"2024-01-{n + 1:02}|{20 + n * 0.7:.1f}" for n in range(30))
    mapping, found = read(text_sheet("Date|Daily consumption (kWh)", *growing))
    assert mapping.kind == "energy"
    assert len(found.frame) == 30


@pytest.mark.parametrize(
    ("dates", "day_first"),
    [
        (["01/02/2024 00:00", "13/02/2024 00:00"], True),
        (["02/01/2024 00:00", "02/13/2024 00:00"], False),
        (["01/02/2024 00:00", "02/02/2024 00:00"], None),
        (["01/02/2024 00:00", "01/02/2024 12:00", "02/02/2024 00:00", "02/02/2024 12:00"], True),
        (["02/01/2024 00:00", "02/01/2024 12:00", "02/02/2024 00:00", "02/02/2024 12:00"], False),
        (["01.02.2024 00:00", "02.02.2024 00:00"], True),
    ],
)
def test_the_whole_column_tells_day_from_month(dates: list[str], day_first: bool | None) -> None:
    sheet = text_sheet("Date|Meter|kWh", *(f"{date}|A|1" for date in dates))
    mapping = infer_mapping(sheet, BERLIN)
    assert mapping.day_first is day_first
    assert (find_problem(mapping) is not None) == (day_first is None)
    if day_first is None:
        with pytest.raises(MappingRefused, match="may begin with the day or with the month"):
            parse_sheet(sheet, mapping)
    assert len(parse_sheet(sheet, replace(mapping, day_first=day_first is not False)).frame) == len(dates)


def test_a_day_that_runs_to_midnight_has_its_ends_stamped() -> None:
    stamps = pd.date_range("2024-01-01 00:15", "2024-01-03", freq="15min").strftime("%Y-%m-%d %H:%M")
    mapping, found = read(text_sheet("Timestamp|Meter|kWh", *(f"{stamp}|A|1" for stamp in stamps)))
    assert mapping.stamp == "end"
    assert shown(found)[0][1] == "01 Jan 00:00"
    assert shown(found)[-1][1] == "02 Jan 23:45"


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("clock", ["start", "end", "end as start plus step"])
def test_repeated_and_missing_hour_keep_their_energy(clock: str, newest_first: bool) -> None:
    for start, hours in (("2023-10-28", 73), ("2024-03-30", 71)):
        true = pd.date_range(start, periods=hours, freq="h", tz=BERLIN)
        wall = {
            "start": true.tz_localize(None),
            "end": (true + pd.Timedelta(hours=1)).tz_localize(None),
            "end as start plus step": true.tz_localize(None) + pd.Timedelta(hours=1),
        }[clock]
        lines = [f"{time:%Y-%m-%d %H:%M}|A|{n}" for n, time in enumerate(wall)]
        header = "Start|Meter|Consumption kWh" if clock == "start" else "Interval end|Meter|Consumption kWh"
        _, found = read(text_sheet(header, *(reversed(lines) if newest_first else lines)))
        frame = found.frame.sort_values("date")
        assert frame["date"].tolist() == true.tz_convert("UTC").tolist()
        assert frame["consumption"].tolist() == list(range(hours))


def test_clock_without_summer_time_loses_no_energy() -> None:
    lines = [f"{time:%Y-%m-%d %H:%M}|A|1" for time in pd.date_range("2024-03-30", periods=72, freq="h")]
    _, found = read(text_sheet("Date|Meter|kWh", *lines))
    assert (len(found.frame), found.combined, found.frame["consumption"].sum()) == (71, 1, 72)


def test_months_are_uneven_and_days_follow_the_clocks() -> None:
    _, months = read(
        text_sheet("Monat|Verbrauch MWh", "Jan. 2024|1", "Feb. 2024|1", "März 2024|1", "April 2024|1")
    )
    assert (months.frame["seconds"] / 3600).tolist() == [31 * 24, 29 * 24, 31 * 24 - 1, 30 * 24]
    _, ends = read(text_sheet("Date|Meter|kWh", "31/01/2024|A|1", "29/02/2024|A|1", "31/03/2024|A|1"))
    assert [start for _, start, _ in shown(ends)] == ["01 Jan 00:00", "01 Feb 00:00", "01 Mar 00:00"]


def test_rows_that_are_no_readings_are_refused_by_name() -> None:
    mapping, found = read(
        text_sheet(
            "Date|Device|Consumption (kWh)",
            "soon|A|1",
            "2024-01-01 00:00|A|1.5",
            "2024-01-01 01:00||1",
            "2024-01-01 02:00|A|offline",
            "2024-01-01 03:00|A|",
            "",
            "2024-01-01 00:00|A|1.5",
            "2024-01-01 00:00|A|2",
            "2024-01-01 04:00|A|1,5",
        )
    )
    assert mapping.header == 0
    assert [(r.row, r.column, r.value, r.reason) for r in found.refused] == [
        (2, "Date", "soon", "This is no date."),
        (4, "Device", "", "The device is missing."),
        (5, "Consumption (kWh)", "offline", "This is no number of kWh."),
        (6, "Consumption (kWh)", "", "The consumption is missing."),
        (9, "Consumption (kWh)", "2", "Row 3 has another value for this device and time."),
        (10, "Consumption (kWh)", "1,5", "This is no number of kWh."),
    ]
    assert (found.rows_read, len(found.frame), found.repeated) == (8, 1, 1)


def test_names_without_end_are_refused() -> None:
    endless, longest = "Hall " * 60, "x" * LONGEST
    _, found = read(
        text_sheet(
            "Date|Device|Category|Consumption (kWh)",
            f"2024-01-01 00:00|{longest}|Light|1",
            f"2024-01-01 01:00|{endless}|Light|1",
            f"2024-01-01 02:00|A|{endless}|1",
        )
    )
    assert list(found.frame["device"]) == [longest]
    reason = "“Hall Hall Hall Hall Hall Hall …” has 299 characters, and a name at most 255. Shorten it."
    assert [(r.row, r.column, r.reason) for r in found.refused] == [
        (3, "Device", reason),
        (4, "Category", reason),
    ]
    assert found.rows_read == 3
    with pytest.raises(MappingRefused, match="has 299 characters"):
        read(text_sheet(f"Date|{endless}|B", "2024-01-01 00:00|1|1", "2024-01-01 01:00|1|1"))


def test_row_a_day_is_read_by_the_hour() -> None:
    hours = [f"{hour:02}:00" for hour in range(1, 25)]
    mapping, found = read(
        text_sheet(
            "|".join(["Tag", "Zähler", *hours, "Summe"]),
            "|".join(["01.02.2024", "A", *["1,5"] * 24, "36,0"]),
            "|".join(["02.02.2024", "A", *["1,5"] * 22, "", "Ausfall", "33,0"]),
            "|".join(["03.02.2024", "", *["1,5"] * 24, "36,0"]),
        )
    )
    assert (mapping.layout, mapping.map.device, mapping.meters) == ("hours", "Zähler", tuple(hours))
    assert shown(found)[:2] == [("A", "01 Feb 00:00", 1.5), ("A", "01 Feb 01:00", 1.5)]
    assert shown(found)[-1] == ("A", "02 Feb 21:00", 1.5)
    assert [(r.row, r.column, r.value, r.reason) for r in found.refused] == [
        (3, "24:00", "Ausfall", "This is no number of kWh."),
        (4, "Zähler", "", "The device is missing."),
    ]


def test_columns_are_told_by_heading_and_content() -> None:
    mapping = infer_mapping(
        text_sheet(
            "Von|Bis|Zähler|Gebäude|Außentemperatur|Kosten EUR|Stromverbrauch in kWh|Bemerkung",
            "13.01.2024 00:00|13.01.2024 01:00|A|Nord|3,5|0,4|1,5|",
            "13.01.2024 01:00|13.01.2024 02:00|A|Nord|3,5|0,4|1,5|geschätzt",
        ),
        BERLIN,
    )
    assert mapping.map == ColumnMap(
        date="Von",
        device="Zähler",
        location="Gebäude",
        consumption="Stromverbrauch in kWh",
        notes="Bemerkung",
    )
    assert mapping.stamp == "start"


def test_use_that_rises_evenly_is_no_register() -> None:
    days = (f"2024-01-{n + 1:02}|{100 + n}" for n in range(28))
    mapping, found = read(text_sheet("Date|kWh", *days))
    assert (mapping.kind, len(found.frame), found.frame["consumption"].sum()) == ("energy", 28, 3178)
    months = (f"2023-{n + 1:02}-01|{1000 + n}" for n in range(12))
    assert infer_mapping(text_sheet("Month|Consumption (kWh)", *months), BERLIN).kind == "energy"


def test_a_name_in_merged_cells_is_that_of_all_their_rows() -> None:
    lines = [f"{name if n == 1 else ''}|2024-01-0{n}|{n}" for name in ("Lift", "Hall") for n in range(1, 5)]
    _, found = read(text_sheet("Meter|Date|kWh", *lines))
    assert found.frame.groupby("device")["consumption"].sum().to_dict() == {"Hall": 10, "Lift": 10}
    again = [line.replace("2024-01-04", "2024-01-03") for line in lines]
    assert len(read(text_sheet("Meter|Date|kWh", *again))[1].refused) == 6


def test_accounts_write_what_is_below_zero_in_parentheses() -> None:
    _, found = read(text_sheet("Date|Meter|kWh", "2024-01-01|Net|(1,066.04)", "2024-01-02|Net|79.04"))
    assert found.frame["consumption"].tolist() == [-1066.04, 79.04]


def test_numbers_of_meters_that_lost_their_digits_are_refused() -> None:
    sheet = text_sheet("Date|EAN|kWh", *(f"2024-01-0{n}|5.41449E+17|{n}" for n in range(1, 9)))
    with pytest.raises(MappingRefused, match="last digits are lost"):
        read(sheet)


def test_sheets_that_hold_no_readings_are_told_apart() -> None:
    prose = text_sheet("Legend", "kWh|energy", "kW|demand")
    assert not looks_like_readings(infer_mapping(prose, BERLIN))
    readings = text_sheet("2024-01-01 00:00|A|1", "2024-01-01 01:00|A|2")
    mapping, found = read(readings)
    assert looks_like_readings(mapping)
    assert (mapping.header_rows, len(found.frame)) == (0, 2)


def test_layout_is_that_of_the_headings() -> None:
    january = text_sheet("Date|Meter|kWh", "2024-01-13|A|1")
    february = text_sheet("Report||", "Date|Meter|kWh", "2024-02-13|B|2", "2024-02-14|B|2")
    other = text_sheet("Date|Meter|MWh", "2024-01-13|A|1")
    prints = [layout_fingerprint(sheet, infer_mapping(sheet, BERLIN)) for sheet in (january, february, other)]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"map": ColumnMap(device="Meter", consumption="kWh")}, "has no column of dates"),
        ({"map": ColumnMap(date="Date", device="Meter")}, "has no column of consumption"),
        ({"map": ColumnMap(date="Date", device="Gerät", consumption="kWh")}, "has no column “Gerät”"),
        ({"map": ColumnMap(date="Meter", consumption="kWh")}, "has no dates in column “Meter”"),
        ({"timezone": "Mars/Olympus"}, "no time zone “Mars/Olympus”"),
        ({"layout": "wide"}, "has no column of meters"),
    ],
)
def test_what_somebody_must_say_is_said(said: dict[str, object], sentence: str) -> None:
    with pytest.raises(MappingRefused, match=sentence):
        read(text_sheet("Date|Meter|kWh", "2024-01-13|A|1"), **said)
