"""The pages' words, figures and drawings, ready to be set: what the template in resources/reports takes."""

from typing import Any

from services.reports.contents import Contents
from services.reports.naming import named, period_name
from services.reports.notes import notes
from services.reports.pages import drawings
from services.reports.pages.breaking import breakable
from services.reports.pages.cells import figure_cells
from services.reports.pages.tables import events, shares
from services.reports.summary import summary
from services.reports.wording import Wording

Data = dict[str, Any]


def layout(contents: Contents, wording: Wording) -> Data:
    """The data of the template: texts already written as the country writes them, charts as SVG."""
    say, subject = wording.say, contents.subject
    monthly = contents.period.kind == "month"
    made = {"day": wording.day(contents.made_at), "time": wording.time(contents.made_at)}
    period = period_name(wording, contents)
    period = period[:1].upper() + period[1:]
    name = breakable(contents.facility.name or say("Whole facility"))
    return {
        "language": wording.language,
        "paper": wording.paper,
        "title": f"{named(contents, wording)}, {period}",
        "overline": say("Monthly energy report") if monthly else say("Weekly energy report"),
        "name": name if subject.kind == "facility" else breakable(subject.name),
        "below": _line_below(contents, wording, period),
        "period": period,
        "running": name if subject.kind == "facility" else f"{name} · {breakable(subject.name)}",
        "made": say("Made on {day} at {time} by {program}", program=contents.made_by, **made),
        "made_by": contents.made_by,
        "page": say("Page {page} of {pages}", page="{page}", pages="{pages}"),
        "summary": [breakable(sentence, len(sentence)) for sentence in summary(contents, wording)],
        "figures": list(figure_cells(contents, wording)),
        "first_charts": [drawings.days(contents, wording), drawings.history(contents, wording)],
        "when": {
            "heading": say("When the energy is used"),
            "charts": [drawings.heat_map(contents, wording)],
            "pair": [drawings.profile(contents, wording), drawings.duration(contents, wording)],
        },
        "where": say("Where the energy is used"),
        "categories": shares(contents, wording, "categories"),
        "devices": shares(contents, wording, "devices"),
        "events": events(contents, wording),
        "notes": {"heading": say("How to read this report"), "rows": notes(contents, wording)},
    }


def _line_below(contents: Contents, wording: Wording, period: str) -> str:
    """The line under the name: what it is, unless it is the facility, and the period."""
    kinds = {"category": "Category of {facility}", "device": "Device of {facility}"}
    if contents.subject.kind == "facility":
        return period
    facility = contents.facility.name or wording.say("the facility")
    return f"{period} · {wording.say(kinds[contents.subject.kind], facility=facility)}"
