"""The reviewed rules of privacy, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.contracts import Strict
from warehouse.files import reference_yaml

Positive = Annotated[int, Field(ge=1)]


class Privacy(Strict):
    """`privacy.yml`; see there for what each figure means."""

    version: int
    bronze_days: Positive
    rejected_days: Positive
    smallest_cell: Positive


@cache
def privacy() -> Privacy:
    """The rules in force."""
    return Privacy.model_validate(reference_yaml("privacy"))
