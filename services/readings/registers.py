"""Readings of cumulative registers as the energy between them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from services.messages import N_, gettext

FULL, EMPTY = 0.9, 0.1
"""A register that turns over has less than a tenth of its range left before, and has used less after."""

TIMES_AS_BIG = 20
"""A register's value is usually at least so many times what it advances from one reading to the next."""
TIMES_AS_BIG_WHATEVER_IS_SAID = 200
"""What rises and never falls is a register from here on, even where its heading says consumption: a use that
grows by less than a half per cent from each reading to the next, for weeks, is none."""

STEADY = 10
"""So many times more if it always advances by the same: what was made up or levelled does, a meter hardly."""

REASONS = {
    "fell": N_("The register fell without having been full: a new meter begins here."),
    "low": N_("The register reads less than before and after."),
    "high": N_("The register reads more than after."),
}


@dataclass(frozen=True)
class Differences:
    """Positions, among the readings given, of those that end an interval and of those that tell none."""

    frame: pd.DataFrame
    """``ends`` and ``starts`` (positions), ``difference`` (the register's unit), in the given order."""
    refused: dict[str, np.ndarray]
    """Positions by the key of `REASONS`."""
    opening: int
    """Readings that only open a meter's series."""


def differences(device: np.ndarray, times: np.ndarray, values: np.ndarray) -> Differences:
    """Return what each register (device codes) advanced from one of its readings to the next in time.

    A register whose largest value has n digits turns over at 10 to the n. A drop that is no turn begins a
    new meter. A reading out of line with both its neighbours is refused and bridged.
    """
    order = np.lexsort((times, device))
    low, high = _out_of_line(device[order], values[order])
    kept = order[~(low | high)]
    same = np.diff(device[kept]) == 0
    before, after = values[kept][:-1], values[kept][1:]
    limit = _limit(device, values)[device[kept][1:]]
    turned = (after < before) & (before >= FULL * limit) & (after <= EMPTY * limit)
    fell = same & (after < before) & ~turned
    good = same & ~fell
    frame = pd.DataFrame(
        {
            "ends": kept[1:][good],
            "starts": kept[:-1][good],
            "difference": (after - before + np.where(turned, limit, 0.0))[good],
        }
    )
    refused = {"fell": kept[1:][fell], "low": order[low], "high": order[high]}
    opening = len(kept) - len(frame) - int(fell.sum())
    return Differences(frame.sort_values("ends", ignore_index=True), refused, opening)


def advances(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return readings of registers as what these advanced, and those that tell nothing.

    ``frame``: device (categorical), date (UTC), value (the register's unit) and more, which stays. The first
    result has the date at which an interval begins, its length as ``seconds`` and the difference as value;
    the second has the readings refused, each with its ``reason``, a sentence; the third is how many readings
    only open a meter's series.
    """
    frame = frame.reset_index(drop=True)
    instants = pd.DatetimeIndex(frame["date"]).asi8
    codes = frame["device"].cat.codes.to_numpy().astype("int32")
    found = differences(codes, instants, frame["value"].to_numpy())
    ends, starts = found.frame["ends"].to_numpy(), found.frame["starts"].to_numpy()
    advanced = frame.iloc[ends].assign(
        date=frame["date"].array.take(starts),
        value=found.frame["difference"].to_numpy(),
        seconds=(instants[ends] - instants[starts]) // 1_000_000,
    )
    refused = [frame.iloc[rows].assign(reason=gettext(REASONS[why])) for why, rows in found.refused.items()]
    return advanced, pd.concat(refused), found.opening


def _limit(device: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return where each device's register turns over."""
    largest = pd.Series(values).groupby(device).max()
    limits = np.zeros(int(device.max(initial=-1)) + 1)
    limits[largest.index] = 10.0 ** (np.floor(np.log10(np.maximum(largest.to_numpy(), 1))) + 1)
    return limits


def _out_of_line(device: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which readings, in order of device and time, are below both neighbours or above the next.

    Of two readings in a row that either could be wrong, the later is.
    """
    low, high = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    if len(values) > 2:
        alone = device[:-2] == device[2:]
        first, middle, last = values[:-2], values[1:-1], values[2:]
        low[1:-1] = alone & (middle < first) & (last >= first)
        high[1:-1] = alone & (middle > last) & (last >= first) & ~low[2:]
    return low, high


def never_fall(device: np.ndarray, values: np.ndarray, times: float = TIMES_AS_BIG) -> bool:
    """Return whether numbers in the file's order are big and only rise (newest first: fall), as registers do.

    Looks at devices with a dozen numbers or more, where a turn or change of a register now and then is
    one, and at those with seven or more that only rise.
    """
    order = np.argsort(device, kind="stable")
    device, values = device[order], values[order]
    frame = pd.DataFrame({"device": device[1:], "step": np.diff(values), "value": values[1:]})
    frame = frame[device[1:] == device[:-1]]
    frame["up"], frame["down"], frame["size"] = frame["step"] > 0, frame["step"] < 0, frame["step"].abs()
    grouped = frame.groupby("device")
    each = grouped[["up", "down"]].mean().join(grouped[["size", "value"]].median())
    steps = grouped.size()
    sizes = grouped["size"].agg(["min", "max"])
    steady = (sizes["max"] - sizes["min"]) <= 1e-9 * each["value"].abs()
    each["times"] = np.where(steady, STEADY * times, times)
    each = each[steps.ge(11) | (steps.ge(6) & each["up"].eq(1))]
    rises = each[["up", "down"]].max(axis=1).ge(0.2) & each[["up", "down"]].min(axis=1).le(0.02)
    big = each["value"] > each["times"] * each["size"]
    return bool(len(each)) and bool((rises & big).mean() > 0.8)
