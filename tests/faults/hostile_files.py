"""Files that are built to harm, each imported by a `loadlens import --json` of its own.

``python tests/faults/hostile_files.py [NAME…]``. For each file it prints what the program says, seconds, the
peak memory of the program (beyond what a small honest file takes) and of the processes that read for it, and
what is left behind: processes, temporary files. Seconds are of a processor, in the program and in what reads
for it. Importing is ended at 60 or 2.5 GB. The exit status is 1 where a file takes more than 30 s, 1 GB
outside or 500 MB more in the program, ends without a sentence, or leaves something.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import xlsxwriter
from ground import EMAIL, PASSWORD, settings_in

from services import accounts
from services.settings import Settings
from services.startup import opened

MB = 1 << 20
MOST_SECONDS, MOST_OUTSIDE, MOST_INSIDE = 30, 1000, 500
END_SECONDS, END_MEMORY = 60, 2500
REFERENCE = "honest.xlsx"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
FEED = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi">'


@dataclass
class Trial:
    """What one import did; memory in MB."""

    name: str
    said: str = ""
    seconds: float = 0.0
    """Of a processor: other work on the machine counts for nothing."""
    inside: int = 0
    outside: int = 0
    left: list[str] = field(default_factory=list)

    def faults(self, reference: int) -> list[str]:
        found = {
            "slow": self.seconds > MOST_SECONDS,
            "memory outside": self.outside > MOST_OUTSIDE,
            "memory inside": self.inside - reference > MOST_INSIDE,
            "no sentence": not self.said or "Traceback" in self.said or self.said.startswith("ended"),
            "left behind": bool(self.left),
        }
        return [name for name, is_so in found.items() if is_so]


def main() -> int:
    chosen = [REFERENCE, *sys.argv[1:]] if sys.argv[1:] else list(FILES)
    faulty = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder)
        with opened(settings) as db:
            accounts.register(db, "Ada", "Wong", EMAIL, PASSWORD)
            reference = 0
            for each in chosen:
                path = folder / each
                FILES[each](path)
                trial = imported(path, settings, folder / "temporary")
                reference = reference or trial.inside
                faults = trial.faults(reference)
                faulty += bool(faults)
                print(
                    f"{each:18} {trial.seconds:5.1f} s  +{max(0, trial.inside - reference):4} MB inside "
                    f"{trial.outside:5} MB outside  left: {', '.join(trial.left) or '–'}  "
                    f"{'FAULT: ' + ', '.join(faults) if faults else 'ok'}\n    {trial.said}",
                    flush=True,
                )
                with suppress(OSError):
                    path.unlink()
    print(f"\n{len(chosen)} files, {faulty} at fault; the program takes {reference} MB for an honest one.")
    return 1 if faulty else 0


def imported(path: Path, settings: Settings, temporary: Path) -> Trial:
    """Import the file as a person would, and look on."""
    temporary.mkdir(exist_ok=True)
    trial = Trial(path.name)
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop", "import", str(path), "--user", EMAIL, "--json"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "LOADLENS_DATA_DIR": str(settings.data_dir), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watching = threading.Thread(target=watch, args=(process, trial))
    watching.start()
    said = process.communicate()[0]
    watching.join()
    trial.said = trial.said or outcome(said)
    time.sleep(0.5)
    trial.left += [file.name for file in temporary.iterdir()]
    trial.left += [f"process {p.pid}" for p in readers_of(str(path))]
    return trial


def watch(process: "subprocess.Popen[str]", trial: Trial) -> None:
    """Note the peaks of memory, and end what takes too much of anything."""
    busy: dict[int, float] = {}
    while process.poll() is None:
        with suppress(psutil.Error):
            program = psutil.Process(process.pid)
            others = [p for p in program.children(recursive=True) if "mongod" not in p.name()]
            inside, outside = rss(program), sum(map(rss, others))
            busy |= {each.pid: sum(each.cpu_times()[:2]) for each in [program, *others]}
            trial.seconds = sum(busy.values())
            trial.inside, trial.outside = max(trial.inside, inside), max(trial.outside, outside)
            late = trial.seconds > END_SECONDS
            if late or inside + outside > END_MEMORY:
                trial.said = "ended at 60 s" if late else "ended at 2.5 GB"
                for each in [*others, program]:
                    each.kill()
        time.sleep(0.02)


def rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss) // MB
    except psutil.Error:
        return 0


def readers_of(path: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if path in process.cmdline() and process.pid != os.getpid():
                found.append(process)
    return found


def outcome(said: str) -> str:
    """The sentence, or what was imported."""
    last = said.strip().splitlines()[-1] if said.strip() else ""
    try:
        summary = json.loads(last)
    except ValueError:
        return said.strip()[-400:] if "Traceback" in said else last[:400]
    refused = summary["refused"]
    first = f", the first in row {refused[0]['row']}: {refused[0]['value'][:40]}" if refused else ""
    devices = len(summary["newDevices"])
    return f"{summary['added']} readings of {devices} new devices, {len(refused)} rows refused{first}"


# The files


def honest(path: Path, *errors: tuple[int, int, str]) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Date", "Device", "Consumption (kWh)", "Note"])
        for n in range(1, 100):
            page.write_row(n, 0, [datetime(2024, 1, 1) + timedelta(hours=n), path.stem, n / 8])
        for row, column, error in errors:
            page.write_formula(row, column, "=FOO()", None, error)


def names(path: Path) -> None:
    honest(path, (5, 2, "#NAME?"), (6, 0, "#DIV/0!"), (7, 3, "#REF!"))


def packed(method: int) -> Callable[[Path], None]:
    """A workbook with a part of 600 million zeros, packed in a way that is unpacked at once."""

    def write(path: Path) -> None:
        honest(path)
        with (
            zipfile.ZipFile(path, "a", method) as archive,
            archive.open("xl/drawing.xml", "w", force_zip64=True) as part,
        ):
            for _ in range(600):
                part.write(bytes(10**6))

    return write


def changed(path: Path, name: str, content: Iterable[bytes]) -> None:
    """An honest workbook, a part of which is another."""
    honest(path)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist() if part != name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, there in parts.items():
            archive.writestr(part, there)
        with archive.open(name, "w", force_zip64=True) as file:
            for piece in content:
                file.write(piece)


def sheet(*pieces: bytes | tuple[bytes, int]) -> Callable[[Path], None]:
    return lambda path: changed(path, "xl/worksheets/sheet1.xml", repeated(pieces))


def strings(path: Path) -> None:
    """A gigabyte of shared strings, none of which is used."""
    string = b"<si><t>" + b"x" * 10_000 + b"</t></si>"
    pieces = [f'<sst xmlns="{MAIN}">'.encode(), (string, 100_000), b"</sst>"]
    changed(path, "xl/sharedStrings.xml", repeated(pieces))


def repeated(pieces: Iterable[bytes | tuple[bytes, int]]) -> Iterable[bytes]:
    for piece in pieces:
        content, times = piece if isinstance(piece, tuple) else (piece, 1)
        at_once = max(1, min(times, MB // len(content)))
        for _ in range(times // at_once):
            yield content * at_once


def plain(*pieces: bytes | tuple[bytes, int]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.writelines(repeated(pieces))

    return write


def sheets(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        numbers = range(1, 9901)
        rows = '<row r="1"><c r="A1" t="str"><v>Date</v></c><c r="B1" t="str"><v>kWh</v></c></row>'
        rows += '<row r="2"><c r="A2" t="str"><v>2024-01-01</v></c><c r="B2"><v>1.5</v></c></row>'
        one = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        of_all = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        links = "".join(
            f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/s{n}.xml"/>'
            for n in numbers
        )
        workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{of_all}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", workbook)
        root = f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        for name, content in (("_rels/.rels", root), ("xl/_rels/workbook.xml.rels", links)):
            archive.writestr(name, f'<Relationships xmlns="{PACKAGE}">{content}</Relationships>')
        for n in numbers:
            archive.writestr(f"xl/worksheets/s{n}.xml", one)


def overlapping(path: Path) -> None:
    """A thousand parts that are the same bytes."""
    honest(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/1.xml", bytes(MB))
        first = archive.filelist[-1]
        for n in range(2, 1001):
            again = zipfile.ZipInfo(f"xl/media/{n}.xml")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(again, name, getattr(first, name))
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again


def ods(path: Path) -> None:
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    cell = '<table:table-cell table:number-columns-repeated="9999999" office:value-type="float" '
    cell += 'office:value="1"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="S"><table:table-row table:number-rows-repeated="9999999">{cell}'
            "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        )


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        file.truncate(2 * 10**9)


def devices(path: Path) -> None:
    lines = (f"2024-01-01 00:00,M{n},{n % 7}.5" for n in range(30_000))
    path.write_text("\n".join(["Date,Device,kWh", *lines]))


def columns(count: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        lines = [",".join(["Date", *(f"W{n} kWh" for n in range(count))])]
        lines += [",".join([f"2024-01-01 0{h}:00", *(f"{n % 9}.5" for n in range(count))]) for h in range(8)]
        path.write_text("\n".join(lines))

    return write


def growing(path: Path) -> None:
    """A log that somebody writes on, faster than it is read."""
    path.write_text("Date;kWh\n" + "2024-01-01 00:00;1.5\n" * 500_000)

    def write_on() -> None:
        for _ in range(600):
            time.sleep(0.02)
            with suppress(OSError), path.open("r+") as file:
                file.seek(0, os.SEEK_END)
                file.write("2024-01-01 00:00;1.5\n" * 100)

    threading.Thread(target=write_on, daemon=True).start()


BLOCK = b"<entry><content><e:IntervalBlock/></content></entry>"
FILES: dict[str, Callable[[Path], object]] = {
    REFERENCE: honest,
    "names.xlsx": names,
    "bzip2.xlsx": packed(zipfile.ZIP_BZIP2),
    "lzma.xlsx": packed(zipfile.ZIP_LZMA),
    "sheets.xlsx": sheets,
    "overlapping.xlsx": overlapping,
    "strings.xlsx": strings,
    "dimension.xlsx": sheet(
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'.encode(),
        b'<row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
    ),
    "far.xlsx": sheet(
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'.encode(),
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    ),
    "attribute.xlsx": sheet(
        f'<worksheet xmlns="{MAIN}" x="'.encode(), (b"x" * 1000, 10**6), b'"><sheetData/></worksheet>'
    ),
    "deep.xlsx": sheet(f'<worksheet xmlns="{MAIN}">'.encode(), (b"<a>", 10**8)),
    "repeated.ods": ods,
    "sparse.xls": sparse,
    "devices.csv": devices,
    "wide.csv": columns(4000),
    "wider.csv": columns(16_000),
    "million.csv": columns(10**6 // 8),
    "line.csv": plain(b"a,b\n" * 50, (b"1,2,", 50_000_000)),
    "quotes.csv": plain(b'a,b\n1,2\n"x,', (b"3\n4,5,", 1_000_000)),
    "quote.csv": plain(b'Date,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n"2024-01-01 02:00,3\n'),
    "cells.csv": plain(b"Date,kWh\n", (b'"1\n",' * 1000, 50_000)),
    "nul.csv": plain(b"Date,kWh\n2024-01-01,\0\n2024-01-02,2\n"),
    "growing.csv": growing,
    "blocks.xml": plain(FEED, (BLOCK, 1_000_000), b"</feed>"),
    "attribute.xml": plain(FEED[:-1], b' x="', (b"x", 10**8), b'"></feed>'),
    "deep.xml": plain(FEED, (b"<a>", 10**7)),
    "pipe.csv": os.mkfifo,
    "zero.csv": lambda path: path.symlink_to("/dev/zero"),
    "folder.csv": lambda path: path.mkdir(),
}

if __name__ == "__main__":
    sys.exit(main())
