"""What was typed to find something, as text: no sign in it means anything but itself."""


def finds(text: str, *fields: str) -> bool:
    """Whether each word of the text is in one of the fields, whatever its case; no words are in all."""
    there = "\n".join(fields).casefold()
    return all(word in there for word in text.casefold().split())
