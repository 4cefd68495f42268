"""Functions that are called with what their annotations say, and with nothing else."""

from pydantic import ConfigDict, validate_call

typed = validate_call(
    config=ConfigDict(
        arbitrary_types_allowed=True,
        extra="forbid",
        revalidate_instances="always",
        hide_input_in_errors=True,
        defer_build=True,
    )
)
"""Decorates a function whose arguments come into a query or a document, be it as fields of a dataclass.

An operator in the place of a text, such as ``{"$ne": None}``, matches more than was meant, or is stored to
do so later. It is refused with a `ValueError` before anything is done; numbers and days that are written as
text become such. What is no mistake of a program but of a user is refused by the function itself.
"""
