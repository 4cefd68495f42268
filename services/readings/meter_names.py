"""Tell the meters of one file apart by name, spelling, place and number."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.names import LONGEST, name_key
from services.sheets import cells
from services.utilities import Direction, Utility

MARKS = ("location", "number")
"""The fields that tell meters of one name apart, those first that tell a person more."""
LONGEST_MARK = 100

Codes = npt.NDArray[np.int64]
Pair = tuple[int, int]
"""Of a device and a mark."""
Forced = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Meter:
    """What a file says of a meter that has more than a name."""

    name: str
    """As the file says it. The meter's rows bear another one where the file has several of this name."""
    locations: tuple[str, ...] = ()
    """Several of one that was moved."""
    numbers: tuple[str, ...] = ()
    """Several of one that was exchanged, the latest last."""
    split_by: tuple[str, ...] = ()
    """The fields that are in the name of its rows."""
    utility: Utility | None = None
    """What it measures, as ``direction`` and ``unit`` None where the file says nothing of it."""
    direction: Direction | None = None
    unit: str | None = None
    """The unit of its readings, of `services.units.UNITS`."""


def with_mark(name: str, mark: str) -> str:
    """Return a name with a place or a number behind it, no longer than names may be."""
    behind = f" ({mark[:LONGEST_MARK]})"
    return name[: LONGEST - len(behind)] + behind


def split_by_mark(
    frame: pd.DataFrame, time: str, fields: Sequence[str], forced: Forced = ()
) -> tuple[pd.DataFrame, dict[str, Meter]]:
    """Give rows (device, the ``fields`` among `MARKS`, ``time``) of different meters different devices.

    A name is that of several meters if it has two places, or numbers, at one time: a meter is moved or
    exchanged between two times. Their names get it: "Main (Mill)" and "Main (Depot)"; rows that give none
    keep theirs. ``forced`` are keys of names with fields that split them at any rate.
    Returns the frame, its devices categorical, and by the key of its name what is told of each device.
    """
    device = frame["device"].astype("category")
    of_key, keys = pd.factorize(np.array([name_key(str(name)) for name in device.cat.categories], "object"))
    names = [str(device.cat.categories[np.flatnonzero(of_key == key)[0]]) for key in range(len(keys))]
    codes = of_key[device.cat.codes.to_numpy()].astype("int64")
    meters = [Meter(name) for name in names]
    told: dict[str, tuple[Codes, list[str], list[Pair]]] = {}
    for field in fields:
        mark, spellings = _marks(frame[field])
        pairs = _pairs(codes, mark)
        split = _meeting(codes, mark, pairs, frame[time])
        split |= {code for code, meter in enumerate(meters) if (name_key(meter.name), field) in forced}
        if split:
            rows = np.flatnonzero(np.isin(codes, list(split)) & (mark >= 0))
            new, found = pd.factorize(codes[rows] * len(spellings) + mark[rows])
            codes[rows] = len(names) + new
            for code, of_mark in (divmod(int(pair), len(spellings)) for pair in found):
                names.append(with_mark(names[code], spellings[of_mark]))
                meters.append(replace(meters[code], split_by=(*meters[code].split_by, field)))
        told[field] = mark, spellings, pairs
    if len(names) > len(keys):
        same, distinct = pd.factorize(pd.Index(names))
        frame = frame.assign(device=pd.Categorical.from_codes(same[codes], categories=distinct))
        told = {field: (mark, texts, _pairs(codes, mark)) for field, (mark, texts, _) in told.items()}
    locations, numbers = (_of_device(*told[field][1:]) if field in told else {} for field in MARKS)
    return frame, {
        name_key(names[code]): replace(
            meters[code], locations=locations.get(code, ()), numbers=numbers.get(code, ())
        )
        for code in locations.keys() | numbers.keys()
    }


def _marks(column: pd.Series) -> tuple[Codes, list[str]]:
    """Return each row's position of its mark among the distinct ones, -1 where it has none."""
    codes, texts = pd.factorize(column)
    keys, distinct = pd.factorize(np.array([name_key(str(text)) for text in texts], dtype="object"))
    spellings = [str(texts[np.flatnonzero(keys == key)[0]]) for key in range(len(distinct))]
    positions = np.array([key if distinct[key] else -1 for key in keys], dtype="int64")
    return np.append(positions, -1)[codes], spellings


def _pairs(codes: Codes, mark: Codes) -> list[Pair]:
    """Return the marks that each device has, in the order of the rows."""
    size = int(mark.max(initial=0)) + 1
    marked = codes * size + mark if (mark >= 0).all() else (codes * size + mark)[mark >= 0]
    return [divmod(int(pair), size) for pair in pd.unique(marked)]


def _of_device(spellings: Sequence[str], pairs: Sequence[Pair]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for code, mark in pairs:
        found[code] = (*found.get(code, ()), spellings[mark])
    return found


def _meeting(codes: Codes, mark: Codes, pairs: Sequence[Pair], times: pd.Series) -> set[int]:
    """Return the devices that have two marks at one time."""
    several = [code for code, count in Counter(code for code, _ in pairs).items() if count > 1]
    if not several:
        return set()
    rows = np.flatnonzero(np.isin(codes, several) & (mark >= 0))
    some = pd.DataFrame({"code": codes[rows], "mark": mark[rows], "time": times.iloc[rows].array})
    once = some.drop_duplicates()
    return set(once.loc[once.duplicated(["code", "time"]), "code"].tolist())


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
