"""What is kept of a device: one entry a field, which tables, forms, imports and lists of devices read.

To add a field: a default in `services.devices.devices.Device`, an entry here, and its words on screen in
`desktop.features.devices.fields`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.devices.spellings import SPELLED_DIRECTION, SPELLED_UNIT, SPELLED_UTILITY, SPELLED_YES_NO
from services.documents import camel_case
from services.messages import N_
from services.units import UNITS
from services.utilities import DIRECTIONS, UTILITIES, Utility

STATUSES = ("active", "inactive")

Kind = Literal["name", "category", "parent", "number", "choice", "text"]
Value = str | float | bool | None


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
    default: Value = None
    choices: tuple[Value, ...] = ()
    spellings: Mapping[str, Value] = field(default_factory=dict)
    """What lists write for the choices, as `services.sheets.words.plain` gives it."""
    symbols: bool = False
    """Whether the choices are symbols; ``spellings`` has these in lower case."""
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

    key: str = ""
    """Its name in JSON, where that is not that of the document."""

    @property
    def column(self) -> str:
        """Return the name of the field where scripts read it."""
        return self.key or camel_case(self.shown)

    @property
    def stored(self) -> str:
        """Return the field of the document."""
        return camel_case(self.name)

    @property
    def shown(self) -> str:
        """Return the attribute of `Device` that a person reads: of a category or a parent its name."""
        return self.kind if self.kind in ("category", "parent") else self.name

    def write(self, value: Value) -> Value:
        """Return how a list has a value: yes and no as words."""
        return ("yes" if value else "no") if isinstance(value, bool) else value


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
        spellings={status: status for status in STATUSES},
        allows=lambda status: status in STATUSES,
        refusal=N_("The status must be active or inactive."),
        changes_alerts=True,
    ),
    DeviceField(
        "meter_number",
        "text",
        "Meter number",
        words=("number", "no", "nr", "nummer", "numero"),
        default="",
        individual=True,
        like="number",
        key="number",
    ),
    DeviceField(
        "utility",
        "choice",
        "Utility",
        words=(
            *("utility", "commodity", "medium", "energy type", "energy carrier", "energietrager"),
            *("energieart", "sparte", "fluide", "type d energie", "tipo de energia", "suministro"),
            *("vettore", "fluido", "vettore energetico", "energiedrager", "enerji turu"),
        ),
        default="electricity",
        choices=tuple(UTILITIES),
        spellings=SPELLED_UTILITY,
        allows=lambda utility: utility in UTILITIES,
        refusal=N_("This is no utility that meters measure."),
        changes_alerts=True,
    ),
    DeviceField(
        "direction",
        "choice",
        "Direction",
        words=(
            *("direction", "flow", "flow direction", "richtung", "flussrichtung", "energierichtung", "sens"),
            *("direccion", "sentido", "direzione", "verso", "richting", "yon"),
        ),
        default="consumption",
        choices=tuple(DIRECTIONS),
        spellings=SPELLED_DIRECTION,
        allows=lambda direction: direction in DIRECTIONS,
        refusal=N_("The direction must be consumption, generation or export."),
        changes_alerts=True,
    ),
    DeviceField(
        "unit",
        "choice",
        "Unit",
        words=(
            *("unit", "units", "uom", "unit of measure", "einheit", "messeinheit", "unite", "unidad"),
            *("unita", "unita di misura", "eenheid", "birim"),
        ),
        default="kWh",
        choices=tuple(symbol for symbol, unit in UNITS.items() if unit.measure != "power"),
        spellings=SPELLED_UNIT,
        symbols=True,
        allows=lambda unit: unit in UNITS and UNITS[unit].measure != "power",
        refusal=N_("This is no unit that meters count in."),
        changes_alerts=True,
    ),
    DeviceField(
        "parent_id",
        "parent",
        "Behind meter",
        words=(
            *("behind meter", "behind", "parent", "parent meter", "main meter", "upstream meter"),
            *("sub meter of", "submeter of", "hauptzahler", "ubergeordneter zahler", "vorgelagerter zahler"),
            *("compteur parent", "compteur principal", "compteur general", "contador principal"),
            *("contador padre", "contatore principale", "contatore padre", "hoofdmeter"),
            *("bovenliggende meter", "ana sayac", "ust sayac"),
        ),
    ),
    DeviceField(
        "counts_in_total",
        "choice",
        "Counts in totals",
        key="counts",
        words=(
            *("counts", "counts in total", "counts in totals", "in total", "included", "zahlt", "zahlt mit"),
            *("in summe", "compte", "compte dans le total", "cuenta", "cuenta en el total", "conta"),
            *("conta nel totale", "telt", "telt mee", "toplama dahil"),
        ),
        choices=(None, True, False),
        spellings=SPELLED_YES_NO,
        allows=lambda counts: counts in (None, True, False),
        refusal=N_("Whether a meter counts in totals is yes, no, or empty: unless its parent counts for it."),
        changes_alerts=True,
    ),
)
"""In the order in which they are shown."""

DEFAULTS = {f.stored: f.default for f in FIELDS if f.kind != "text"}
"""What the document of a device holds about which nothing is said; an empty text is not stored."""


def units_of(utility: Utility) -> tuple[str, ...]:
    """Return the units that meters of a utility count in, the usual one first."""
    kind = UTILITIES[utility]
    usable = (symbol for symbol, unit in UNITS.items() if unit.measure in kind.measures)
    return (kind.unit, *(symbol for symbol in usable if symbol != kind.unit))
