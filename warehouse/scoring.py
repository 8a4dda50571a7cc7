"""The reviewed rules by which a back-test is scored, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.contracts import Strict
from warehouse.files import reference_yaml

Positive = Annotated[int, Field(ge=1)]


class Scoring(Strict):
    """`backtest.yml`; see there for what each figure means."""

    version: int
    excess_share: Annotated[float, Field(gt=0, le=1)]
    minimum_complaints: Positive
    tops: Annotated[list[Positive], Field(min_length=1)]
    lead_days: Annotated[int, Field(ge=0)]


@cache
def scoring() -> Scoring:
    """The rules in force."""
    return Scoring.model_validate(reference_yaml("backtest"))
