"""Which devices stand out."""

from collections.abc import Iterator

from services.dashboard import Share
from services.reports import amounts
from services.reports.contents import Contents
from services.reports.naming import period_name
from services.reports.wording import Wording

WORTH_TELLING = 0.01
"""A device's change counts from this part of the total on."""
MOST_RISEN = "{device} rose the most since {other}, by {kwh} a day."
MOST_FALLEN = "{device} fell the most since {other}, by {kwh} a day."


def devices(contents: Contents, wording: Wording) -> Iterator[str]:
    """The greatest consumer, and those that changed most; nothing of one device alone."""
    found = contents.now.devices
    if len(found) < 2:
        return
    yield wording.say(
        "{device} used the most: {kwh}, {share} of the total.",
        device=found[0].name,
        kwh=amounts.kwh(wording, found[0].kwh),
        share=amounts.percent(wording, found[0].share),
    )
    worth = WORTH_TELLING * sum(device.kwh for device in found) / contents.metered_days
    changes = sorted(_changes(contents), key=lambda change: change[1])
    risen = [(*change, MOST_RISEN) for change in changes[-1:] if change[1] >= worth]
    fallen = [(*change, MOST_FALLEN) for change in changes[:1] if -change[1] >= worth]
    for device, difference, template in risen + fallen:
        yield wording.say(
            template,
            device=device.name,
            other=period_name(wording, contents, 1),
            kwh=amounts.kwh(wording, abs(difference)),
        )


def _changes(contents: Contents) -> list[tuple[Share, float]]:
    """Each device with readings in both periods, and its kWh a day above the period before."""
    if contents.before is None:
        return []
    days, days_before = contents.metered_days, contents.period.previous.days
    earlier = {device.id: device.kwh / days_before for device in contents.before.devices}
    return [(d, d.kwh / days - earlier[d.id]) for d in contents.now.devices if earlier.get(d.id)]
