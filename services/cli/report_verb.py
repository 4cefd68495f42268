"""The verb that puts a month on paper or into a workbook."""

from argparse import Namespace
from datetime import date

from services import accounts, readings, reports
from services.cli.printing import print_json, print_lines, show_progress
from services.facility import facility_of
from services.file_names import as_text
from services.scope import Scope
from services.settings import Settings
from services.startup import opened


def report(settings: Settings, chosen: Namespace) -> None:
    """`loadlens report`: of the last whole month unless one is named."""
    with opened(settings) as db:
        scope = accounts.scope_of(db, chosen.user)
        subject, period = _subject(scope, chosen), _period(scope, chosen.month)
        contents = reports.gather(scope, settings, subject, period, show_progress)
        wording = reports.English(reports.paper_of(facility_of(scope).country))
        reports.save(contents, wording, chosen.output)
    if chosen.json:
        print_json({"output": as_text(chosen.output), "month": period.label, "subject": subject.name or None})
    else:
        print_lines(f"The report of {wording.month(period.start)} is in {as_text(chosen.output)}.")


def _subject(scope: Scope, chosen: Namespace) -> reports.Subject:
    if chosen.device:
        return reports.subject_named(scope, "device", chosen.device)
    if chosen.category:
        return reports.subject_named(scope, "category", chosen.category)
    return reports.FACILITY


def _period(scope: Scope, month: date | None) -> reports.Period:
    if month:
        return reports.period_of(month, "month")
    span = readings.span(scope)
    if span is None:
        raise reports.NoReadings("There are no readings to report of. Import readings first.")
    return reports.last_whole(span[1], "month")
