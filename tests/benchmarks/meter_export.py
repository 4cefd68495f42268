"""A workbook of hourly readings of many meters, as a metering system exports it: by time, then by meter."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

HEADER = ("Date", "Device", "Consumption (kWh)", "Category", "Location")
FIRST_DAY = 45292
"""1 January 2024, counted as spreadsheets do."""

OPENING = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KINDS}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def write(path: Path, meters: int, hours: int, seed: int = 0) -> None:
    """A workbook of ``meters`` × ``hours`` readings: days and weeks have their shape, some hours spike."""
    words = [*HEADER, "Tenant", "North wing", *(f"Meter {n:03}" for n in range(1, meters + 1))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, OPENING + part)
        items = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
        archive.writestr("xl/sharedStrings.xml", f'{OPENING}<sst xmlns="{MAIN}">{items}</sst>')
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{OPENING}<worksheet xmlns="{MAIN}"><sheetData><row r="1">'.encode())
            sheet.write("".join(f'<c r="{"ABCDE"[i]}1" t="s"><v>{i}</v></c>' for i in range(5)).encode())
            sheet.write(b"</row>")
            for hour, kwh in enumerate(_consumption(meters, hours, seed).tolist()):
                sheet.write(_rows(hour, kwh))
            sheet.write(b"</sheetData></worksheet>")


def _rows(hour: int, kwh: list[float]) -> bytes:
    day = round(FIRST_DAY + hour / 24, 10)
    return "".join(
        f'<row r="{row}"><c r="A{row}" s="1"><v>{day!r}</v></c><c r="B{row}" t="s"><v>{word}</v></c>'
        f'<c r="C{row}"><v>{value!r}</v></c><c r="D{row}" t="s"><v>5</v></c>'
        f'<c r="E{row}" t="s"><v>6</v></c></row>'
        for row, word, value in zip(
            range(hour * len(kwh) + 2, (hour + 1) * len(kwh) + 2),
            range(len(HEADER) + 2, len(HEADER) + 2 + len(kwh)),
            kwh,
            strict=True,
        )
    ).encode()


def _consumption(meters: int, hours: int, seed: int) -> np.ndarray:
    """kWh (hours, meters), to the watt-hour."""
    chance = np.random.default_rng(seed)
    hour = np.arange(hours)[:, None]
    working = np.where(hour // 24 % 7 < 5, 1.0, 0.4)
    shape = 1 + working * np.clip(np.sin((hour % 24 - 6) / 24 * 2 * np.pi), 0, None)
    size = chance.lognormal(0.5, 0.8, meters)
    spikes = np.where(chance.random((hours, meters)) < 0.0002, 6.0, 1.0)
    return np.round(shape * size * chance.normal(1, 0.1, (hours, meters)).clip(0.2) * spikes, 3)
