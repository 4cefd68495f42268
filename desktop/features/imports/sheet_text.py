"""A sheet and what was decided about it, in words; and deciding anew from another row on."""

from dataclasses import replace
from functools import partial

import pandas as pd
from PySide6.QtCore import QCoreApplication

from desktop.features.imports.files import SheetInHand
from desktop.framework.formatting import number
from services.progress import Progress, silent
from services.readings import Plan, Sheet, decide

translate = QCoreApplication.translate


def field_name(field: str) -> str:
    names = {
        "date": translate("SheetWords", "Date and time"),
        "time": translate("SheetWords", "Time of day"),
        "device": translate("SheetWords", "Device"),
        "number": translate("SheetWords", "Meter number"),
        "consumption": translate("SheetWords", "Consumption"),
        "category": translate("SheetWords", "Category"),
        "location": translate("SheetWords", "Location"),
        "notes": translate("SheetWords", "Notes"),
    }
    return names[field]


def caption(at: SheetInHand) -> str:
    """The sheet and its extent, and whether its reading is remembered."""
    text = translate("SheetWords", "{sheet}: {rows} rows, {columns} columns.").format(
        sheet=at.sheet.name, rows=number(at.sheet.rows), columns=number(len(at.plan.columns))
    )
    remembered = translate("SheetWords", "Read as files of this layout were before.")
    return f"{text} {remembered}" if at.remembered else text


def marks(plan: Plan) -> list[str]:
    """For each column, from left to right, what it holds; empty where it is left out."""
    held = {column: field_name(field) for field, column in plan.map.chosen().items()}
    if plan.layout == "wide":
        held |= dict.fromkeys(plan.meters, translate("SheetWords", "Meter"))
    if plan.layout == "hours":
        held |= dict.fromkeys(plan.meters, translate("SheetWords", "Time of day"))
    return [held.get(column, "") for column in plan.columns]


def first_date(at: SheetInHand) -> str:
    """The first cell of the column of dates, as it stands there; empty if there is none."""
    if at.plan.map.date not in at.plan.columns:
        return ""
    place = at.plan.columns.index(at.plan.map.date)
    body = at.sheet.head[at.plan.header + at.plan.header_rows :]
    return next((cell for row in body if (cell := row[place])), "")


def decide_below(sheet: Sheet, row: int, timezone: str) -> Plan:
    """What is decided if nothing above ``row`` (from 0) is looked at."""
    begun = replace(
        sheet, head=sheet.head[row:], rows=sheet.rows - row, body=partial(_body_below, sheet, row)
    )
    plan = decide(begun, timezone)
    return replace(plan, header=plan.header + row)


def _body_below(sheet: Sheet, row: int, first: int, progress: Progress = silent) -> pd.DataFrame:
    return sheet.body(first + row, progress)
