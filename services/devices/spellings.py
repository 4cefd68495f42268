"""What lists of devices write for a utility, a direction, a unit, yes and no.

As `sheets.words.plain` gives it; English, German, French, Spanish, Italian, Dutch and Turkish, as elsewhere.
"""

from collections.abc import Mapping
from typing import Any

from services.units import UNITS
from services.utilities import Direction, Utility


def _by_word(words: Mapping[Any, str]) -> dict[str, str]:
    return {word.strip(): value for value, line in words.items() for word in (value, *line.split(","))}


_UTILITIES: dict[Utility, str] = {
    "electricity": "electric,power,elec,strom,elektrizitat,elektro,electricite,electricidad,elettricita,"
    "energia elettrica,elektriciteit,stroom,elektrik",
    "gas": "natural gas,erdgas,gaz,gaz naturel,gas natural,gas naturale,metano,aardgas,dogalgaz",
    "heat": "heating,district heating,hot water,warme,fernwarme,heizung,chaleur,chauffage,calor,calefaccion,"
    "calore,riscaldamento,teleriscaldamento,warmte,stadsverwarming,isi,isitma",
    "cooling": "chilled water,cold,district cooling,kalte,fernkalte,froid,refroidissement,frio,refrigeracion,"
    "freddo,raffrescamento,koude,koeling,sogutma",
    "steam": "dampf,vapeur,vapor,vapore,stoom,buhar",
    "fuel": "oil,heating oil,diesel,kraftstoff,brennstoff,heizol,fioul,combustible,carburant,gasoleo,"
    "combustibile,gasolio,brandstof,stookolie,yakit",
    "water": "wasser,eau,agua,acqua,su",
    "temperature": "temp,temperatur,temperatura,temperatuur,sicaklik",
    "other": "sonstiges,andere,autre,otro,altro,overig,diger",
}
_DIRECTIONS: dict[Direction, str] = {
    "consumption": "import,use,usage,drawn,from grid,verbrauch,bezug,consommation,soutirage,consumo,prelievo,"
    "verbruik,afname,tuketim",
    "generation": "production,generated,pv,solar,erzeugung,produktion,generacion,produccion,"
    "generazione,produzione,opwek,opwekking,uretim",
    "export": "feed in,fed in,delivered,to grid,einspeisung,lieferung,injection,exportacion,inyeccion,"
    "immissione,cessione,teruglevering,invoeding,ihracat",
}
SPELLED_UTILITY = _by_word(_UTILITIES)
SPELLED_DIRECTION = _by_word(_DIRECTIONS)
SPELLED_YES_NO: dict[str, bool] = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "si", "s", "evet", "wahr"), True),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "non", "nee", "hayir", "falsch"), False),
}
SPELLED_UNIT = {
    **{symbol.casefold(): symbol for symbol in UNITS},
    **{"m³": "m3", "cbm": "m3", "ft³": "ft3", "liter": "L", "litre": "L", "litres": "L", "l": "L", "c": "°C"},
}
"""By the symbol in lower case."""
