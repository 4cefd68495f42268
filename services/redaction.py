"""Text without what may not leave this machine: passwords, tokens, keys."""

import re
from collections.abc import Iterable

HIDDEN = "(hidden)"
_VALUE = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:bearer|basic)\s+\S+|[^\s,;&})\]"']+)"""
_PATTERNS = [
    # user:password@ of an address; a password may hold an @ that nobody escaped
    (re.compile(r"(\b[a-z][\w+.-]*://[^\s:/@]*):\S*@", re.IGNORECASE), rf"\1:{HIDDEN}@"),
    # JSON Web Tokens, bcrypt's hashes, keys of 256 bits
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,}"), HIDDEN),
    (re.compile(r"\b[0-9a-fA-F]{64}\b"), HIDDEN),
    # password=…, "clientSecret": "…", Authorization: Bearer …
    (
        re.compile(
            r"""(\b[\w-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api_?key|authorization)[\w-]*["']?\s*[:=]\s*)"""
            + _VALUE,
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
]


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without these."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, put in _PATTERNS:
        text = pattern.sub(put, text)
    return text
