"""The verbs about accounts, their readings and reports, and those that turn one file into another."""

import getpass
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from services import accounts, dashboard, forecasts, importing, readings, reports
from services import alerts as alerting
from services.cli.printing import as_json, print_json, print_lines, show_progress
from services.console import say
from services.errors import LoadlensError
from services.file_names import as_text
from services.machine_zone import ASSUMED, UNKNOWN, machine_zone, why_unknown
from services.messages import N_, NOT_KNOWN, formats, gettext, ngettext
from services.readings import ColumnMap
from services.scope import Scope
from services.settings import Settings
from services.startup import opened
from services.utilities import DIRECTIONS, UTILITIES

REFUSALS_SHOWN = 10


class UnitUnknown(LoadlensError):
    """No unit of a meter has this name."""


class PasswordUnreadable(LoadlensError):
    """Standard input holds no text."""


@contextmanager
def scope_for(settings: Settings, chosen: Namespace) -> Iterator[Scope]:
    """Open the database for the user whom the command line names."""
    with opened(settings) as db:
        yield accounts.scope_of(db, chosen.user)


def create_superuser(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens createsuperuser`."""
    password = _password()
    with opened(settings) as db:
        user = accounts.create_superuser(db, chosen.email, password)
    _warn_of_assumed_zone()
    print_lines(gettext("{email} is an administrator now.", email=user.email))


def register(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens register`."""
    password = _password()
    with opened(settings) as db:
        user = accounts.register(db, chosen.first_name, chosen.last_name, chosen.email, password)
    _warn_of_assumed_zone()
    print_lines(gettext("{email} can sign in now.", email=user.email))


def _password() -> str:
    try:
        return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    except UnicodeDecodeError:
        raise PasswordUnreadable(
            "The password on standard input is no text in {encoding}. Write it in that encoding.",
            encoding=sys.stdin.encoding,
        ) from None


def _warn_of_assumed_zone() -> None:
    if machine_zone() is None:
        say(gettext(UNKNOWN, reason=why_unknown(), assumed=ASSUMED))


def import_(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens import`."""
    column_map = replace(ColumnMap(), **dict(chosen.map))
    with scope_for(settings, chosen) as scope:
        summary = importing.import_file(
            scope,
            chosen.file,
            column_map,
            chosen.timezone,
            show_progress,
            day_first=chosen.day_first,
            clock=chosen.clock,
            keep_implausible=chosen.implausible == "keep",
            on_conflict=chosen.on_conflict,
            on_duplicate=chosen.on_duplicate,
            calorific_value=chosen.calorific_value,
            answers=_answers(chosen),
        )
    if refusal := importing.nothing_added(summary):
        raise refusal
    if chosen.json:
        print_json({**as_json(summary), "leftOut": as_json(summary.columns_left)})
        return
    print_lines(
        gettext(
            "{file}: {read} rows read in {seconds} s: {added} added, {already_there} already there, "
            "{changed} changed, {combined} combined, {left_out} left out, {refused} refused.",
            file=summary.file,
            read=summary.read,
            seconds=formats().number(summary.seconds, 1),
            added=summary.added,
            already_there=summary.already_there,
            changed=summary.changed,
            combined=summary.combined,
            left_out=summary.left_out,
            refused=len(summary.refused),
        ),
        *(
            gettext(
                "  Row {row}, {column} “{value}”: {reason}",
                row=refusal.row,
                column=refusal.column,
                value=refusal.value,
                reason=refusal.reason,
            )
            for refusal in summary.refused[:REFUSALS_SHOWN]
        ),
    )
    print_lines(*map(_meter_line, summary.meters))
    for part in summary.columns_left:
        print_lines(gettext("  Left out, {column}: {why}", column=part.column, why=part.why))
    if len(summary.refused) > REFUSALS_SHOWN:
        more = len(summary.refused) - REFUSALS_SHOWN
        print_lines(gettext("  … and {count} more; --json lists all.", count=more))
    _print_implausible(summary)
    if summary.utc_offset_minutes is not None:
        print_lines(f"  {readings.describe_clock(summary.utc_offset_minutes)}")
    if summary.alerts:
        count, worst = len(summary.alerts), summary.alerts[0].message
        print_lines(gettext("{count} new alerts, the worst: {message}", count=count, message=worst))


def _print_implausible(summary: importing.ImportSummary) -> None:
    if not summary.implausible:
        return
    count = len(summary.implausible)
    print_lines(
        ngettext(
            "One reading is not plausible and counts nowhere until it is kept (--implausible keep):",
            "{count} readings are not plausible and count nowhere until they are kept (--implausible keep):",
            count,
        ),
        *(
            gettext(
                "  Row {row}, {device}, {value} kWh: {reason}",
                row=reading.row,
                device=reading.device,
                value=NOT_KNOWN if reading.consumption is None else formats().number(reading.consumption, 3),
                reason=reading.reason,
            )
            for reading in summary.implausible[:REFUSALS_SHOWN]
        ),
    )
    if count > REFUSALS_SHOWN:
        print_lines(gettext("  … and {count} more; --json lists all.", count=count - REFUSALS_SHOWN))


def _answers(chosen: Namespace) -> readings.Answers:
    units = [unit for unit in chosen.unit or [] if "=" not in unit]
    columns = [unit.rsplit("=", 1) for unit in chosen.unit or [] if "=" in unit]
    return readings.Answers(
        unit=_unit(units[-1]) if units else None,
        units={column: _unit(unit) for column, unit in columns},
        utility=chosen.utility,
        direction=chosen.direction,
        kind=chosen.kind,
        interval_minutes=chosen.interval_minutes,
        stamp=chosen.stamp,
    )


def _unit(text: str) -> readings.Unit:
    unit = readings.unit_of(text)
    if unit is None:
        raise UnitUnknown("“{unit}” is no unit that meters count in. Say kWh, MWh, GJ, therm, m3…", unit=text)
    return unit


def _meter_line(meter: importing.ImportedMeter) -> str:
    return gettext(
        "  {device}: {utility}, {direction}: {total} {unit}, {readings} readings.",
        device=meter.device,
        utility=gettext(UTILITIES[meter.utility].label),
        direction=gettext(DIRECTIONS[meter.direction]),
        total=formats().number(meter.total, 2),
        unit=meter.unit,
        readings=meter.readings,
    )


def stats(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens stats`."""
    with scope_for(settings, chosen) as scope:
        which = dashboard.Filter(start=chosen.start, end=chosen.end, utility=chosen.utility)
        found = dashboard.stats(scope, which)
    if chosen.json:
        print_json(dashboard.as_json(found))
        return
    number = formats().number

    def kwh(value: float | None, decimals: int) -> str:
        return NOT_KNOWN if value is None else f"{number(value, decimals)} kWh"

    lines = {
        gettext("Total consumption"): kwh(found.total_consumption, 0),
        gettext("Average day"): kwh(found.avg_daily_consumption, 1),
        gettext("Peak reading"): kwh(found.peak_consumption, 2),
        gettext("Predicted next month"): kwh(found.predicted_next_month, 0),
        gettext("Readings cover"): formats().percent(found.coverage, 1),
        **{_kind_of(quantity): f"{number(quantity.total, 1)} {quantity.unit}" for quantity in found.beside},
    }
    width = max(map(len, lines))
    print_lines(
        *(f"{label:{width}}   {value}" for label, value in lines.items()),
        *(f"  {number(part.share * 100, 1):>5}%  {part.device}" for part in found.device_breakdown),
    )


def _kind_of(quantity: dashboard.Quantity) -> str:
    """Return what was metered besides the total, in words."""
    utility = gettext(UTILITIES[quantity.utility].label)
    return gettext(
        "{utility}, {direction}", utility=utility, direction=gettext(DIRECTIONS[quantity.direction]).lower()
    )


def train(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens train`."""
    with scope_for(settings, chosen) as scope:
        reports = forecasts.train(scope, settings, show_progress)
    if chosen.json:
        print_json({"models": as_json(reports)})
        return
    for report in reports:
        metrics = ", ".join(f"{name} {value:.3f}" for name, value in report.metrics.items())
        print_lines(f"{report.name}: {metrics}")


def predict(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens predict`."""
    with scope_for(settings, chosen) as scope:
        predictions = forecasts.predict(scope, settings, progress=show_progress)
    if chosen.json:
        print_json({"predictions": as_json(predictions)})
        return
    whole = [p for p in predictions if p.device_id is None and not p.held_out]
    print_lines(*(_predicted(prediction) for prediction in whole))


def _predicted(prediction: forecasts.Prediction) -> str:
    """Write what one day, week or month of the facility will come to, and how sure that is."""
    shown = formats()
    begins = shown.month(prediction.start) if prediction.type == "monthly" else shown.day(prediction.start)
    line = f"{prediction.type:8} {begins:>17}  {shown.number(prediction.predicted_value, 1):>12} kWh"
    if prediction.lower_80 is None or prediction.upper_80 is None:
        return line
    likely = gettext(
        "most likely between {lower} and {upper}",
        lower=shown.rounded(prediction.lower_80),
        upper=shown.rounded(prediction.upper_80),
    )
    return f"{line}, {likely}"


def alerts(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens alerts`."""
    with scope_for(settings, chosen) as scope:
        found = alerting.list_alerts(scope)
        unread, zone = alerting.unread_count(scope), scope.timezone
    if chosen.json:
        print_json({"alerts": as_json(found), "unread": unread})
        return
    print_lines(
        gettext("{count} alerts, {unread} unread.", count=len(found), unread=unread),
        *(
            f"{a.severity:6} {a.type:9} {'      ' if a.read else 'unread'}  {alerting.alert_text(a, zone)}"
            for a in found
        ),
    )


def report(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens report`: of the last whole month unless one is named."""
    with opened(settings) as db:
        scope = accounts.scope_of(db, chosen.user)
        subject, period = _subject(scope, chosen), _period(scope, chosen.month)
        contents = reports.gather(scope, settings, subject, period, show_progress)
        reports.save(contents, chosen.output)
    if chosen.json:
        print_json({"output": as_text(chosen.output), "month": period.label, "subject": subject.name or None})
    else:
        month, file = formats().month(period.start), as_text(chosen.output)
        print_lines(gettext("The report of {month} is in {file}.", month=month, file=file))


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


def forecast(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens forecast`."""
    written = forecasts.forecast_file(
        chosen.input,
        chosen.horizon_days,
        chosen.output,
        chosen.country,
        scheduler=settings.loadlens_cluster,
    )
    if chosen.json:
        output = as_text(chosen.output)
        print_json({"rows": written.rows, "output": output, "leftOut": as_json(written.left_out)})
        return
    _print_rows(written.rows, chosen, N_("{rows} forecasts written to {file}."))
    print_lines(*(left_out.why for left_out in written.left_out))


def detect(_settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens detect`."""
    rows = alerting.detect_file(chosen.input, chosen.output, chosen.country)
    _print_rows(rows, chosen, N_("{rows} anomalous readings written to {file}."))


def _print_rows(rows: int, chosen: Namespace, message: str) -> None:
    if chosen.json:
        print_json({"rows": rows, "output": as_text(chosen.output)})
    else:
        print_lines(gettext(message, rows=rows, file=as_text(chosen.output)))
