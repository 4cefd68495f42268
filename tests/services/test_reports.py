"""Reports through the public way in: what they say, as pages and as a workbook, and when they are made."""

import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pypdfium2
import pytest
import time_machine

from services import cli, facility, reports
from services.dashboard import Filter, Share, overview
from services.importing import import_file
from services.progress import Cancelled
from services.reports import FACILITY, Contents, Schedule, period_of
from services.scope import Scope
from services.settings import Settings

MARCH = period_of(date(2024, 3, 5), "month")
DEVICES = {"=SUM(A1:A9)": "HVAC", "Основной щит": "HVAC", "مبرد": "Lighting"}


def readings() -> pd.DataFrame:
    """kWh of three devices every hour: March 2023, and February and March 2024 to the end."""
    spans = (("2023-03-01", "2023-03-31 23:00"), ("2024-02-01", "2024-03-31 23:00"))
    hours = pd.concat([pd.Series(pd.date_range(*span, freq="h")) for span in spans], ignore_index=True)
    shape = 2 + np.sin((hours.dt.hour - 8) / 24 * 2 * np.pi) + hours.dt.day % 3 * 0.1
    parts = [
        pd.DataFrame({"Date": hours, "Device": name, "Category": category, "kWh": shape * (3 - place)})
        for place, (name, category) in enumerate(DEVICES.items())
    ]
    frame = pd.concat(parts)
    frame["kWh"] = (frame["kWh"] * np.where(frame["Date"].dt.year == 2023, 1.25, 1.0)).round(3)
    return frame


@pytest.fixture
def metered(scope: Scope, tmp_path: Path) -> pd.DataFrame:
    """What is stored, in a facility with a name, a flat tariff and an emission factor."""
    frame = readings()
    path = tmp_path / "readings.csv"
    frame.to_csv(path, index=False)
    import_file(scope, path)
    tariff = facility.Tariff(base_price=0.2)
    about = facility.Facility(
        name="Harbour & Sons", currency="USD", emission_factor=0.4, country="US", tariff=tariff
    )
    facility.save(scope, about)
    return frame


@pytest.fixture
def march(metered: pd.DataFrame, scope: Scope, settings: Settings) -> Contents:
    return reports.gather(scope, settings, FACILITY, MARCH)


def month_of(frame: pd.DataFrame, month: str) -> float:
    return float(frame.loc[frame["Date"].dt.strftime("%Y-%m") == month, "kWh"].sum())


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, as a reader that searches for it finds it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_figures_are_the_dashboards_and_exact(
    metered: pd.DataFrame, scope: Scope, settings: Settings, march: Contents
) -> None:
    for name, figure in march.figures.items():
        of = [
            getattr(overview(scope, Filter(period.start, period.end)).figures, name).value
            for period in (MARCH, MARCH.previous, MARCH.year_before)
        ]
        assert [figure.value, figure.previous, figure.last_year] == of, name
    months = [month_of(metered, month) for month in ("2024-03", "2024-02", "2023-03")]
    total, cost, co2 = (march.figures[name] for name in ("total", "cost", "co2"))
    assert [total.value, total.previous, total.last_year] == pytest.approx(months, abs=1e-9)
    assert [cost.value, co2.value] == pytest.approx([months[0] * 0.2, months[0] * 0.4])
    assert "eui" not in march.figures, "no floor area is known"

    category = next(s for s in reports.subjects(scope) if s.name == "HVAC")
    hvac = reports.gather(scope, settings, category, MARCH)
    of_hvac = metered[metered["Category"] == "HVAC"]
    assert hvac.figures["total"].value == pytest.approx(month_of(of_hvac, "2024-03"), abs=1e-9)
    assert [share.name for share in hvac.now.devices] == list(DEVICES)[:2]


def test_days_without_readings_bear_no_comparison_of_sums(
    metered: pd.DataFrame, scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "april.csv"
    metered.head(1).assign(Date="2024-04-01 12:00", kWh=5.0).to_csv(path, index=False)
    import_file(scope, path)
    april = reports.gather(scope, settings, FACILITY, period_of(date(2024, 4, 1), "month"))
    assert april.missing_days == 29
    assert april.figures["total"].previous is None
    assert april.figures["average_day"].previous is None, "an hour of a meter is no day of a facility"
    assert "On 29 of 30 days there are no readings" in reports.summary(april)[1]
    may = period_of(date(2024, 5, 1), "month")
    with pytest.raises(reports.NoReadings, match="from 1 May 2024 to 31 May 2024"):
        reports.gather(scope, settings, FACILITY, may)


def test_summary_in_sentences(metered: pd.DataFrame, march: Contents) -> None:
    first, *others = reports.summary(march)
    now, before, year_ago = (month_of(metered, month) for month in ("2024-03", "2024-02", "2023-03"))
    assert first.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Harbour & Sons used {now:,.0f} kWh in March 2024, {now / before - 1:.0%} more than in February "
        f"2024 and {1 - now / year_ago:.0%} less than in March 2023."
    ).replace("%", " %")
    assert any(said.startswith("=SUM(A1:A9) used the most: ") for said in others)
    assert any("It cost USD" in said and "CO₂" in said for said in others)


def test_pages_say_it_and_nothing_runs_over_the_edge(march: Contents) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftszähler"
    many = [Share(str(i), f"{long} {i}", 500.0 - i, 0.002) for i in range(500)]
    crowded = replace(
        march,
        facility=replace(march.facility, name=long),
        now=replace(march.now, devices=march.now.devices + many),
    )
    for contents, country, size in ((march, "DE", (595, 842)), (crowded, "US", (612, 792))):
        contents = replace(contents, facility=replace(contents.facility, country=country))
        pdf = reports.as_pdf(contents)
        pages = text_of(pdf)
        assert all(f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, start=1))
        with pypdfium2.PdfDocument(pdf) as document:
            for page in document:
                assert page.get_size() == pytest.approx(size, abs=1)
                text = page.get_textpage()
                boxes = [text.get_rect(i) for i in range(text.count_rects())]
                assert min(left for left, *_ in boxes) > 40
                assert max(right for _left, _bottom, right, _top in boxes) < size[0] - 40
    whole = "\n".join(text_of(reports.as_pdf(march)))
    total = march.figures["total"].value
    for said in ("Harbour & Sons", "March 2024", f"{total:,.0f}", "=SUM(A1:A9)", "Основной щит", "Loadlens"):
        assert said in whole
    assert "\N{REPLACEMENT CHARACTER}" not in whole


def test_workbook_holds_numbers_native_charts_and_no_formula(march: Contents) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reports.as_workbook(march)))
    for name in ("Summary", "Days", "Months", "Average day", "Load duration", "Devices", "Categories"):
        assert book[name]._charts, name
    for name in ("Days", "Devices", "Alerts"):
        assert book[name].freeze_panes == "A2"
    days = book["Days"]
    kwh = [row[1].value for row in days.iter_rows(min_row=2)]
    assert sum(kwh) == pytest.approx(march.figures["total"].value, abs=1e-9)
    assert days["A2"].value == datetime(2024, 3, 1)
    device = book["Devices"]["A2"]
    assert (device.value, device.data_type, device.quotePrefix) == ("=SUM(A1:A9)", "s", True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_files_are_written_whole_or_not_at_all(march: Contents, tmp_path: Path) -> None:
    name = reports.file_name(replace(march, facility=replace(march.facility, name="A/B: *")), ".pdf")
    assert name == "A_B_ _ 2024-03.pdf"
    reports.save(march, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(b"%PDF")
    with pytest.raises(reports.ReportRefused, match=r"neither \.pdf nor \.xlsx"):
        reports.save(march, tmp_path / "report.doc")
    with pytest.raises(reports.ReportRefused, match="cannot be written to"):
        reports.save(march, tmp_path / "nowhere" / "report.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, "readings.csv"]


SPAN = (date(2023, 11, 15), date(2024, 3, 10))


@pytest.mark.parametrize(
    ("every", "through", "today", "due"),
    [
        ("month", date(2023, 12, 31), date(2024, 3, 11), ["2024-01", "2024-02"]),
        ("month", date(2024, 2, 29), date(2024, 3, 31), []),
        ("month", date(2024, 2, 29), date(2024, 4, 1), []),  # its last readings may still come
        ("month", date(2024, 2, 29), date(2024, 4, 8), ["2024-03"]),
        ("month", date(2022, 1, 31), date(2024, 1, 11), ["2023-11", "2023-12"]),
        ("month", None, date(2024, 3, 11), ["2024-02"]),
        ("month", date(2024, 3, 31), date(2025, 1, 1), []),
        ("week", date(2024, 2, 25), date(2024, 3, 10), ["2024-W09"]),
        ("week", date(2024, 2, 25), date(2024, 3, 11), ["2024-W09", "2024-W10"]),
        ("week", date(2023, 12, 24), date(2024, 1, 9), ["2023-W52", "2024-W01"]),
    ],
)
def test_periods_are_due_once_over_and_read(
    every: str, through: date | None, today: date, due: list[str]
) -> None:
    schedule = Schedule("", every, FACILITY, (".pdf",), Path(), through)
    assert [period.label for period in reports.due_periods(schedule, SPAN, today)] == due
    assert reports.due_periods(schedule, None, today) == []


def test_scheduled_reports_are_made_once_and_caught_up(
    metered: pd.DataFrame, scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    reports.add_schedule(scope, "month", FACILITY, [".pdf", ".xlsx"], folder)
    [made] = reports.make_due(scope, settings)
    assert (made.period, made.refusal) == (MARCH, None)
    assert sorted(folder.iterdir()) == sorted(made.files)
    assert [path.name for path in made.files] == [
        "Harbour & Sons 2024-03.pdf",
        "Harbour & Sons 2024-03.xlsx",
    ]
    assert reports.make_due(scope, settings) == []

    # As it is when the program dies after the files were written and before that was noted; and as if it
    # had been off since January.
    january = {"$set": {"through": datetime(2024, 1, 31, tzinfo=UTC)}}
    scope.db["report_schedules"].update_one(scope.owned(), january)
    with pytest.raises(Cancelled):
        reports.make_due(scope, settings, cancelled)
    assert [made.period.label for made in reports.make_due(scope, settings)] == [
        "2024-02",
        "2024-03",
    ]
    assert len(list(folder.iterdir())) == 4, "the same names again, and nothing else"
    assert [schedule.through for schedule in reports.list_schedules(scope)] == [MARCH.end]


def cancelled(stage: str, done: int, total: int) -> None:
    raise Cancelled


def test_a_missing_folder_is_told_and_holds_up_no_other(
    metered: pd.DataFrame, scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    here, gone = tmp_path / "here", tmp_path / "gone"
    for folder in (here, gone):
        folder.mkdir()
    device = next(s for s in reports.subjects(scope) if s.name == "مبرد")
    lost = reports.add_schedule(scope, "month", device, [".pdf"], gone)
    reports.add_schedule(scope, "week", FACILITY, [".pdf"], here)
    shutil.rmtree(gone)
    refused, made = reports.make_due(scope, settings)
    assert refused.schedule == lost
    assert "is not there. Connect its drive" in str(refused.refusal)
    assert made.files == (here / "Harbour & Sons 2024-W13.pdf",)
    gone.mkdir()
    [made] = reports.make_due(scope, settings)
    assert made.files == (gone / "Device مبرد 2024-03.pdf",)
    reports.delete_schedule(scope, lost.id)
    assert len(reports.list_schedules(scope)) == 1
    with pytest.raises(reports.ReportRefused, match="is not there"):
        reports.add_schedule(scope, "month", FACILITY, [".pdf"], tmp_path / "nowhere")


def test_periods_without_readings_are_passed_over(
    metered: pd.DataFrame, scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    """Ten months of 2023 were not metered."""
    reports.add_schedule(scope, "month", FACILITY, [".pdf"], tmp_path)
    scope.db["report_schedules"].update_one(
        scope.owned(), {"$set": {"through": datetime(2023, 1, 31, tzinfo=UTC)}}
    )
    with time_machine.travel(datetime(2024, 3, 20, tzinfo=UTC)):
        made = reports.make_due(scope, settings)
    assert [each.period.label for each in made] == ["2023-03", "2024-02"]


def test_without_a_window(
    metered: pd.DataFrame,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    command = ["report", "--user", "ada@example.com", "--output"]
    assert cli.main([*command, str(tmp_path / "a.pdf"), "--month", "2024-02", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "output": str(tmp_path / "a.pdf"),
        "month": "2024-02",
        "subject": None,
    }
    assert "February 2024" in text_of((tmp_path / "a.pdf").read_bytes())[0]
    assert cli.main([*command, str(tmp_path / "b.xlsx"), "--device", "основной ЩИТ"]) == 0
    assert "The report of March 2024 is in" in capsys.readouterr().out
    assert cli.main([*command, str(tmp_path / "c.pdf"), "--category", "Kitchen"]) == 1
    assert capsys.readouterr().err == "There is no category named “Kitchen”. Check the spelling.\n"
