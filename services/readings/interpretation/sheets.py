"""The readings of several sheets as those of one file."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from services.readings.interpretation.identity import IDENTITY
from services.readings.interpretation.outcome import Readings, Refusal
from services.readings.interpretation.plan import Plan
from services.readings.interpretation.spelling import first_spellings


def together(found: Sequence[tuple[Plan, Readings]]) -> Readings:
    """All readings, each once: of one that two sheets hold the first counts.

    One that says the same again is repeated, one that says another value is refused.
    """
    if len(found) == 1:
        return found[0][1]
    frame = pd.concat([readings.frame for _, readings in found], ignore_index=True)
    if earlier := first_spellings(frame["device"].unique()):
        frame["device"] = frame["device"].replace(earlier)
    sheet = np.repeat(np.arange(len(found)), [len(readings.frame) for _, readings in found])
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
    return Readings(first.drop(columns="sheet").reset_index(drop=True), refused, **counts)


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
