"""Product and issue trees: what a source's class, or the words of a text, say a complaint is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from features.synonyms import canonical, normalise
from warehouse.classifying import classifying
from warehouse.files import reference_yaml

UNKNOWN = "unknown"
REVIEW, SOURCE, MODEL, LEXICON, NONE = "review", "source", "model", "lexicon", "none"


@dataclass(frozen=True)
class Guess:
    """What a classifier says of a text.

    Attributes:
        node: the likeliest node.
        probability: its calibrated probability.
        certain: whether that is enough for a verdict; else the classifier abstains.
    """

    node: str
    probability: float
    certain: bool


@dataclass(frozen=True)
class Verdict:
    """What a complaint is about.

    Attributes:
        node: the finest node known; None where nothing tells.
        top: its class; `unknown` where nothing tells.
        basis: what judged it: `review` (a person), `source` (the class that came with the complaint), `model`, `lexicon` or
            `none`.
        confidence: 1 for a class that was told, the classifier's probability, the share that the node has of all letters that
            name one times the words' precision; 0 where nothing tells.
        predicted: the node that the text alone gives, by classifier or lexicon; kept beside a class that was told.
        predicted_confidence: its confidence.
    """

    node: str | None
    top: str
    basis: str
    confidence: float
    predicted: str | None
    predicted_confidence: float


class Tree:
    """A two-level tree: codes, names, and the words by which texts name a node.

    Args:
        roots: classes with their children, as the reviewed files have them.
        precision: share of the verdicts by words that are right; their confidence is that at the most.
    """

    def __init__(self, roots: list[dict[str, Any]], precision: float = 1.0) -> None:
        self._precision = precision
        self.names: dict[str, str] = {}
        self.top: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        for root in roots:
            for node in (root, *root.get("children", [])):
                code = node["code"]
                self.names[code] = node["name"]
                self.top[code] = root["code"]
                self.words.update(dict.fromkeys((canonical(normalise(word)) for word in node.get("words", [])), code))
                self._labels.update(dict.fromkeys((node["name"], *node.get("labels", [])), code))

    def judge(
        self,
        code: str | None,
        label: str | None,
        tokens: Iterable[str],
        guess: Guess | None = None,
        reviewed: str | None = None,
    ) -> Verdict:
        """The node that a complaint is about.

        Args:
            code: the source's class as a code of this tree, if it has one.
            label: the source's class by name, where it has no code.
            tokens: the text's words.
            guess: what the classifier says, if there is one.
            reviewed: the node that a reviewer decided for.

        A reviewer decides, else the source's class; words, then the classifier, choose the node within it. Where neither has
        spoken the classifier does if it is certain, else the words.
        """
        hits = self._hits(tokens)
        predicted, confidence, basis = self._from_text(hits, guess)
        for told, who in ((reviewed, REVIEW), (self.node_of(code, label), SOURCE)):
            if told in self.top:
                return Verdict(self._within(told, hits, predicted), self.top[told], who, 1.0, predicted, confidence)
        top = self.top[predicted] if predicted else UNKNOWN
        node = self._within(predicted, hits, predicted) if predicted else None
        return Verdict(node, top, basis, confidence, predicted, confidence)

    def _from_text(self, hits: Mapping[str, tuple[int, int]], guess: Guess | None) -> tuple[str | None, float, str]:
        if guess is not None and guess.certain and guess.node in self.top:
            return guess.node, guess.probability, MODEL
        best = _best(hits)
        if best is None:
            return None, 0.0, NONE
        share = hits[best][0] / sum(letters for letters, _ in hits.values())
        return best, share * self._precision, LEXICON

    def _within(self, told: str, hits: Mapping[str, tuple[int, int]], predicted: str | None) -> str:
        """The finest node below a class: by words, else by what is predicted, else the class itself."""
        if self.top[told] != told:
            return told
        below = _best({node: weight for node, weight in hits.items() if self.top[node] == told and node != told})
        return below or (predicted if predicted and self.top[predicted] == told else told)

    def node_of(self, code: str | None, label: str | None) -> str | None:
        """The node that a source's class means, by code, else by name; None where the tree has neither."""
        return code if code in self.top else self._labels.get(label or "")

    def name(self, code: str | None) -> str:
        """The node's name; `未知` for unknown codes."""
        return self.names.get(code or "", "未知")

    def _hits(self, tokens: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Per node the letters of the distinct words that name it, and minus the place of the first among such words."""
        hits: dict[str, tuple[int, int]] = {}
        for place, token in enumerate(filter(self.words.__contains__, dict.fromkeys(tokens))):
            code = self.words[token]
            letters, first = hits.get(code, (0, -place))
            hits[code] = letters + len(token), first
        return hits


def _best(hits: Mapping[str, tuple[int, int]]) -> str | None:
    return max(hits, key=lambda code: hits[code]) if hits else None


@cache
def products() -> Tree:
    """The product tree."""
    return Tree(reference_yaml("products"), classifying().lexicon_precision.product)


@cache
def issues() -> Tree:
    """The issue tree."""
    return Tree(reference_yaml("issues"), classifying().lexicon_precision.issue)
