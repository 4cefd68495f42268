"""What stands behind the figures, for whoever asks."""

from services.reports.contents import Contents
from services.reports.wording import Wording

TERMS = (
    ("Comparisons", "With the whole month or week before, and the same one a year before; none where days "
     "of these have no readings."),
    ("Demand", "The mean over an interval between readings; peak demand is the highest."),
    ("Baseload", "The demand that is hardly ever undercut: what runs day and night."),
    ("Load factor", "Mean demand as a part of peak demand: near 100 % the use is even."),
    ("Average day", "Mean demand of each hour; the band holds eight of ten days."),
    ("Load duration", "For how much of the time demand was at least so high."),
)  # fmt: skip
FORECAST = ("Forecast", "By the model that did best in its test, which had not seen these days.")
COST = ("Cost", "By the tariff in the settings of the facility, in {currency}.")
NO_COST = ("Cost", "Unknown: enter a tariff in the settings of the facility.")
CO2 = ("CO₂", "{factor} kg for each kWh.")
NO_CO2 = ("CO₂", "Unknown: enter an emission factor in the settings of the facility.")


def notes(contents: Contents, wording: Wording) -> list[tuple[str, str]]:
    """(term, explanation) of what this report holds."""
    facility, factor = contents.facility, contents.facility.emission_factor
    told = [
        *TERMS,
        *([FORECAST] if contents.expected is not None else []),
        COST if "cost" in contents.figures else NO_COST,
        CO2 if "co2" in contents.figures else NO_CO2,
    ]
    written = wording.number(factor, 3) if factor is not None else ""
    return [
        (wording.say(term), wording.say(words, currency=facility.currency, factor=written))
        for term, words in told
    ]
