"""The reviewed rules by which duplicates are found and weighed, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.files import reference_yaml
from warehouse.strict import Strict

Positive = Annotated[int, Field(ge=1)]


class DuplicateRules(Strict):
    """`duplicates.yml`; see there for what each figure means."""

    version: int
    permutations: Positive
    shingle: Positive
    band_rows: Positive


@cache
def duplicate_rules() -> DuplicateRules:
    """The rules in force."""
    return DuplicateRules.model_validate(reference_yaml("duplicates"))
