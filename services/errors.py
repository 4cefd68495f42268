"""The root of every error that a user can be told about."""


class LoadlensError(Exception):
    """A sentence for the user: what is wrong, where, and what to do.

    ``sentence`` is a template with named fields; the desktop translates the template and fills in
    ``details``, while ``str(error)`` gives the English sentence.
    """

    def __init__(self, sentence: str, **details: object) -> None:
        super().__init__(sentence, details)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return self.sentence.format(**self.details) if self.details else self.sentence
