"""Names that are code somewhere else: in a spreadsheet, a mail, a report or a path they stay names."""

import csv
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
import pytest
import xlsxwriter
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from services import accounts, devices, notifications, reports
from services.alerts import Rule, check_rules, list_alerts, post, save_rule
from services.device_lists import export_devices, plan_list
from services.errors import LoadlensError
from services.facility import Facility, save
from services.importing import import_file
from services.notifications import MailSettings
from services.readings import FileRefused, open_sheets
from services.scope import Scope
from services.settings import Settings
from services.tables import guarded, write_table

NAMES = (
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://127.0.0.1/","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "../../../x",
    "..\\..\\x",
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    '#image("/etc/passwd") $ x^2 $ *bold* @ref <label> `raw` \\u{41}',
    '<img src="file:///etc/passwd"><script>alert(1)</script>',
    "]]></text><image href='file:///etc/passwd'/>",
    "{0.__class__} {device} %s ${x}",
    "Hall\r\nBcc: eve@example.com",
    "CON",
)
MARCH = reports.period_of(date(2024, 3, 1), "month")


@pytest.fixture
def named(scope: Scope, tmp_path: Path) -> Scope:
    """A facility whose devices, categories and places have such names, as has it itself."""
    days = pd.date_range("2024-03-01", "2024-03-31").strftime("%Y-%m-%d")
    path = tmp_path / "readings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow(["Date", "Device", "kWh", "Category", "Location", "Notes"])
        written.writerows([day, name, 5, name, name, name] for name in NAMES for day in days)
    import_file(scope, path, timezone="UTC")
    save(scope, Facility(name=NAMES[7]))
    return scope


def test_devices_leave_in_a_spreadsheet_and_come_back_under_the_same_names(
    named: Scope, tmp_path: Path
) -> None:
    listed = devices.list_devices(named)
    assert len(listed) == len(NAMES)
    for suffix in ("csv", "xlsx"):
        path = tmp_path / f"devices.{suffix}"
        export_devices(listed, path)
        plan = plan_list(named, path)
        assert (plan.unchanged, plan.new, plan.changed, plan.bad) == (len(NAMES), [], [], [])
    with (tmp_path / "devices.csv").open(newline="", encoding="utf-8") as file:
        assert not [
            cell
            for row in csv.reader(file)
            for cell in row
            if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        ]
    _assert_only_values(tmp_path / "devices.xlsx")


def test_every_kind_of_text_column_is_quoted(tmp_path: Path) -> None:
    words = ["=1+1", "\n=1+1", "@x", "plain"]
    kinds = {kind: pd.Series(words, dtype=kind) for kind in ("object", "str", "string", "category")}
    write_table(pd.DataFrame(kinds), tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    assert rows == [[guarded(word)] * 4 for word in words]
    assert [guarded(word)[:1] for word in words] == ["'", "'", "'", "p"]


def test_a_report_shows_names_and_does_nothing_else(named: Scope, settings: Settings, tmp_path: Path) -> None:
    contents = reports.gather(named, settings, reports.FACILITY, MARCH)
    reports.save(contents, tmp_path / "report.pdf")
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as pages:
        text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    words = "".join(text.split()).replace("\u200b", "")
    for name in NAMES:
        assert "".join(name.split())[:40] in words, name
    assert "root:" not in text
    assert b"/URI" not in (tmp_path / "report.pdf").read_bytes()
    reports.save(contents, tmp_path / "report.xlsx")
    _assert_only_values(tmp_path / "report.xlsx")


def test_a_report_stays_in_its_folder_whatever_its_device_is_called(
    named: Scope, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for subject in reports.subjects(named):
        contents = reports.gather(named, settings, subject, MARCH)
        name = reports.file_name(contents, ".xlsx")
        assert (folder / name).resolve().parent == folder
        assert not set(name) & set('/\\:*?"<>|\r\n')
        assert not name.startswith((".", "CON.", "CON "))


def test_a_mail_about_a_device_has_the_headers_that_we_wrote(named: Scope, settings: Settings) -> None:
    hall = next(device for device in devices.list_devices(named) if device.name.startswith("Hall"))
    with _mail_server() as (port, mails):
        mail = MailSettings(True, "127.0.0.1", port, "none", "", "ada@example.com", ("ada@example.com",))
        notifications.save_mail_settings(named, settings, mail)
        save_rule(named, Rule("limit", device_id=hall.id, limit=1.0))
        named.db["alert_rules"].update_many({}, {"$set": {"since": "2024-03-01"}})
        check_rules(named)
        post(named)
        assert [alert.device for alert in list_alerts(named)] == [hall.name]
        assert notifications.send_due(named, settings) == 1
    [received] = mails
    assert received["Bcc"] is None
    assert received["To"] == "ada@example.com"
    assert "Bcc: eve@example.com" in received["Subject"], "on the same line, where it is a word"
    for field in ("sender", "recipients", "host"):
        hostile = "eve@example.com\r\nBcc: ada@example.com"
        value = (hostile,) if field == "recipients" else hostile
        with pytest.raises((notifications.MailSettingsRefused, notifications.MailRefused)):
            notifications.send_test(named, settings, MailSettings(**{**vars(mail), field: value}), "")


def test_a_spreadsheet_that_points_elsewhere_is_read_without_going_there(tmp_path: Path) -> None:
    with _listening() as (port, called):
        address = f"http://127.0.0.1:{port}/"
        rows = [["Date", "Device", "kWh"], ["2024-01-01 00:00", "A", 1.5], ["2024-01-01 01:00", "A", 2.5]]
        with xlsxwriter.Workbook(tmp_path / "linked.xlsx") as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.write_url(1, 3, address)
            sheet.write_formula(2, 3, f'=WEBSERVICE("{address}")')
            sheet.write_formula(2, 4, f"='{address}[other.xlsx]Sheet1'!A1")
        (tmp_path / "linked.csv").write_text(
            "".join(f'{",".join(map(str, row))},=WEBSERVICE("{address}")\n' for row in rows)
        )
        feed = (
            f'<?xml version="1.0"?><?xml-stylesheet href="{address}"?>'
            f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:xi="http://www.w3.org/2001/XInclude" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:schemaLocation="http://www.w3.org/2005/Atom {address}">'
            f'<xi:include href="{address}"/><entry><link href="{address}"/></entry></feed>'
        )
        (tmp_path / "linked.xml").write_text(feed)
        for name in ("linked.xlsx", "linked.csv"):
            [found] = open_sheets(tmp_path / name)
            assert found.body(0).shape[0] == 3
        with pytest.raises(FileRefused):
            open_sheets(tmp_path / "linked.xml")
    assert called == []


def test_a_time_zone_is_one_and_no_path(scope: Scope, tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_text("Date,Device,kWh\n2024-01-01 00:00,A,1\n2024-01-01 01:00,A,2\n")
    for zone in ("Nowhere", "America", "../../etc/passwd", "/etc/passwd", "\0", "x" * 5000):
        with pytest.raises(LoadlensError, match="There is no time zone"):
            accounts.set_timezone(scope, zone)
        with pytest.raises(LoadlensError, match="There is no time zone"):
            import_file(scope, path, timezone=zone)
    assert accounts.scope_of(scope.db, "ada@example.com").timezone == scope.timezone


def _assert_only_values(path: Path) -> None:
    """No formula, link or relation to the outside in a workbook."""
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    with zipfile.ZipFile(path) as archive:
        relations = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    assert not [one for one in relations if b"External" in one]


@contextmanager
def _mail_server() -> Iterator[tuple[int, list[Message]]]:
    mails: list[Message] = []

    class Box:
        async def handle_DATA(  # noqa: N802 - aiosmtpd's name
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            assert envelope.rcpt_tos == ["ada@example.com"]
            mails.append(message_from_bytes(envelope.content or b""))
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port, mails
    finally:
        controller.stop()


@contextmanager
def _listening() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and whoever called there."""
    called: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    called.append(server.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], called
        done.set()
        thread.join()
