"""What was typed to find something, as text: no sign in it means anything but itself."""

from services.names import name_key


def finds(text: str, *fields: str) -> bool:
    """Whether each word of the text is in one of the fields, however spelled; no words are in all.

    What cannot be seen is in none.
    """
    there = "\n".join(map(name_key, fields))
    words = name_key(text).split()
    return all(word in there for word in words) if words else not text.strip()
