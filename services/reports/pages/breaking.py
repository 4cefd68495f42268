"""Where a line may break."""

LONGEST_NAME = 90
UNBROKEN = 16
"""From so many letters on a line may break within a word."""
SHAPED = "\N{HEBREW PUNCTUATION MAQAF}"
"""From here on scripts join or break their letters by rules of their own."""


def breakable(words: str, longest: int = LONGEST_NAME) -> str:
    """The words, cut when very long, with places to break a line within long ones."""
    shortened = words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
    return " ".join(
        "\N{ZERO WIDTH SPACE}".join(word) if len(word) > UNBROKEN and max(word) < SHAPED else word
        for word in shortened.split(" ")
    )
