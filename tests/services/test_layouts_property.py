"""Tables of readings written in every layout, unit, language and format come back as the same readings.

LOADLENS_CASES sets how many tables are tried.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.readings.mapping import find_problem, infer_mapping
from services.readings.parsing import parse_sheet
from services.sheets.sources import Sheet

CASES = int(os.environ.get("LOADLENS_CASES", "200"))

WORDS = {  # date, time, device, energy, demand, register, end, total
    "en": ("Date", "Time", "Meter", "Consumption", "Demand", "Meter reading", "Interval ending", "Total"),
    "de": ("Datum", "Uhrzeit", "Zähler", "Verbrauch", "Leistung", "Zählerstand", "Ende", "Summe"),
    "fr": ("Date", "Heure", "Compteur", "Consommation", "Puissance", "Index", "Fin", "Total général"),
    "es": ("Fecha", "Hora", "Contador", "Consumo", "Potencia", "Lectura", "Hasta", "Suma"),
    "it": ("Data", "Ora", "Contatore", "Consumo", "Potenza", "Lettura", "Fine", "Totale"),
    "nl": ("Datum", "Tijd", "Meter", "Verbruik", "Vermogen", "Meterstand", "Tot", "Totaal"),
    "tr": ("Tarih", "Saat", "Sayaç", "Tüketim", "Güç", "Endeks", "Bitiş", "Toplam"),
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
KWH = {"Wh": 1e-3, "kWh": 1.0, "MWh": 1e3, "W": 1e-3, "kW": 1.0, "MW": 1e3}
FORMATS = (
    "cell", "utc cell", "serial", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "offset", "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d-%m-%y %H:%M", "%d.%m.%y %H:%M:%S", "name",
    "%Y%m%d%H%M", "24:00",
)  # fmt: skip
STARTS = ("2024-03-30", "2023-10-28", "2024-01-01", "2024-02-28", "2023-11-04", "2024-03-09", "2024-12-31")


@dataclass(frozen=True)
class Style:
    language: str
    layout: str
    kind: str
    scale: str
    decimals: int
    marks: tuple[str, str]
    numbers_as_text: bool
    form: str
    two_columns: bool
    stamp: str
    newest_first: bool
    titles: int
    total: bool
    blank_column: bool
    two_lines: bool
    epoch_1904: bool
    turns_over: bool
    wordless: bool


STYLES = st.builds(
    Style,
    language=st.sampled_from(sorted(WORDS)),
    layout=st.sampled_from(["long", "wide"]),
    kind=st.sampled_from(["energy", "demand", "register"]),
    scale=st.sampled_from(["", "k", "M"]),
    decimals=st.integers(0, 4),
    marks=st.sampled_from(
        [(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (",", "\u202f"), (".", "'")]
    ),
    numbers_as_text=st.booleans(),
    form=st.sampled_from(FORMATS),
    two_columns=st.booleans(),
    stamp=st.sampled_from(["start", "end"]),
    newest_first=st.booleans(),
    titles=st.integers(0, 3),
    total=st.booleans(),
    blank_column=st.booleans(),
    two_lines=st.booleans(),
    epoch_1904=st.booleans(),
    turns_over=st.booleans(),
    wordless=st.booleans(),
)


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    style=STYLES,
    zone=st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "UTC", "Asia/Kolkata"]),
    start=st.sampled_from(STARTS),
    step=st.sampled_from(["1min", "15min", "30min", "h", "D", "MS"]),
    count=st.integers(2, 110),
    meters=st.lists(
        st.sampled_from(["Building 2", "Halle 3", "Sayaç Ö", "Pompe à chaleur", "Line W-7", "M1"]),
        min_size=1, max_size=4, unique=True,
    ),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_every_layout_comes_back_as_the_same_readings(
    style: Style, zone: str, start: str, step: str, count: int, meters: list[str], seed: int
) -> None:
    edges = pd.date_range(start, periods=count + 1, freq=step, tz=zone)
    raw, truth = invented(style, meters, edges, np.random.default_rng(seed))
    sheet = written(style, meters, edges, raw)
    mapping = infer_mapping(sheet, zone)
    if mapping.day_first is None:
        assert "/" in style.form or "-" in style.form
        assert find_problem(mapping) is not None
        mapping = replace(mapping, day_first=style.form.startswith("%d"))
    found = parse_sheet(sheet, mapping)
    assert not found.refused, mapping
    assert found.totals == shows_total(style)
    wanted = truth.sort_values(["device", "date"], ignore_index=True)
    got = found.frame.sort_values(["device", "date"], ignore_index=True)
    assert got["device"].tolist() == wanted["device"].tolist(), mapping
    assert got["date"].tolist() == wanted["date"].tolist(), mapping
    assert got["seconds"].tolist() == wanted["seconds"].tolist(), mapping
    assert got["consumption"].tolist() == pytest.approx(wanted["consumption"].tolist(), rel=1e-9, abs=1e-5), (
        mapping
    )


HEADINGS = ("starts", "ends", "spans", "from 0", "from 1", "words", "autumn's too")


@settings(max_examples=CASES // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    style=STYLES,
    zone=st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "UTC", "Asia/Kolkata"]),
    start=st.sampled_from(STARTS),
    per_day=st.sampled_from([24, 48, 96]),
    days=st.integers(2, 40),
    headings=st.sampled_from(HEADINGS),
    meters=st.lists(st.sampled_from(["Halle 3", "Line W-7", "M1"]), min_size=1, max_size=3, unique=True),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_a_row_a_day_comes_back_as_the_same_readings(
    style: Style, zone: str, start: str, per_day: int, days: int, headings: str, meters: list[str], seed: int
) -> None:
    zone = zone if headings == "autumn's too" else "Asia/Kolkata"
    style = replace(style, kind="energy", two_columns=False, stamp="start", two_lines=False, total=False)
    minutes = 1440 // per_day
    shown = pd.date_range(start, periods=days, freq="D")
    rng, columns = np.random.default_rng(seed), per_day + (per_day // 24 if headings == "autumn's too" else 0)
    midnights = pd.date_range(start, periods=days + 1, freq="D", tz=zone)
    there = ((midnights[1:] - midnights[:-1]) // pd.Timedelta(minutes=minutes)).to_numpy()
    values = np.round(rng.random((days * len(meters), columns)) * 3000, style.decimals)
    filled = np.arange(columns) < np.repeat(there, len(meters))[:, None]
    dates = text(shown.strftime("%Y-%m-%d")).repeat(len(meters))
    word = WORDS[style.language]
    table = [("", word[0], dates), ("", word[2], text(meters * days))]
    for number in range(columns):
        cells = numbers(style, values[:, number]).where(filled[:, number])
        table.append(("", heading(headings, number, minutes, word[1]), cells))
    mapping = infer_mapping(sheet(style, word[7], table), zone)
    assert mapping.layout == "hours", mapping
    found = parse_sheet(sheet(style, word[7], table), mapping)
    assert not found.refused, mapping
    row, column = np.nonzero(filled)
    began = midnights.tz_convert("UTC").take(row // len(meters)) + pd.to_timedelta(
        column * minutes, unit="min"
    )
    wanted = pd.DataFrame(
        {"device": np.array(meters)[row % len(meters)], "date": began, "kWh": values[row, column]}
    )
    wanted = wanted.sort_values(["device", "date"], ignore_index=True)
    got = found.frame.sort_values(["device", "date"], ignore_index=True)
    assert got["device"].tolist() == wanted["device"].tolist(), mapping
    assert got["date"].tolist() == wanted["date"].tolist(), mapping
    assert set(got["seconds"]) == {minutes * 60}, mapping
    assert got["consumption"].tolist() == pytest.approx(wanted["kWh"].tolist()), mapping


def heading(headings: str, number: int, minutes: int, hour: str) -> str:
    begins, ends = (f"{m // 60:02}:{m % 60:02}" for m in (number * minutes, (number + 1) * minutes))
    return {
        "starts": begins,
        "ends": ends,
        "spans": f"{begins}-{ends}",
        "from 0": str(number),
        "from 1": f"{number + 1} [kWh]",
        "words": f"H{number + 1:02}",
        "autumn's too": f"H{number + 1}",
    }[headings]


def unit(style: Style) -> str:
    return f"{style.scale}W" + ("" if style.kind == "demand" else "h")


def invented(
    style: Style, meters: list[str], edges: pd.DatetimeIndex, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], pd.DataFrame]:
    """What the sheet says of each meter, in its unit, and the readings that it comes to."""
    seconds = np.diff(edges.asi8 // 10 ** (9 if edges.unit == "ns" else 6))
    raw, frames = {}, []
    for meter in meters:
        values = np.round(rng.random(len(seconds)) * 3000, style.decimals)
        values[0] = 7.0
        kwh = values * KWH[unit(style)]
        if style.kind == "demand":
            kwh = kwh * seconds / 3600
        said = values
        if style.kind == "register":
            limit = 10.0**7
            opening = limit - 100 if style.turns_over else 1_234_567.0
            said = np.round((opening + np.concatenate([[0], values.cumsum()])) % limit, style.decimals)
        raw[meter] = said
        frames.append(
            pd.DataFrame(
                {
                    "device": meter,
                    "date": edges[:-1].tz_convert("UTC"),
                    "consumption": kwh,
                    "seconds": seconds,
                }
            )
        )
    return raw, pd.concat(frames)


def shows_total(style: Style) -> bool:
    return style.total and (style.layout == "long" or style.form not in {"cell", "utc cell", "serial"})


def written(style: Style, meters: list[str], edges: pd.DatetimeIndex, raw: dict[str, np.ndarray]) -> Sheet:
    word = WORDS[style.language]
    ends = style.stamp == "end" and style.kind != "register"
    times = edges if style.kind == "register" else edges[1:] if ends else edges[:-1]
    quantity = {"energy": word[3], "demand": word[4], "register": word[5]}[style.kind]
    value_header = f"{quantity} ({unit(style)})"
    if style.wordless and (style.kind != "register" or (len(times) > 15 and not style.turns_over)):
        value_header = unit(style)
    dates, clock = date_columns(style, times, ends)
    columns: list[tuple[str, str, pd.Series]] = []
    repeat = len(meters) if style.layout == "long" else 1
    for header, column in ((word[0] if clock is not None or not ends else f"{word[0]} {word[6]}", dates),
                           (word[6] if ends else word[1], clock)):  # fmt: skip
        if column is not None:
            columns.append(("", header, column.repeat(repeat)))
    if style.blank_column:
        columns.append(("", "", text([""] * len(times) * repeat)))
    if style.layout == "long":
        columns.append(("", word[2], text(meters * len(times))))
        together = np.stack([raw[meter] for meter in meters], axis=1).ravel()
        columns.append(("", value_header, numbers(style, together)))
    else:
        for meter in meters:
            name = ("", f"{meter} {value_header}") if not style.two_lines else (meter, value_header)
            columns.append((*name, numbers(style, raw[meter])))
    return sheet(style, word[7], columns)


def date_columns(style: Style, times: pd.DatetimeIndex, ends: bool) -> tuple[pd.Series, pd.Series | None]:
    local = times.tz_localize(None)
    if style.form == "utc cell":
        return pd.Series(times.tz_convert("UTC").as_unit("us")), None
    if style.form == "offset":
        return text([time.isoformat() for time in times]), None
    if style.form in {"cell", "serial"}:
        return cell_columns(style, local)
    return text_columns(style, local, ends)


def cell_columns(style: Style, local: pd.DatetimeIndex) -> tuple[pd.Series, pd.Series | None]:
    days = pd.Series((local.normalize() if style.two_columns else local).as_unit("us"))
    part = pd.Series((local - local.normalize()).total_seconds() / 86400)
    if style.form == "serial":
        epoch = pd.Timestamp("1904-01-01" if style.epoch_1904 else "1899-12-30")
        days = (days - epoch).dt.total_seconds() / 86400
    return days, part if style.two_columns else None


def text_columns(style: Style, local: pd.DatetimeIndex, ends: bool) -> tuple[pd.Series, pd.Series | None]:
    form = style.form
    midnight = local == local.normalize()
    if form == "24:00" and ends:
        days = local.normalize() - pd.to_timedelta(midnight.astype(int), unit="D")
        clocks = np.where(midnight, "24:00", local.strftime("%H:%M"))
        if style.two_columns:
            return text(days.strftime("%d.%m.%Y")), text(clocks)
        return text([f"{day:%d.%m.%Y} {clock}" for day, clock in zip(days, clocks, strict=True)]), None
    if form == "24:00":
        form = "%Y-%m-%d %H:%M"
    parted = style.two_columns and form not in {"%Y%m%d%H%M", "%Y-%m-%dT%H:%M:%S"}
    if form == "name":
        names = MONTHS[style.language].split()
        day = [f"{time.day} {names[time.month - 1]} {time.year}" for time in local]
        rest = "%H:%M"
    else:
        first, _, rest = form.partition("T" if "T" in form else " ")
        day = list(local.strftime(first))
        if not rest:
            return text(day), None
    clocks = list(local.strftime(rest))
    if parted:
        return text(day), text(clocks)
    between = "T" if "T" in form else " "
    return text([day + between + clock for day, clock in zip(day, clocks, strict=True)]), None


def text(cells: object) -> pd.Series:
    column = pd.Series(cells, dtype="str")
    return column.where(column != "")


def numbers(style: Style, values: np.ndarray) -> pd.Series:
    if not style.numbers_as_text:
        return pd.Series(values)
    decimal, thousands = style.marks
    swap = {",": "\0", ".": decimal}
    shown = (f"{value:,.{style.decimals}f}" for value in values)
    return text(["".join(swap.get(c, c) for c in cell).replace("\0", thousands) for cell in shown])


def sheet(style: Style, total: str, columns: list[tuple[str, str, pd.Series]]) -> Sheet:
    """The columns below title lines and header, typed as a file's reader types them."""
    if style.newest_first:
        columns = [(above, name, column.iloc[::-1]) for above, name, column in columns]
    columns = [(above, name, column.reset_index(drop=True)) for above, name, column in columns]
    if shows_total(style):
        texts = [
            n for n, (_, _, column) in enumerate(columns) if column.dtype == "str" and column.notna().any()
        ]
        columns = [
            (above, name, with_total(column, total if n == texts[0] else None, n < 2 and "W" not in name))
            for n, (above, name, column) in enumerate(columns)
        ]
    lines: list[list[str | None]] = [
        ["Load profile report" if line == 0 else None, *[None] * (len(columns) - 1)]
        for line in range(style.titles)
    ]
    if style.two_lines and any(above for above, _, _ in columns):
        lines.append([above or None for above, _, _ in columns])
    lines.append([name or None for _, name, _ in columns])
    frame = pd.DataFrame({position: column for position, (_, _, column) in enumerate(columns)})
    cells = frame.head(60).astype("object")
    shown = cells.where(cells.notna(), None).to_numpy().tolist()
    head = [*lines, *[[None if c is None else str(c) for c in row] for row in shown]][:60]

    def body(first: int, progress: object = None) -> pd.DataFrame:
        assert first >= len(lines), "the header was looked for too far up"
        return frame.iloc[first - len(lines) :].reset_index(drop=True)

    return Sheet(Path("export.xlsx"), "Sheet1", head, len(lines) + len(frame), style.epoch_1904, body)


def with_total(column: pd.Series, label: str | None, is_time: bool) -> pd.Series:
    """A column with the cell of a row of sums at its end."""
    if label is not None:
        return text([*column.fillna(""), label])
    if pd.api.types.is_float_dtype(column):
        summed = np.nan if is_time else column.sum()
        return pd.concat([column, pd.Series([summed])], ignore_index=True)
    missing = "" if pd.api.types.is_string_dtype(column) else pd.NaT
    return (
        text([*column.fillna(""), ""])
        if missing == ""
        else pd.concat([column, pd.Series([missing], dtype=column.dtype)], ignore_index=True)
    )
