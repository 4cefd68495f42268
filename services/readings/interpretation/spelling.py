"""The spellings of one name in a file, of which the first is shown."""

from collections.abc import Iterable

import pandas as pd

from services.names import name_key
from services.readings.interpretation import cells


def device_names(column: pd.Series) -> pd.Series:
    """Return cells as trimmed names, categorical, empty where nothing is seen."""
    names = pd.Series(cells.text(column)).astype("category")
    unseen = [name for name in names.cat.categories if name and not name_key(name)]
    return names.astype("str").where(~names.isin(unseen), "").astype("category") if unseen else names


def first_spellings(names: Iterable[str]) -> dict[str, str]:
    """Return the earlier spelling of each name that has one, of distinct names in the file's order."""
    first: dict[str, str] = {}
    spelled = {name: first.setdefault(name_key(name), name) for name in names}
    return {name: spelling for name, spelling in spelled.items() if name != spelling}


def merge_spellings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return readings with one category of ``device`` for all spellings of its name.

    Where there were several, the column ``spelling`` keeps them.
    """
    device = frame["device"].cat
    if len({name_key(name) for name in device.categories}) == len(device.categories):
        return frame
    earlier = first_spellings(frame["device"].unique())
    kept = device.categories.drop(list(earlier))
    places = kept.get_indexer(device.categories.map(lambda name: earlier.get(name, name)))
    merged = pd.Categorical.from_codes(places[device.codes], categories=kept)
    return frame.assign(device=merged, spelling=frame["device"])
