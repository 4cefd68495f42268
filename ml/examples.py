"""The days that models learn from."""

import numpy as np

from ml.arrays import Floats, Ints
from ml.features import Rows, rows
from ml.history import History

BUCKETS = (1, 3, 7, 14, 28, 60, 366)
"""Horizons are told apart up to so many days ahead each: tomorrow is another matter than next week."""
LEAST_AHEAD = 7
CLIP = -1.0, 4.0
"""Shares of the level that are learnt from; what lies beyond is learnt as its edge."""


def bucket(ahead: Ints) -> Ints:
    """Of which horizon a day so far ahead is: an index into `BUCKETS`."""
    found: Ints = np.searchsorted(BUCKETS, ahead)
    return found


def examples(
    known: History, first: int, last: int, steps: int, most: int, seed: int = 0
) -> tuple[Rows, Floats]:
    """Up to ``most`` days among the rows ``first`` to ``last`` (excluded) of the history: what was known
    of each up to ``steps`` days before, and the share of the level that it came to.

    Drawn at random, every horizon about as often as the others, whatever its length.
    """
    rng = np.random.default_rng(seed)
    days, devices = last - first, known.kwh.shape[1]
    tops = [top for top in BUCKETS if top < steps] + [steps]
    bottoms = [1] + [top + 1 for top in tops[:-1]]
    draws = min(2 * most, days * devices * len(tops))
    which = rng.integers(len(tops), size=draws)
    ahead = rng.integers(np.array(bottoms)[which], np.array(tops)[which] + 1)
    target, device = rng.integers(first, last, size=draws), rng.integers(devices, size=draws)
    origin = target - ahead
    usable = (origin >= first) & ~np.isnan(known.kwh[target, device])
    usable[usable] &= known.learnable[origin[usable], device[usable]]
    chosen = np.flatnonzero(usable)[:most]
    found = rows(known, origin[chosen], device[chosen], ahead[chosen])
    return found, np.clip(known.kwh[target[chosen], device[chosen]] / found.scale, *CLIP)
