"""Text of a .csv without the apostrophes that kept it from being a formula, see `services.tables`."""

from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.progress import Progress, silent
from services.readings.sources.sheet import Sheet
from services.tables import unguarded


def without_guards(sheet: Sheet) -> Sheet:
    """Return a sheet of text as whoever wrote it meant it: what Loadlens guards, it reads as it was."""

    def body(first: int, progress: Progress = silent) -> pd.DataFrame:
        frame = sheet.body(first, progress)
        for name in frame.columns:
            if isinstance(frame[name].dtype, pd.StringDtype) and _has_apostrophe(frame[name]):
                frame[name] = frame[name].map(unguarded, na_action="ignore").astype(frame[name].dtype)
        return frame

    head = [[cell and unguarded(cell) for cell in row] for row in sheet.head]
    return replace(sheet, head=head, body=body)


def _has_apostrophe(cells: pd.Series) -> bool:
    found = pc.any(pc.match_substring(pa.array(cells, from_pandas=True), "'")).as_py()
    return bool(found)
