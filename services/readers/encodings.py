"""Tell in which encoding a file is text."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from services.readers.sheet import FileRefused

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BLOCK = 2**18
TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
"""The letters by which Windows' Turkish encoding differs from its western one, where they are Icelandic."""
CONTROL = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f]")
NOT_ASCII = re.compile(rb"[\x80-\xff]")

USUAL = {
    "gb18030": "的日期时间电量用户号表度年月总计读数名称单位值编地址正反向有功无率能耗峰谷平尖",
    "big5hkscs": "的日期時間電量用戶號表度年月總計讀數名稱單位值編地址正反向有功無率能耗峰谷平尖",
    "cp932": "のをにはがるーンスルトリ日時年月電力量使用計値名番号地点開始終了単位対象消費合区分料金",
    "cp949": "날짜일자시간분년월전력량사용합계검침기번호단위고객명각누적유효무최대수요가스요금시작종료",
}
"""Letters that exports in each of the encodings of East Asia hold."""
COMMON = {
    "gb18030": ("gb2312", range(0xA1, 0xD8)),
    "big5hkscs": ("big5", range(0xA1, 0xC7)),
    "cp932": ("cp932", range(0x81, 0x98)),
    "cp949": ("euc_kr", range(0xA1, 0xC9)),
}
"""The plain form of each encoding, and the first bytes of its common letters there."""
STEMS = {
    "cp1253": "ημερομ καταν ενέργ μετρητ ένδειξ ώρα",
    "cp1251": "дата время квт потреб энерг показан счетчик расход енерг лічильник",
    "cp1250": "zużyc pobór średni spotřeb odečet odečt měř časov období időpont mérő időszak merač dátum",
}
"""Beginnings of words by which other encodings of Europe are known."""
LEAST_COMMON = 0.8
"""Share of letters that are common in text that is in the encoding; the rest are of names."""


def encoding_of(path: Path) -> str:
    """Return the encoding in which all of the file is text; raises `FileRefused` if there is none."""
    with path.open("rb") as file:
        beginning = file.read(BLOCK)
    candidates = [name for mark, name in MARKS.items() if beginning.startswith(mark)]
    if not candidates and b"\0" in beginning:
        even, odd = beginning[::2].count(0), beginning[1::2].count(0)
        candidates = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in candidates or _without_mark(beginning):
        if _decodes(path, encoding):
            return encoding
    raise FileRefused(
        "{file} is no spreadsheet. Choose an Excel, OpenDocument, CSV or Green Button file.", file=path.name
    )


def _without_mark(beginning: bytes) -> Iterator[str]:
    """Yield the encodings that text may be in whose first bytes do not say it, the likeliest first."""
    yield "utf-8"
    yield from _east_asian(beginning)
    for encoding, stems in STEMS.items():
        text = beginning.decode(encoding, "replace").casefold()
        if any(stem in text for stem in stems.split()):
            yield encoding
    yield "cp1254" if TURKISH.search(beginning) else "cp1252"
    yield "latin-1"


def _east_asian(beginning: bytes) -> list[str]:
    """Return the encodings of East Asia whose common letters the bytes are, the likeliest first."""
    found = {encoding: _usual_letters(beginning, encoding) for encoding in USUAL}
    return sorted((e for e, count in found.items() if count), key=lambda e: -found[e])


def _usual_letters(beginning: bytes, encoding: str) -> int:
    """Return how many different letters of those that exports hold there are, 0 for text in another one."""
    if not NOT_ASCII.search(beginning):
        return 0
    try:
        # The beginning may end in the middle of a letter.
        text = codecs.getincrementaldecoder(encoding)().decode(beginning)
    except UnicodeError:
        return 0
    letters = [letter for letter in text if ord(letter) > 0x7F]
    distinct = set(letters)
    common = sum(_is_common(letter, encoding) for letter in distinct)
    if not distinct or common < LEAST_COMMON * len(distinct):
        return 0
    return len(distinct & set(USUAL[encoding]))


def _is_common(letter: str, encoding: str) -> bool:
    plain, first = COMMON[encoding]
    try:
        written = letter.encode(plain)
    except UnicodeError:
        return False
    return len(written) == 2 and written[0] in first


def _decodes(path: Path, encoding: str) -> bool:
    """Return whether the whole file is text in this encoding."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            while block := file.read(BLOCK):
                if CONTROL.search(block):
                    return False
    except UnicodeError:
        return False
    return True
