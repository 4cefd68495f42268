"""What an account is found by."""

import re

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
MOST_CHARACTERS = 254


def is_email(text: str) -> bool:
    """Whether it may be an account's email: on one line, with nothing in it that is not seen."""
    return len(text) <= MOST_CHARACTERS and text.isprintable() and EMAIL.fullmatch(text) is not None
