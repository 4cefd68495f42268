"""Hints that appear beside the pointer, of words that users wrote."""

from html import escape


def hint(words: str) -> str:
    """Return the words for a tool tip, which has no other way to say that they are no HTML."""
    if "<" not in words:
        return words
    return f"<span>{escape(words, quote=False)}</span>".replace("\n", "<br>")
