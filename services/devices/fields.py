"""What is kept of a device: one entry a field, which tables, forms, imports and lists of devices read.

To add a field: a default in `services.devices.devices.Device`, an entry here, and its words on screen in
`desktop.features.devices.fields`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.documents import camel_case
from services.messages import N_

STATUSES = ("active", "inactive")

Kind = Literal["name", "category", "number", "choice", "text"]


def _anything(_value: Any) -> bool:
    return True


@dataclass(frozen=True)
class DeviceField:
    """One field of a device that people may edit."""

    name: str
    """The attribute of `Device`."""
    kind: Kind
    heading: str
    """Over its column in a list of devices, in English whatever the language of the program."""
    words: tuple[str, ...] = ()
    """What others write over that column, as `services.sheets.words.plain` gives it."""
    default: str | float | None = None
    choices: tuple[str, ...] = ()
    allows: Callable[[Any], bool] = _anything
    refusal: str = ""
    """The message about a value that ``allows`` does not."""
    not_a_number: str = ""
    """The message about a cell of a list that holds none."""
    scales: Mapping[str, float] = field(default_factory=dict)
    """By what to multiply a number with this unit, lower case; the empty one is the unit it is stored in."""
    changes_alerts: bool = False
    """Whether alerts depend on it."""
    individual: bool = False
    """Whether each device has one of its own, so that several are not given the same at once."""
    like: str = ""
    """The field of a file of readings whose headings it shares, of `services.readings.FIELDS`."""

    @property
    def stored(self) -> str:
        """Return the field of the document."""
        return camel_case(self.name)

    @property
    def shown(self) -> str:
        """Return the attribute of `Device` that a person reads: of a category its name."""
        return "category" if self.kind == "category" else self.name


FIELDS = (
    DeviceField("name", "name", "Name", default="", individual=True, like="device"),
    DeviceField("category_id", "category", "Category", like="category"),
    DeviceField(
        "rated_power",
        "number",
        "Rated power (W)",
        words=(
            *("rated power", "power", "rating", "rated", "nameplate", "nameplate power", "nameplate rating"),
            *("wattage", "watts", "nennleistung", "leistung", "anschlussleistung", "puissance"),
            *("puissance nominale", "potencia", "potencia nominal", "potenza", "potenza nominale"),
            *("vermogen", "nominaal vermogen", "guc", "anma gucu"),
        ),
        allows=lambda watts: watts is None or 0 < watts < float("inf"),
        refusal=N_("The rated power must be above 0 W, or empty when it is not known."),
        not_a_number=N_("This is no power in W."),
        scales={"": 1.0, "w": 1.0, "kw": 1e3, "mw": 1e6},
        changes_alerts=True,
    ),
    DeviceField(
        "avg_usage_hours",
        "number",
        "Average use (h/day)",
        words=(
            *("average use", "avg usage hours", "average usage hours", "average hours", "usage hours"),
            *("hours", "operating hours", "hours a day", "hours per day", "hours day", "run hours"),
            *("betriebsstunden", "stunden", "stunden pro tag", "heures", "heures par jour", "horas"),
            *("horas al dia", "ore", "ore al giorno", "uren", "uren per dag", "saat", "gunluk saat"),
        ),
        allows=lambda hours: hours is None or 0 <= hours <= 24,
        refusal=N_("The average use must lie between 0 and 24 hours a day, or be empty."),
        not_a_number=N_("This is no number of hours."),
        changes_alerts=True,
    ),
    DeviceField(
        "status",
        "choice",
        "Status",
        words=("status", "state", "zustand", "etat", "statut", "estado", "stato", "toestand", "durum"),
        default="active",
        choices=STATUSES,
        allows=lambda status: status in STATUSES,
        refusal=N_("The status must be active or inactive."),
        changes_alerts=True,
    ),
    DeviceField("meter_number", "text", "Meter number", default="", individual=True, like="number"),
)
"""In the order in which they are shown."""

DEFAULTS = {
    **{f.stored: f.default for f in FIELDS if f.kind != "text"},
    **{"utility": "electricity", "direction": "consumption", "unit": "kWh"},
    **{"parentId": None, "countsInTotal": None},
}
"""What the document of a device holds about which nothing is said; an empty text is not stored."""
