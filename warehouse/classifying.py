"""The reviewed settings of text classifiers, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.files import reference_yaml
from warehouse.strict import Strict

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(ge=1)]


class LexiconPrecision(Strict):
    """Share of the verdicts by words that are right, by tree."""

    product: Share
    issue: Share


class Classifying(Strict):
    """`classifier.yml`; see there for what each figure means."""

    version: int
    ngrams: tuple[int, int]
    min_documents: Positive
    max_terms: Positive
    penalties: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)]
    balance: Share
    folds: Annotated[int, Field(ge=2)]
    min_examples: Annotated[int, Field(ge=2)]
    minimum_probability: Share
    lexicon_precision: LexiconPrecision
    review_confidence: Share
    disagreement_confidence: Share
    max_rows: Positive


@cache
def classifying() -> Classifying:
    """The settings in force."""
    return Classifying.model_validate(reference_yaml("classifier"))
