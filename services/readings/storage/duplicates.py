"""Meters whose readings are stored already under another name: a second download, a renamed column."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import ObjectId

from services.names import name_key
from services.progress import Progress
from services.readings.storage import blocks
from services.readings.storage.blocks import Run
from services.readings.storage.unclear import Duplicate
from services.scope import Scope

STAGE = "Comparing with stored readings"
COUNTER = re.compile(
    r"(?:\s*\(\d+\)|[\s_-]+\d+|\s+-\s+(?:copy|kopie|copie|copia|c[oó]pia|kopya)(?:\s*\(\d+\))?)$",
    re.IGNORECASE,
)
"""What a browser or a file manager puts behind the name of a second file of one name."""
MONTHS, PROBES, CANDIDATES = 5, 8, 3
"""Months of a meter that are looked into, readings in each, and stored meters compared in full."""
EQUAL = 0.9
"""Share of the readings at the same times that are equal."""
ENOUGH, LEVELS = 12, 6
"""Equal readings, and different values among them: nobody else's meter has so many in common by chance."""
ENOUGH_HINTED, LEVELS_HINTED = 3, 2
"""The same where the file's name says that it is a second one."""

Probes = dict[tuple[int, np.float32], list[str]]


def find_duplicates(
    scope: Scope, frame: pd.DataFrame, names: Collection[str], stem: str, progress: Progress
) -> list[Duplicate]:
    """Return which of the meters ``names``, all new, have the readings of a stored meter.

    ``frame`` (device, date, consumption) has the file's readings, ``stem`` is the file's name without its
    suffix. The value that a meter has most often is no evidence, so that constant series and zeros never
    are. Reads the packed readings of up to five months a meter, and of the likeliest meters in full.
    Raises whatever ``progress`` raises.
    """
    runs = dict(_runs(frame[frame["device"].isin(names)]))
    stored = {d["_id"]: d["name"] for d in scope.db["devices"].find(scope.owned(), {"name": True})}
    found = []
    likely = _likely(scope, runs, progress)
    for done, (name, run) in enumerate(runs.items()):
        progress(STAGE, done, len(runs))
        hinted = _hinted(stored, name, stem)
        some = dict.fromkeys([*hinted, *likely.get(name, ())])
        duplicates = (_compared(scope, name, run, i, stored[i], i in hinted) for i in some if i in stored)
        found += [duplicate for duplicate in duplicates if duplicate][:1]
    return found


def _runs(frame: pd.DataFrame) -> Iterator[tuple[str, Run]]:
    """The readings of each meter, ascending."""
    at = pd.DatetimeIndex(frame["date"]).tz_localize(None).to_numpy("datetime64[ms]").astype("int64")
    kwh = frame["consumption"].to_numpy("float64")
    codes, names = pd.factorize(frame["device"])
    order = np.lexsort((at, codes))
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for number, name in enumerate(names):
        rows = order[bounds[number] : bounds[number + 1]]
        yield str(name), Run(at[rows], kwh[rows], np.zeros(len(rows), "int64"))


def _likely(scope: Scope, runs: Mapping[str, Run], progress: Progress) -> dict[str, list[ObjectId]]:
    """The stored meters that have most of a few readings in common with each meter."""
    probes = _probes(runs)
    votes: dict[str, Counter[ObjectId]] = defaultdict(Counter)
    for done, (month, of_month) in enumerate(probes.items()):
        progress(STAGE, done, len(probes))
        first, after = (datetime.fromisoformat(f"{m}-01").replace(tzinfo=UTC) for m in (month, month + 1))
        times = np.unique([at for at, _ in of_month])
        query = scope.owned({"start": {"$gte": first, "$lt": after}})
        for block in scope.db["load_blocks"].find(query):
            run = blocks.run_of(block)
            for row in np.flatnonzero(np.isin(run.at, times)):
                for name in of_month.get((int(run.at[row]), np.float32(run.kwh[row])), ()):
                    votes[name][block["deviceId"]] += 1
    return {name: [device_id for device_id, _ in of.most_common(CANDIDATES)] for name, of in votes.items()}


def _probes(runs: Mapping[str, Run]) -> dict[np.datetime64, Probes]:
    """By month a few readings of each meter that say something, with the meters that have them."""
    found: dict[np.datetime64, Probes] = defaultdict(lambda: defaultdict(list))
    for name, run in runs.items():
        telling = np.flatnonzero((run.kwh != 0) & (np.diff(run.kwh, prepend=np.nan) != 0))
        month = run.at[telling].astype("datetime64[ms]").astype("datetime64[M]")
        months = np.unique(month)
        for chosen in months[_spread(len(months), MONTHS)]:
            rows = telling[month == chosen]
            for row in rows[_spread(len(rows), PROBES)]:
                found[chosen][int(run.at[row]), np.float32(run.kwh[row])].append(name)
    return found


def _spread(count: int, most: int) -> npt.NDArray[np.int64]:
    """Positions from the first to the last, evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype("int64"))


def _hinted(stored: Mapping[ObjectId, str], name: str, stem: str) -> list[ObjectId]:
    """The stored meters whose second file this is, as its name says, which is the meter's."""
    if name_key(name) != name_key(stem) or not COUNTER.search(stem.strip()):
        return []
    before = name_key(COUNTER.sub("", stem.strip()))
    return [i for i, other in stored.items() if before in (key := name_key(other), COUNTER.sub("", key))]


def _compared(
    scope: Scope, name: str, run: Run, device_id: ObjectId, other: str, hinted: bool
) -> Duplicate | None:
    """The duplicate, if the readings of the stored meter are these."""
    first, last = (datetime.fromtimestamp(at / 1000, UTC) for at in (run.at[0], run.at[-1]))
    query = {"deviceId": device_id, "start": {"$lte": last}, "end": {"$gte": first}}
    stored = blocks.in_order([blocks.run_of(b) for _, of in blocks.find(scope, query) for b in of])
    _, ours, theirs = np.intersect1d(run.at, stored.at, return_indices=True)
    kwh, values = run.kwh[ours], stored.kwh[theirs]
    levels, counts = np.unique(kwh, return_counts=True)
    telling = kwh != levels[counts.argmax()] if len(levels) else kwh != 0
    equal = telling & np.isclose(kwh, values, rtol=1e-9, atol=1e-12)
    enough, different = (ENOUGH_HINTED, LEVELS_HINTED) if hinted else (ENOUGH, LEVELS)
    if equal.sum() < max(enough, EQUAL * telling.sum()) or len(np.unique(kwh[equal])) < different:
        return None
    same = np.isclose(kwh, values, rtol=1e-9, atol=1e-12)
    return Duplicate(name, other, int(same.sum()), len(kwh))
