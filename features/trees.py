"""Product and issue trees: what a source's class, or the words of a text, say a complaint is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from features.synonyms import canonical, normalise
from warehouse.files import reference_yaml

UNKNOWN = "unknown"
SOURCE, LEXICON, NONE = "source", "lexicon", "none"


@dataclass(frozen=True)
class Verdict:
    """A node, its class, and what it was judged by (`source`, `lexicon`, `none`)."""

    node: str | None
    top: str
    basis: str


class Tree:
    """A two-level tree: codes, names, and the words by which texts name a node."""

    def __init__(self, roots: list[dict[str, Any]]) -> None:
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

    def judge(self, code: str | None, label: str | None, tokens: Iterable[str]) -> Verdict:
        """The node that the source's code or label means, refined or replaced by what the words say.

        A code or label of the source decides the class; words choose the node within it, or both where the source is silent.
        """
        given = code if code in self.top else self._labels.get(label or "")
        hits = self._hits(tokens)
        if given is None:
            best = _best(hits)
            return Verdict(best, self.top[best], LEXICON) if best else Verdict(None, UNKNOWN, NONE)
        top = self.top[given]
        if given != top:
            return Verdict(given, top, SOURCE)
        return Verdict(_best({node: weight for node, weight in hits.items() if self.top[node] == top}), top, SOURCE)

    def name(self, code: str | None) -> str:
        """The node's name; `未知` for unknown codes."""
        return self.names.get(code or "", "未知")

    def _hits(self, tokens: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Per node the letters of the distinct words that name it, and minus the place of the first."""
        hits: dict[str, tuple[int, int]] = {}
        for place, token in enumerate(dict.fromkeys(tokens)):
            code = self.words.get(token)
            if code:
                letters, first = hits.get(code, (0, -place))
                hits[code] = letters + len(token), first
        return hits


def _best(hits: Mapping[str, tuple[int, int]]) -> str | None:
    return max(hits, key=lambda code: hits[code]) if hits else None


@cache
def products() -> Tree:
    """The product tree."""
    return Tree(reference_yaml("products"))


@cache
def issues() -> Tree:
    """The issue tree."""
    return Tree(reference_yaml("issues"))
