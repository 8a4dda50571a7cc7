"""The reviewed settings of `radar topics`, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.files import reference_yaml
from warehouse.strict import Strict

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(ge=1)]


class TermRules(Strict):
    """When a word sets a slice apart."""

    prior_weight: Annotated[float, Field(gt=0)]
    minimum: Positive
    score: float


class MatterRules(Strict):
    """Which words and complaints count where a slice is about one matter."""

    score: float
    informative: Share


class ClusterRules(Strict):
    """What makes a topic; the fields are those of `models.topics.TopicSettings`."""

    near_same: Share
    same_topic: Share
    informative: Share
    least: Positive
    terms: Positive
    term_share: Share
    term_score: float
    typical: Positive


class TopicRules(Strict):
    """`topics.yml`; see there for what each figure means."""

    version: int
    most_read: Positive
    terms: TermRules
    matter: MatterRules
    clusters: ClusterRules
    names: Positive
    sentence: Annotated[int, Field(ge=10)]
    telling: Share
    suggestions: Positive
    suggestion_score: Annotated[float, Field(ge=0, le=100)]
    suggested_from: Positive


@cache
def topic_rules() -> TopicRules:
    """The settings in force."""
    return TopicRules.model_validate(reference_yaml("topics"))
