"""The passage of a text that says most about its topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

ELLIPSIS = "…"
ENDS = "。！？!?；;，,：:"
CLAUSE = re.compile(rf"[^{ENDS}]+[{ENDS}]*")


def on_one_line(text: str) -> str:
    """The text without line breaks, control characters and others that are not to be seen; one space between its parts."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def central_passage(text: str, weights: Mapping[str, float], words: Callable[[str], Sequence[str]], longest: int) -> str:
    """The run of clauses whose words weigh most, each word once; of equals the shortest, then the first.

    Args:
        text: any text.
        weights: how much each word tells about the topic; others weigh nothing.
        words: the words of a clause.
        longest: characters at the most; a clause that is longer is cut.

    Returns:
        The passage on one line, without the sign that ends it; the beginning of the text where no word weighs anything.
    """
    line = on_one_line(text)
    pieces = list(_pieces(line, longest))
    telling = [{word: weights[word] for word in words(line[start:end]) if weights.get(word, 0) > 0} for start, end in pieces]
    best, span = 0.0, (0, len(line))
    for first, (start, _) in enumerate(pieces):
        said: dict[str, float] = {}
        for last in range(first, len(pieces)):
            end, told = pieces[last][1], telling[last]
            if _length(line, start, end) > longest:
                break
            if told.keys() <= said.keys():
                continue
            said |= told
            # Rounded, so that equals stay equal in whatever order they are added up.
            weight = round(sum(said.values()), 9)
            if weight > best or (weight == best > 0 and end - start < span[1] - span[0]):
                best, span = weight, (start, end)
    return _cut(line[slice(*span)].strip().rstrip(ENDS), longest)


def _pieces(line: str, longest: int) -> Iterator[tuple[int, int]]:
    """Where the clauses begin and end; those that are too long in pieces."""
    for clause in CLAUSE.finditer(line):
        start, end = clause.span()
        while _length(line, start, end) > longest:
            yield start, start + longest
            start += longest
        yield start, end


def _length(line: str, start: int, end: int) -> int:
    """Characters without the signs at the end."""
    while end > start and line[end - 1] in ENDS:
        end -= 1
    return end - start


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else line[: longest - 1] + ELLIPSIS
