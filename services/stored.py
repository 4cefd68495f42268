"""Dataclasses that are stored as documents."""

from pydantic import ConfigDict, with_config
from pydantic.alias_generators import to_camel

stored = with_config(
    ConfigDict(alias_generator=to_camel, populate_by_name=True, revalidate_instances="always", extra="forbid")
)
"""Decorates a dataclass whose fields are in camelCase in the database, as all others are.

What is in the fields is looked at again whenever one is validated: nothing keeps a caller from another type.
A document with other fields is none of them.
"""
