"""Passwords: which are good enough, how they are kept, and whether one is right.

A password is compared as Unicode's NFC with every kind of space as a plain one (the OpaqueString profile of
RFC 8265), so that it is the same from any keyboard and system.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import bcrypt

from services.errors import LoadlensError

COST = 12
LEAST_CHARACTERS = 8
HARD = 3
"""The zxcvbn score from which a password is hard to guess; asked of every new one, however long."""
SCORED_AT_ONCE = 36
"""Characters: zxcvbn takes a second at worst for so many, and ever more for longer ones."""
LEAST_KNOWN = 3
"""Letters of a word that is looked for in a password."""
OF_THE_PROGRAM = ("loadlens",)
"""What everybody tries first here, besides what is known of the account."""
MOST_BYTES = 72
"""bcrypt reads no further; a longer password would be silently cut."""
OF_NOBODY = "$2b$12$.VBDKOc4MskafXW3rHmrr.bOOVr4VEGL9ZLWGQxzghoSDb75YWK6W"
"""Stands for the hash that an unknown email does not have; what it was made of is forgotten."""


class PasswordRefused(LoadlensError):
    """The password cannot be taken."""


@dataclass(frozen=True)
class Strength:
    """How hard a password is to guess."""

    score: int
    """0 to 4, by zxcvbn."""
    refusal: PasswordRefused | None
    """Why it cannot be taken; None when it can."""
    warning: str
    """What makes it easy to guess, an English sentence to be translated; may be empty."""


def hash_password(password: str, personal: Iterable[str] = ()) -> str:
    """Return the bcrypt hash of a new password; ``personal`` are words tried first, such as name and email.

    Raises `PasswordRefused` for one that is too short, too easy to guess or too long.
    """
    refusal = strength(password, personal).refusal
    if refusal:
        raise refusal
    return bcrypt.hashpw(_bytes(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, stored: str) -> bool:
    """Return whether the hash is that password's; takes as long for a wrong one as for the right one."""
    given = _bytes(password)
    begins_right = bcrypt.checkpw(given[:MOST_BYTES], stored.encode())
    return begins_right and len(given) <= MOST_BYTES


def strength(password: str, personal: Iterable[str] = ()) -> Strength:
    """Score a new password; takes some milliseconds, and the first time as many as loading zxcvbn."""
    plain = _plain(password)
    unfit = _unfit(plain)
    if unfit:
        return Strength(0, unfit, "")
    score, warning = _score(plain, personal)
    return Strength(score, _too_weak(plain, score), warning)


def _unfit(plain: str) -> PasswordRefused | None:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in plain):
        return PasswordRefused("The password holds a character that no keyboard types. Leave it out.")
    if len(_bytes(plain)) > MOST_BYTES:
        return PasswordRefused(
            "The password is longer than {most} bytes; choose a shorter one.", most=MOST_BYTES
        )
    return None


def _too_weak(plain: str, score: int) -> PasswordRefused | None:
    if len(plain) < LEAST_CHARACTERS:
        return PasswordRefused(
            "Use at least {least} characters that are hard to guess.", least=LEAST_CHARACTERS
        )
    if score == 0:
        return PasswordRefused("This password is among the first that anybody would try. Choose another.")
    if score < HARD:
        return PasswordRefused(
            "This password is easy to guess. Take several words that have nothing to do with each other, "
            "nor with you."
        )
    return None


def _score(plain: str, personal: Iterable[str]) -> tuple[int, str]:
    """Score and warning; those of the harder half where it is too long to be scored at once."""
    from zxcvbn import zxcvbn  # not before there is something to score: its word lists take a while to load

    known = _known_words((*personal, *OF_THE_PROGRAM))
    rest = _shortened(plain, known)
    parts = [part for part in (rest[:SCORED_AT_ONCE], rest[SCORED_AT_ONCE:]) if part]
    scored = (zxcvbn(part, user_inputs=known) for part in parts)
    scores = ((found["score"], found["feedback"]["warning"]) for found in scored)
    return max(scores, key=lambda scored: scored[0], default=(0, ""))


def _known_words(texts: Iterable[str]) -> list[str]:
    """Each text and the words in it, the longest first."""
    found = {word for text in map(_plain, texts) for word in (text, *re.split(r"[\W_]+", text)) if word}
    return sorted(found, key=len, reverse=True)


def _shortened(plain: str, known: Iterable[str]) -> str:
    """The password with each known word as its first letter: to zxcvbn three of them in a row are hard."""
    words = [re.escape(word) for word in known if len(word) >= LEAST_KNOWN]
    return re.sub("|".join(words), lambda found: found[0][0], plain, flags=re.IGNORECASE)


def _plain(password: str) -> str:
    normal = unicodedata.normalize("NFC", password)
    return "".join(" " if unicodedata.category(character) == "Zs" else character for character in normal)


def _bytes(password: str) -> bytes:
    # Half a surrogate pair is refused when a password is set, so what passes here matches none.
    return _plain(password).encode(errors="surrogatepass")
