"""Labelled complaints: personal data of every kind as people write them, among numbers and words that look alike."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.masking_forms import personal
from benchmarks.masking_lookalikes import lookalike

SLOT = re.compile(r"\{(?P<innocent>\.)?(?P<kind>[a-z_]+)(?:\.(?P<form>[a-z_]+))?\}")
MOST_SENTENCES = 3
WITHOUT_PERSONAL = 0.2
SIGNS = ("，", "，", "，", "。", "。", "；", " ")


class Label(NamedTuple):
    """Personal data of one kind at `text[start:end]`."""

    kind: str
    start: int
    end: int


class Case(NamedTuple):
    """A complaint and the personal data in it."""

    text: str
    labels: tuple[Label, ...]


@cache
def texts() -> Any:
    """What `masking_texts.yml` holds."""
    return yaml.safe_load((Path(__file__).parent / "masking_texts.yml").read_text(encoding="utf-8"))


def labelled_cases(seed: int, count: int) -> list[Case]:
    """So many complaints, the same ones for a seed: kinds and their sentences in turn, a fifth without personal data."""
    rng = random.Random(seed)
    personal_sentences = _in_turn(rng)
    cases = []
    for _ in range(count):
        sentences = _some(rng, texts()["innocent"]) + _some(rng, texts()["filler"])
        if rng.random() >= WITHOUT_PERSONAL:
            sentences += itertools.islice(personal_sentences, rng.randint(1, MOST_SENTENCES))
        rng.shuffle(sentences)
        cases.append(_filled(rng, sentences))
    return cases


def _in_turn(rng: random.Random) -> Iterator[str]:
    """Sentences with personal data: one of each kind, then the next one of each, without end."""
    of_kinds = [itertools.cycle(rng.sample(sentences, len(sentences))) for sentences in texts()["personal"].values()]
    while True:
        for sentences in of_kinds:
            yield next(sentences)


def _some(rng: random.Random, sentences: list[str]) -> list[str]:
    return rng.choices(sentences, k=rng.randint(1, MOST_SENTENCES))


def _filled(rng: random.Random, sentences: list[str]) -> Case:
    """The sentences one behind another with values in their slots, and where the personal ones stand."""
    text = ""
    labels = []
    for sentence in sentences:
        place = 0
        for slot in SLOT.finditer(sentence):
            text += sentence[place : slot.start()]
            value = lookalike(rng, slot["kind"]) if slot["innocent"] else personal(rng, texts(), slot["kind"], slot["form"])
            if not slot["innocent"]:
                labels.append(Label(slot["kind"], len(text), len(text) + len(value)))
            text += value
            place = slot.end()
        text += sentence[place:] + rng.choice(SIGNS)
    return Case(text, tuple(labels))
