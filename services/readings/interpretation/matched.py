"""The parts of written times, as a regular expression finds them in many cells at once."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.readings.interpretation.words import MONTHS, plain


def spaced(written: pa.Array) -> pa.Array:
    """Text with every run of spaces, of whatever width, as one."""
    return pc.replace_substring_regex(written, r"[\s\x{00A0}\x{202F}\x{2009}]+", " ")


class Parts:
    """The named groups of a family's matches."""

    def __init__(self, groups: pa.StructArray) -> None:
        self._groups = groups
        self._names = {field.name for field in groups.type}

    def text(self, name: str) -> pa.Array:
        if name not in self._names:
            return pa.array([""] * len(self._groups), pa.large_string())
        return self._groups.field(name)

    def number(self, name: str, missing: int = 0) -> np.ndarray:
        text = self.text(name)
        numbers = pc.cast(pc.if_else(pc.equal(text, ""), None, text), pa.int64()).fill_null(missing)
        result: np.ndarray = numbers.to_numpy(zero_copy_only=False)
        return result

    def wall(self, day_first: bool) -> np.ndarray:
        years = self.number("y")
        years = np.where(years >= 100, years, np.where(years < 70, 2000 + years, 1900 + years))
        if "a" in self._names:
            first, second = self.number("a"), self.number("b")
            days, months = (first, second) if day_first else (second, first)
        else:
            days = self.number("d", missing=1)
            months = self._mapped("name", _month) if "name" in self._names else self.number("m", missing=1)
        hours = self.hours()
        minutes, seconds = self.number("mi"), self.number("s")
        month = ((years - 1970) * 12 + np.clip(months, 1, 12) - 1).astype("datetime64[M]")
        day = month.astype("datetime64[D]") + (days - 1)
        good = (months >= 1) & (months <= 12) & (days >= 1) & (day.astype("datetime64[M]") == month)
        good &= (minutes < 60) & (seconds < 60) & (hours * 3600 + minutes * 60 + seconds <= 86400)
        wall: np.ndarray = day.astype("datetime64[s]") + (hours * 3600 + minutes * 60 + seconds)
        wall[~good] = np.datetime64("NaT")
        return wall

    def hours(self) -> np.ndarray:
        return _of_day(self.number("h"), self.text("ap"))

    def offset(self) -> np.ndarray:
        return self._mapped("off", _offset)

    def _mapped(self, name: str, meaning: Callable[[str], float]) -> np.ndarray:
        codes = self.text(name).dictionary_encode()
        known = np.array([meaning(word) for word in codes.dictionary.to_pylist()])
        result: np.ndarray = known[codes.indices.to_numpy()]
        return result


def _of_day(hours: np.ndarray, half: pa.Array) -> np.ndarray:
    """Hours of the day of hours that are followed by am, pm or nothing; 99 where there is no such hour."""
    marks = pc.utf8_lower(half)
    before = pc.match_substring_regex(marks, "^(?:a|öö)").to_numpy(zero_copy_only=False)
    after = pc.match_substring_regex(marks, "^(?:p|ös)").to_numpy(zero_copy_only=False)
    twelve = np.where((hours >= 1) & (hours <= 12), hours % 12, 99)
    return np.where(before, twelve, np.where(after, twelve + 12, hours))


def _month(name: str) -> int:
    return MONTHS.get(plain(name), 0)


def _offset(text: str) -> float:
    """Seconds east of Greenwich, NaN where nothing is written."""
    if not text:
        return np.nan
    if text[0] not in "+-":
        return 0.0
    digits = text[1:].replace(":", "").ljust(4, "0")
    return (1 if text[0] == "+" else -1) * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)
