"""Formats that say of each reading whose it is, which way it flowed and in what unit, as plain rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.readers.formats import open_file
from services.readers.sheet import FileRefused

Rows = dict[str, list[object]]


def rows_of(path: Path) -> list[dict[str, object]]:
    """All rows of all sheets by heading."""
    found: list[dict[str, object]] = []
    for sheet in open_file(path, counted=True):
        table = sheet.body(1).rename_columns(sheet.head[0])
        assert len(table) == sheet.rows - 1
        found += table.to_pylist()
    return found


def totals(path: Path) -> Rows:
    """Direction, unit, total and number of readings by meter."""
    found: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows_of(path):
        found[str(row["Meter"])].append(row)
    return {
        meter: [
            rows[0].get("Direction"),
            rows[0].get("Unit"),
            round(sum(float(str(row["Value"])) for row in rows), 6),
            len(rows),
        ]
        for meter, rows in found.items()
    }


def left_out(path: Path) -> list[tuple[str, str]]:
    return [(left.name, left.why) for sheet in open_file(path, counted=True) for left in sheet.left_out]


def nem12(*blocks: str) -> str:
    return "\n".join(["100,NEM12,200601010000,MDP1,RET1", *blocks, "900"]) + "\n"


def stream(suffix: str, unit: str, minutes: int, *days: str, nmi: str = "6001234567") -> str:
    return "\n".join([f"200,{nmi},E1B1,{suffix},{suffix},N1,12345,{unit},{minutes},20250401", *days])


def day(date: str, values: Sequence[object], quality: str = "A", updated: str = "20250305010101") -> str:
    return ",".join(["300", date, *map(str, values), quality, "", "", updated, ""])


def test_nem12_tells_streams_apart_and_leaves_out_what_is_no_energy(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(
        nem12(
            stream("E1", "kWh", 5, day("20250701", [0.5] * 288)),
            stream("E2", "WH", 30, day("20250701", [100] * 48)),
            stream("B1", "KWH", 15, day("20250701", [0.25] * 96)),
            stream("F1", "KWH", 5, day("20250701", [0.5] * 288)),
            stream("Q1", "KVARH", 5, day("20250701", [9] * 288)),
            stream("X1", "KWH", 5, day("20250701", [9] * 288)),
            stream("E1", "MWH", 30, day("20250701", [1] * 48), nmi="NAAA001234"),
        )
    )
    assert totals(path) == {
        "6001234567 E1": ["consumption", "kWh", 144.0, 288],
        "6001234567 E2": ["consumption", "Wh", 4800.0, 48],
        "6001234567 B1": ["export", "kWh", 24.0, 96],
        "NAAA001234 E1": ["consumption", "MWh", 48.0, 48],
    }
    assert left_out(path) == [
        ("6001234567 F1", "beside"),
        ("6001234567 X1", "direction"),
        ("6001234567 Q1", "unit"),
    ]
    assert rows_of(path)[0]["Start"] == datetime(2025, 6, 30, 14, tzinfo=UTC)
    assert rows_of(path)[0]["Interval"] == 300.0


def test_nem12_knows_what_was_measured_and_which_day_holds(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(
        nem12(
            stream(
                "E1",
                "KWH",
                30,
                day("20250701", [1] * 48, updated="20250702000000"),
                day("20250701", [2] * 48, "S14", "20250709000000"),
                day("20250702", [1] * 48, "V"),
                "400,1,20,A,,",
                "400,21,40,E52,,",
                "400,41,48,N,,",
                day("20250703", [""] * 48, "N"),
            )
        )
    )
    assert totals(path) == {"6001234567 E1": ["consumption", "kWh", 96.0 + 40, 48 + 40]}
    quality = [row["Quality"] for row in rows_of(path)]
    assert (quality.count("estimated"), quality.count("actual")) == (48 + 20, 20)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((day("20250701", [1] * 48),), "line 2.*before the line that names their meter"),
        ((stream("E1", "KWH", 30, day("20250701", [1] * 47)),), "line 3.*48 values and their quality"),
        ((stream("E1", "KWH", 30, day("20250701", ["x"] * 48)),), "line 3.*could not convert"),
        ((stream("E1", "KWH", 7),), "line 2.*7 minutes"),
        ((stream("E1", "KWH", 30, day("20251301", [1] * 48)),), "line 3.*is no time"),
        ((stream("E1", "KWH", 30, "300,2025"),), "line 3"),
        ((stream("Q1", "KVARH", 30, day("20250701", [1] * 48)),), "without readings of energy"),
    ],
)
def test_nem12_that_is_unsound_is_refused_by_its_line(
    tmp_path: Path, lines: Sequence[str], said: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(nem12(*lines))
    with pytest.raises(FileRefused, match=said):
        rows_of(path)


def test_nem13_gives_what_was_used_between_two_reads(tmp_path: Path) -> None:
    path = tmp_path / "reads.csv"
    reads = "250,{nmi},1141,01,{suffix},{suffix},SER1,{way},{before},{began},A,,,{after},{ended},{quality},,,"
    rest = "{used},{unit},20250401,20250110100333,"
    line = reads + rest
    first = {"nmi": "6001234567", "before": 100, "after": 350.5, "used": 250.5, "unit": "KWH"}
    span = {"began": "20240101081500", "ended": "20240401081500", "quality": "A"}
    path.write_text(
        "\n".join(
            [
                "100,NEM13,202501101030,MDA1,Ret1",
                line.format(**first, **span, suffix="11", way="E"),
                line.format(**first, **span, suffix="61", way="I"),
                line.format(**first, **{**span, "quality": "N"}, suffix="41", way="E"),
                line.format(**{**first, "unit": "KVARH"}, **span, suffix="71", way="E"),
                "900",
            ]
        )
    )
    assert totals(path) == {
        "6001234567 11": ["consumption", "kWh", 250.5, 1],
        "6001234567 61": ["export", "kWh", 250.5, 1],
    }
    assert rows_of(path)[0]["Start"] == datetime(2023, 12, 31, 22, 15, tzinfo=UTC)
    assert rows_of(path)[0]["Interval"] == 91 * 86400.0
    assert left_out(path) == [("6001234567 71", "unit")]


def mscons(*segments: str, una: str = "UNA:+.? '") -> str:
    head = ["UNB+UNOC:3+1:500+2:500+250403:0600+42++TL", "UNH+1+MSCONS:D:04B:UN:2.4c", "BGM+7+42+9"]
    return una + "'".join(
        [*head, "DTM+137:202504030600?+00:303", "UNS+D", *segments, "UNT+9+1", "UNZ+1+42", ""]
    )


def register(meter: str, code: str, *values: str) -> list[str]:
    return [
        "NAD+DP",
        f"LOC+172+{meter}",
        "DTM+163:202504010000?+00:303",
        "LIN+1",
        f"PIA+5+{code}:SRW",
        *values,
    ]


def interval(value: str, hour: int, qualifier: str = "220", minutes: int = 15) -> str:
    return (
        f"QTY+{qualifier}:{value}'DTM+163:20250401{hour:02}00?+02:303'"
        f"DTM+164:20250401{hour:02}{minutes}?+02:303"
    )


def test_mscons_tells_registers_apart_by_their_codes(tmp_path: Path) -> None:
    path = tmp_path / "lastgang.txt"
    segments = [
        *register("DE01", "1-1?:1.29.0", interval("1.5", 0), interval("2", 1, "67"), interval("99", 2, "20")),
        *register("DE01", "1-1?:2.29.0", interval("0.25:KWH", 0)),
        *register("DE01", "1-1?:3.29.0", interval("7", 0)),
        *register("DE01", "1-1?:1.6.0", interval("40:KWT", 0)),
        *register("DE02", "1-1?:1.8.1", interval("10", 0)),
        *register("DE02", "1-1?:1.8.2", interval("20", 0)),
        *register("DE03", "1-1?:1.8.1", interval("10", 0)),
        *register("DE03", "1-1?:1.8.2", interval("20", 0)),
        *register("DE03", "1-1?:1.8.0", interval("30", 0)),
        *register("DE04", "7-20?:3.0.0", interval("12:MTQ", 0)),
        *register("DE05", "1-1?:1.8.0", "QTY+220:1234'DTM+7:202504010000?+00:303"),
    ]
    path.write_text(mscons(*segments))
    assert totals(path) == {
        "DE01": ["consumption", "kWh", 3.5, 2],
        "DE01 1-1:2.29.0": ["export", "kWh", 0.25, 1],
        "DE02 1-1:1.8.1": ["consumption", "kWh", 10.0, 1],
        "DE02 1-1:1.8.2": ["consumption", "kWh", 20.0, 1],
        "DE03": ["consumption", "kWh", 30.0, 1],
        "DE04": ["consumption", "m3", 12.0, 1],
        "DE05": ["consumption", "kWh", 1234.0, 1],
    }
    rows = {str(row["Meter"]): row for row in reversed(rows_of(path))}
    assert rows["DE01"]["Start"] == datetime(2025, 3, 31, 22, tzinfo=UTC)
    assert (rows["DE01"]["Interval"], rows["DE05"]["Kind"]) == (900.0, "register")
    assert dict(left_out(path)) == {
        "DE01 1-1:3.29.0": "unit",
        "DE01 1-1:1.6.0": "unit",
        "DE03 1-1:1.8.1": "beside",
        "DE03 1-1:1.8.2": "beside",
    }


def test_mscons_with_other_marks_and_wall_times(tmp_path: Path) -> None:
    path = tmp_path / "mscons.edi"
    value = "QTY+220:1,5'DTM+163:20250401:102'DTM+164:20250501:102"
    path.write_text(mscons(*register("DE01", "1-1?:1.9.0", value), una="UNA:+,? '"))
    [row] = rows_of(path)
    assert (row["Value"], row["Start"], row["Interval"]) == (1.5, datetime(2025, 4, 1), 30 * 86400.0)
    path.write_text(mscons(*register("DE01", "1-1?:1.29.0", interval("1.5.2", 0))))
    with pytest.raises(FileRefused, match="cannot be read as an MSCONS message"):
        rows_of(path)


def feed(*entries: str) -> str:
    return f'<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:b="http://naesb.org/espi">{"".join(entries)}</a:feed>'


def entry(own: str, up: str, content: str, *related: str) -> str:
    links = "".join(f'<a:link rel="related" href="{link}"/>' for link in related)
    return (
        f'<a:entry><a:link rel="self" href="{own}"/><a:link rel="up" href="{up}"/>{links}'
        f"<a:title>{own}</a:title><a:content>{content}</a:content></a:entry>"
    )


def point(own: str, service: int) -> str:
    kind = f"<b:UsagePoint><b:ServiceCategory><b:kind>{service}</b:kind></b:ServiceCategory></b:UsagePoint>"
    return entry(own, "U", kind, f"{own}/M")


def meter(own: str, values: Sequence[int], step: int = 3600, start: int = 1752465600, **kind: object) -> str:
    """A MeterReading, its type and its readings."""
    readings = "".join(
        f"<b:IntervalReading><b:cost>77</b:cost><b:timePeriod><b:duration>{step}</b:duration>"
        f"<b:start>{start + n * step}</b:start></b:timePeriod><b:value>{value}</b:value></b:IntervalReading>"
        for n, value in enumerate(values)
    )
    said = "".join(f"<b:{name}>{value}</b:{name}>" for name, value in kind.items())
    return "".join(
        [
            entry(f"{own}/I/1", f"{own}/I", f"<b:IntervalBlock>{readings}</b:IntervalBlock>"),
            entry(own, own.rpartition("/")[0], "<b:MeterReading/>", f"T{own}"),
            entry(f"T{own}", "T", f"<b:ReadingType>{said}</b:ReadingType>"),
        ]
    )


def test_green_button_knows_directions_units_and_what_is_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "usage.xml"
    wh = {"uom": 72, "powerOfTenMultiplier": 1}
    path.write_text(
        feed(
            point("U/1", 0),
            meter("U/1/M/1", [5] * 48, **wh, flowDirection=1),
            meter("U/1/M/2", [3] * 48, **wh, flowDirection=19),
            meter("U/1/M/3", [2] * 48, **wh, flowDirection=4),
            meter("U/1/M/4", [120] * 3, 86400, 1752465600 - 86400, **wh, flowDirection=1),
            meter("U/1/M/5", [9] * 48, uom=38, flowDirection=1),
            meter("U/1/M/6", [9] * 48, uom=73, flowDirection=15),
            point("U/2", 1),
            meter("U/2/M/7", [4] * 3, 86400, uom=119, powerOfTenMultiplier=2, flowDirection=1, commodity=7),
            point("U/3", 0),
            meter("U/3/M/8", [5, -2, 0], uom=72, flowDirection=4),
            point("U/4", 0),
            meter("U/4/M/9", [500, 300], 900, uom=38, flowDirection=1),
            point("U/5", 2),
            meter("U/5/M/10", [7], 86400, uom=128),
        )
    )
    found = totals(path)
    assert found == {
        "U/1 – U/1/M/1": ["consumption", "Wh", 2400.0, 48],
        "U/1 – U/1/M/2": ["export", "Wh", 1440.0, 48],
        "U/1 – U/1/M/4": ["consumption", "Wh", 1200.0, 1],
        "U/2": ["consumption", "ft3", 1200.0, 3],
        "U/3": ["consumption", "Wh", 5.0, 3],
        "U/3 (export)": ["export", "Wh", 2.0, 3],
        "U/4": ["consumption", "W", 800.0, 2],
        "U/5": [None, "gal", 7.0, 1],
    }
    net = [(row["Direction"], row["Value"]) for row in rows_of(path) if str(row["Meter"]).startswith("U/3")]
    assert net == [("consumption", v) for v in (5, 0, 0)] + [("export", v) for v in (0, 2, 0)]
    assert {row["Meter"]: row["Utility"] for row in rows_of(path)} == {
        **dict.fromkeys(found, "electricity"),
        "U/2": "gas",
        "U/5": "water",
    }
    assert left_out(path) == [
        ("U/1 – U/1/M/6", "unit"),
        ("U/1 – U/1/M/3", "beside"),
        ("U/1 – U/1/M/5", "beside"),
    ]


def test_green_button_does_not_guess_whose_readings_are(tmp_path: Path) -> None:
    path = tmp_path / "usage.xml"
    content = meter("U/1/M/1", [5], uom=72) + meter("U/1/M/2", [5], uom=72)
    path.write_text(feed(point("U/1", 0), content.replace('href="U/1/M/2/I"', 'href="elsewhere"')))
    with pytest.raises(FileRefused, match="no link says which MeterReading of 2"):
        rows_of(path)
