"""Run one verb of the command line: its answer on standard output, or one sentence on standard error."""

import argparse
import logging
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import get_args

from services import crash_reports, logs, settings
from services.cli import data_verbs, device_verb, maintenance_verbs
from services.cli.data_verbs import report
from services.cli.watch_verb import watch
from services.command_line import Parser, add_env_file
from services.console import say
from services.database.errors import disconnects_named
from services.errors import LoadlensError
from services.file_names import is_text
from services.messages import N_, gettext
from services.readings import FIELDS, Clock, OnConflict, OnDuplicate
from services.settings import Settings
from services.utilities import DIRECTIONS, UTILITIES

DESCRIPTION = N_(
    "Where the kWh go, what next month brings, what went wrong. Without a verb the window opens; "
    "“loadlens demo [--reset]” opens it on a sample facility."
)

NO_PASSWORD = N_("With --user no password is asked for: whoever can read the data folder acts as anybody.")
TRUSTED_SCHEDULER = N_(
    "A Dask scheduler at tcp:// (LOADLENS_CLUSTER) is to be trusted like this program: whoever answers there "
    "runs programs as you."
)

YEARS = range(1900, 2200)

Verb = Callable[[Settings, argparse.Namespace], None]


def parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs; what it parses has the verb's function as ``verb``, ``name``."""
    epilog = f"{gettext(NO_PASSWORD)} {gettext(TRUSTED_SCHEDULER)}"
    top = Parser(prog="loadlens", description=gettext(DESCRIPTION), epilog=epilog)
    top.set_defaults(json=False)
    add_env_file(top)
    verbs = top.add_subparsers(metavar="VERB", required=True)

    def add(name: str, verb: Verb, summary: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=summary, description=summary)
        added.set_defaults(verb=verb, name=name)
        add_env_file(added, argparse.SUPPRESS)
        return added

    def add_for_user(name: str, verb: Verb, summary: str) -> argparse.ArgumentParser:
        added = add(name, verb, summary)
        added.add_argument(
            "--user", required=True, metavar="EMAIL", help=gettext("whose readings; no password is asked for")
        )
        added.epilog = gettext(NO_PASSWORD)
        _add_json(added)
        return added

    _add_accounts(add)
    _add_data(add_for_user)
    _add_files(add)
    _add_maintenance(add)
    return top


Adder = Callable[[str, Verb, str], argparse.ArgumentParser]


def _add_accounts(add: Adder) -> None:
    superuser = add(
        "createsuperuser", data_verbs.create_superuser, gettext("Make an administrator's account.")
    )
    superuser.add_argument("--email", required=True)
    register = add("register", data_verbs.register, gettext("Make an account."))
    register.add_argument("--email", required=True)
    register.add_argument("--first-name", required=True)
    register.add_argument("--last-name", required=True)
    for each in (superuser, register):
        each.epilog = gettext("The password is asked for, or read from standard input.")


def _add_data(add: Adder) -> None:
    importing = add("import", data_verbs.import_, gettext("Import a spreadsheet of meter readings."))
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument(
        "--map",
        type=_field_and_column,
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help=gettext("which column holds a field; the fields are {fields}", fields=", ".join(FIELDS)),
    )
    importing.add_argument(
        "--timezone", metavar="TZ", help=gettext("of the file's times, such as Europe/Berlin")
    )
    order = importing.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", action="store_true", default=None, help=gettext("dates are like 31/12/2024")
    )
    order.add_argument(
        "--month-first",
        action="store_false",
        dest="day_first",
        default=None,
        help=gettext("dates are like 12/31/2024"),
    )
    importing.add_argument(
        "--clock",
        choices=get_args(Clock),
        help=gettext(
            "whether the file's times are set forward in spring (local) or keep standard time all year; "
            "without it the readings around the changes tell"
        ),
    )
    importing.add_argument(
        "--implausible",
        choices=("leave-out", "keep"),
        default="leave-out",
        help=gettext(
            "what becomes of readings that cannot be what a meter measured, such as full counters: set aside "
            "and shown, or taken as all others"
        ),
    )
    _add_answers(importing)
    conflict = importing.add_mutually_exclusive_group()
    conflict.add_argument(
        "--on-conflict",
        choices=get_args(OnConflict),
        help=gettext(
            "what becomes of stored readings where the file has other values: replace or keep "
            "them, or take the file's for those of another meter, under a new name; without it "
            "corrections replace them, and what is none is refused"
        ),
    )
    conflict.add_argument(
        "--keep",
        action="store_const",
        const="keep",
        dest="on_conflict",
        help=gettext("the same as --on-conflict keep"),
    )
    importing.add_argument(
        "--on-duplicate",
        choices=get_args(OnDuplicate),
        help=gettext(
            "what readings are that are stored under another name: the same meter's, those of "
            "another one (new), or to be left out (skip); without it they are refused"
        ),
    )
    importing.add_argument(
        "--calorific-value",
        type=float,
        metavar="MJ_PER_M3",
        help=gettext("of the file's gas, by which a volume becomes kWh"),
    )
    watching = add(
        "watch", watch, gettext("Import what appears in a folder and do all that is due, until stopped.")
    )
    watching.add_argument("folder", type=Path, metavar="FOLDER")
    watching.add_argument(
        "--once", action="store_true", help=gettext("do what is due and end, for a scheduled job")
    )
    stats = add("stats", data_verbs.stats, gettext("The figures of the dashboard."))
    stats.add_argument(
        "--utility", choices=UTILITIES, help=gettext("The meters of one utility; else of all energy.")
    )
    stats.add_argument("--from", type=date.fromisoformat, dest="start", metavar="DAY", help="YYYY-MM-DD")
    stats.add_argument(
        "--to", type=date.fromisoformat, dest="end", metavar="DAY", help=gettext("YYYY-MM-DD, included")
    )
    listing = add("devices", device_verb.devices, gettext("List the devices, or change them by a list."))
    listing.add_argument(
        "--apply",
        type=Path,
        metavar="FILE",
        help=gettext(
            "a list of devices (.csv or .xlsx) with the columns {columns}, of which only the name is needed; "
            "stored whole or not at all",
            columns=", ".join(device_verb.COLUMNS),
        ),
    )
    _add_report(add("report", report, gettext("Put a month on paper, or into a workbook with charts.")))
    add("train", data_verbs.train, gettext("Train the forecast models."))
    add(
        "predict",
        data_verbs.predict,
        gettext("Predict the coming days, weeks and months with the best model."),
    )
    add("alerts", data_verbs.alerts, gettext("List what went wrong, newest first."))


def _add_answers(importing: argparse.ArgumentParser) -> None:
    """Add an option for each question that a file may leave open."""
    importing.add_argument(
        "--unit",
        action="append",
        metavar="[COLUMN=]UNIT",
        help=gettext("in which readings are whose unit the file does not say, such as MWh, m3 or Gas=m3"),
    )
    importing.add_argument("--utility", choices=tuple(UTILITIES), help=gettext("what was measured"))
    importing.add_argument(
        "--direction", choices=tuple(DIRECTIONS), help=gettext("whether it was taken, made, or fed in")
    )
    importing.add_argument(
        "--kind",
        choices=("energy", "demand", "register"),
        help=gettext("whether numbers are of intervals, mean power, or a register that counts on"),
    )
    importing.add_argument(
        "--interval-minutes", type=float, metavar="MINUTES", help=gettext("how long each interval is")
    )
    importing.add_argument(
        "--stamp", choices=("start", "end"), help=gettext("whether times begin or end their intervals")
    )


def _add_report(reporting: argparse.ArgumentParser) -> None:
    reporting.add_argument(
        "--month", type=_month, metavar="YYYY-MM", help=gettext("by default the last one that is whole")
    )
    subject = reporting.add_mutually_exclusive_group()
    subject.add_argument("--device", metavar="NAME", help=gettext("of one device alone"))
    subject.add_argument("--category", metavar="NAME", help=gettext("of one category alone"))
    reporting.add_argument("--output", type=Path, required=True, metavar="FILE", help=".pdf or .xlsx")


def _add_files(add: Adder) -> None:
    forecast = add(
        "forecast",
        data_verbs.forecast,
        gettext("Forecast the daily kWh of the devices in a file; no database."),
    )
    forecast.add_argument("--horizon-days", type=int, required=True, metavar="N")
    detect = add("detect", data_verbs.detect, gettext("Find anomalous readings in a file; no database."))
    for each in (forecast, detect):
        each.add_argument(
            "--input",
            type=Path,
            required=True,
            metavar="FILE",
            help=gettext("columns date, device, consumption"),
        )
        each.add_argument("--output", type=Path, required=True, metavar="FILE", help=gettext(".csv or .xlsx"))
        each.add_argument(
            "--country", metavar="CC", help=gettext("whose public holidays are kept, such as DE")
        )
        _add_json(each)


def _add_maintenance(add: Adder) -> None:
    backup = add("backup", maintenance_verbs.backup, gettext("Write the whole database to a file."))
    restore = add("restore", maintenance_verbs.restore, gettext("Replace the whole database by a backup."))
    for each in (backup, restore):
        each.add_argument("file", type=Path, metavar="FILE")
        _add_json(each)
    restore.add_argument(
        "--trust-foreign",
        action="store_true",
        help=gettext(
            "also one that this installation has not written, or that was altered since: whoever "
            "made it decides on accounts, administrators, mail servers and watched folders"
        ),
    )
    restore.add_argument(
        "--yes",
        action="store_true",
        help=gettext("also if the database was changed after the backup was made"),
    )
    doctor = add("doctor", maintenance_verbs.doctor, gettext("Look whether everything is well."))
    doctor.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help=gettext("also write what support needs to know, without secrets"),
    )
    _add_json(doctor)


def _add_json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help=gettext("print one JSON object"))


def _month(text: str) -> date:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(
            gettext("“{text}” is not a month such as 2024-03", text=text)
        ) from None
    if month.year not in YEARS:  # the months that it is compared with have to be dates as well
        raise argparse.ArgumentTypeError(
            gettext("“{text}” is not within the years that meters are read in", text=text)
        )
    return month


def _field_and_column(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals or field not in FIELDS:
        fields = ", ".join(FIELDS)
        raise argparse.ArgumentTypeError(
            gettext("“{text}” is not FIELD=COLUMN with a field of {fields}", text=text, fields=fields)
        )
    return field, column


log = logging.getLogger(__name__)


class ArgumentRefused(LoadlensError):
    """The command line holds what no verb can take."""


def main(arguments: Sequence[str]) -> int:
    """Run the verb that the command line names; the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        _check_text(chosen)
        known = settings.load(chosen.env_file)
        logs.begin(known, chosen.name)
        crash_reports.begin(known, chosen.name)
        with disconnects_named():
            chosen.verb(known, chosen)
    except LoadlensError as error:
        log.info("refused: %s", error)
        say(error)
        return 1
    return 0


def _check_text(chosen: Namespace) -> None:
    """Raise `ArgumentRefused` for text that is none; a file's name may be any bytes."""
    for name, value in vars(chosen).items():
        if isinstance(value, str) and not is_text(value):
            raise ArgumentRefused(
                "“{value}” is no text in this console's encoding. Type it again.", value=value, name=name
            )
