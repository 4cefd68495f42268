"""The tables of the pages: who used it, and what was out of the ordinary."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.alerts import Alert
from services.dashboard import Share
from services.reports import amounts
from services.reports.contents import Contents
from services.reports.figures import SEVERITIES
from services.reports.naming import short_period_name
from services.reports.pages.breaking import breakable
from services.reports.pages.cells import tone
from services.reports.wording import Wording

Data = dict[str, Any]
DEVICES, ALERTS = 20, 12
"""So many are listed on paper; the workbook has them all."""


def shares(contents: Contents, wording: Wording, what: str) -> Data:
    say = wording.say
    found: list[Share] = getattr(contents.now, what)
    # Per day, for a February is no better than a March for being shorter.
    stretch = contents.metered_days / contents.period.previous.days
    earlier = {s.id: s.kwh * stretch for s in getattr(contents.before, what)} if contents.before else {}
    most = max((s.kwh for s in found), default=0.0)
    rest = found[DEVICES:]
    first, unnamed = (
        (say("Device"), "") if what == "devices" else (say("Category"), say("Without a category"))
    )
    return {
        "title": say("Devices") if what == "devices" else say("Categories"),
        "unit": say("by consumption"),
        "columns": [first, "kWh", "", say("Share"), _change_heading(contents, wording)],
        "rows": [
            {
                "name": breakable(share.name or unnamed),
                "kwh": amounts.kwh(wording, share.kwh).removesuffix(f"{amounts.NBSP}kWh"),
                "bar": share.kwh / most if most > 0 else 0.0,
                "share": amounts.percent(wording, share.share),
                "change": amounts.signed_percent(
                    wording, c := amounts.change(share.kwh, earlier.get(share.id))
                ),
                "tone": tone(c),
            }
            for share in found[:DEVICES]
        ],
        "note": say(
            "{count} more used {kwh} together; the workbook lists them.",
            count=wording.number(len(rest)),
            kwh=amounts.kwh(wording, sum(share.kwh for share in rest)),
        )
        if rest
        else "",
    }


def events(contents: Contents, wording: Wording) -> Data:
    say, rest = wording.say, len(contents.events) - ALERTS
    return {
        "heading": say("What was out of the ordinary"),
        "none": say("No alert was raised in this period."),
        "columns": [say("When"), say("Device"), say("What happened")],
        "rows": [_event(alert, contents, wording) for alert in contents.events[:ALERTS]],
        "note": say("{count} more alerts are in the workbook.", count=wording.number(rest))
        if rest > 0
        else "",
    }


def _change_heading(contents: Contents, wording: Wording) -> str:
    template = (
        "Per day vs. {period}" if contents.period.kind == "month" or contents.missing_days else "vs. {period}"
    )
    return wording.say(template, period=short_period_name(contents, wording, 1))


def _event(alert: Alert, contents: Contents, wording: Wording) -> Data:
    return {
        "when": _moment(alert.start, contents, wording),
        "severity": alert.severity,
        "says": wording.say(SEVERITIES[alert.severity]),
        "device": breakable(alert.device),
        "message": breakable(alert.message, len(alert.message)),
    }


def _moment(value: datetime, contents: Contents, wording: Wording) -> str:
    local = value.astimezone(ZoneInfo(contents.timezone))
    return f"{wording.short_day(local.date())}, {wording.time(local)}"
