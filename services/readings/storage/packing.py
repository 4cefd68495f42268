"""Columns of numbers as a few bytes each, and back to exactly the same numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from services.scope import Document

Numbers = npt.NDArray[Any]

POWERS = 10.0 ** np.arange(7)
GLANCE = 16
"""So many values tell how many decimals the others are likely to have."""
WHOLE = {f"<i{size}": (-(1 << 8 * size - 1), (1 << 8 * size - 1) - 1) for size in (1, 2, 4, 8)}
MOST = WHOLE["<i4"][1]


def pack(values: Numbers) -> Document:
    """A column of at least one whole number or float64 as a document for the database.

    A column that goes up by the same step keeps its first value and the step. What meters say has few
    decimals: then the whole numbers are kept that a power of ten divides to the very same float64.
    """
    if (steady := _steady(values)) is not None:
        return {"first": values[0].item(), "step": steady}
    if values.dtype.kind == "i":
        return _whole(values)
    decimals = _decimals(values)
    if decimals is None:
        return {"type": "<f8", "data": values.astype("<f8").tobytes()}
    return {**_whole(np.rint(values * 10**decimals).astype("int64")), "decimals": decimals}


def unpack(packed: Document, count: int) -> Numbers:
    """The ``count`` numbers that `pack` packed; they may not be written to."""
    if "step" in packed:
        if packed["step"] == 0:
            return np.full(count, packed["first"])
        rising: Numbers = packed["first"] + packed["step"] * np.arange(count)
        return rising
    values: Numbers = np.frombuffer(packed["data"], packed["type"])
    if "decimals" in packed:
        exact: Numbers = values / 10 ** packed["decimals"]
        return exact
    return values if values.dtype.kind == "f" else values.astype("int64")


def _steady(values: Numbers) -> int | None:
    if values.dtype.kind == "f":
        return 0 if (values == values[0]).all() else None
    steps = np.diff(values)
    step = int(steps[0]) if len(steps) else 0
    return step if (steps == step).all() else None


def _whole(values: Numbers) -> Document:
    least, most = int(values.min()), int(values.max())
    name = next(name for name, (lowest, highest) in WHOLE.items() if lowest <= least and most <= highest)
    return {"type": name, "data": values.astype(name).tobytes()}


def _decimals(values: Numbers) -> int | None:
    """With how many decimals the values can be written without changing one of them; None: with too many."""
    glance = values[:GLANCE, np.newaxis]
    with np.errstate(over="ignore"):  # what grows beyond measure has no decimals
        likely = (np.rint(glance * POWERS) / POWERS == glance).all(axis=0)
    for decimals in np.flatnonzero(likely).tolist():
        whole = np.rint(values * 10**decimals)
        if (whole / 10**decimals == values).all() and np.abs(whole).max() < MOST:
            return int(decimals)
    return None
