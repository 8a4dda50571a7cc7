"""What all reviewed data files have in common: they say what they mean, in both languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Sentence = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    """A reviewed file says what it means: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """One thing said in both languages."""

    en: Sentence
    zh: Sentence
