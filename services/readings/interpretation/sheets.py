"""The readings of several sheets as those of one file."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from services.names import name_key
from services.readings.interpretation.identity import IDENTITY
from services.readings.interpretation.outcome import Readings, Refusal
from services.readings.interpretation.plan import Plan
from services.readings.interpretation.same_name import MARKS, Meter, split_by_mark
from services.readings.interpretation.spelling import first_spellings


def together(found: Sequence[tuple[Plan, Readings]]) -> Readings:
    """All readings, each once: of one that two sheets hold the first counts.

    One that says the same again is repeated, one that says another value is refused. What sheets hold of
    one name is told apart as what one sheet holds of it.
    """
    if len(found) == 1:
        return found[0][1]
    frame = pd.concat([readings.frame for _, readings in found], ignore_index=True)
    sheet = np.repeat(np.arange(len(found)), [len(readings.frame) for _, readings in found])
    frame, meters = _of_meters(frame, [readings for _, readings in found])
    if earlier := first_spellings(frame["device"].unique()):
        frame["device"] = frame["device"].replace(earlier)
    again = frame.duplicated(IDENTITY).to_numpy()
    later = frame[again].assign(sheet=sheet[again])
    first = frame[~again].assign(sheet=sheet[~again])
    both = later.merge(first, on=IDENTITY, suffixes=("", "_first"))
    differing = both[both["consumption"] != both["consumption_first"]]
    refused = [refusal for _, readings in found for refusal in readings.refused]
    refused += _refusals([plan for plan, _ in found], differing)
    counts = {
        count: sum(getattr(readings, count) for _, readings in found)
        for count in ("rows_read", "repeated", "combined", "totals", "opening")
    }
    counts["repeated"] += len(both) - len(differing)
    once = first.drop(columns="sheet").reset_index(drop=True)
    return Readings(once, refused, **counts, meters=meters)


def _of_meters(frame: pd.DataFrame, told: Sequence[Readings]) -> tuple[pd.DataFrame, dict[str, Meter]]:
    """The rows, those of different meters of one name under different ones, whichever sheets they are in."""
    meters = [meter for readings in told for meter in readings.meters.values()]
    if not meters:
        return frame, {}
    forced = {(name_key(meter.name), field) for meter in meters for field in meter.split_by}
    named = frame.assign(**pd.concat([_as_told(readings) for readings in told], ignore_index=True))
    split, found = split_by_mark(named, "date", MARKS, forced)
    return split.astype({"device": "str"}).drop(columns="number"), found


def _as_told(readings: Readings) -> pd.DataFrame:
    """The device and the number of each row as its sheet says them."""
    codes, names = pd.factorize(readings.frame["device"])
    meters = [readings.meters.get(name_key(name), Meter(name)) for name in names]
    told = {
        "device": pd.Index([meter.name for meter in meters], dtype="str"),
        "number": pd.Index(["".join(meter.numbers[-1:]) for meter in meters], dtype="str"),
    }
    return pd.DataFrame({column: of_device.take(codes) for column, of_device in told.items()})


def _refusals(plans: Sequence[Plan], rows: pd.DataFrame) -> list[Refusal]:
    return [
        Refusal(
            plans[row["sheet"]].sheet,
            row["row"],
            plans[row["sheet"]].map.consumption or row["device"],
            f"{row['consumption']:.15g}",
            f"Sheet “{plans[row['sheet_first']].sheet}”, row {row['row_first']} has another value for this "
            "device and time.",
        )
        for row in rows.to_dict("records")
    ]
