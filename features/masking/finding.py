"""All kinds of personal data in a text at once, and the text without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from features.masking.accounts import chat_ids, emails, travel_documents
from features.masking.addresses import addresses
from features.masking.kinds import Finding, Kind
from features.masking.names import name_before, names
from features.masking.numbers import numbers, tails
from features.masking.rendering import rendered
from features.masking.shadow import shadow
from features.masking.vehicles import plates, vins

MOST_ROUNDS = 5


def mask(text: str) -> str:
    """The text with personal data masked; every other character stays as it is.

    Masking a masked text changes nothing, and no finding grows by more than two characters. Time is linear in the length.
    """
    # What is masked no longer hides where its neighbour begins: numbers written without a sign between need a second round.
    for _ in range(MOST_ROUNDS):
        masked = _masked_once(text)
        if masked == text:
            break
        text = masked
    return text


def personal_data(text: str) -> list[Finding]:
    """Where personal data stand in a text, from left to right; findings do not overlap.

    Kinds and their sources: telephone numbers (China's numbering plan), citizen numbers (GB 11643), bank cards
    (ISO/IEC 7812), plates (GA 36), vehicle numbers (GB 16735), device numbers (3GPP TS 23.003), travel documents, e-mail,
    WeChat and QQ, homes from the building on, and people's names.
    """
    seen = shadow(text)
    return [Finding(kind, *seen.original(start, end)) for kind, start, end in _found(seen.text)]


def _masked_once(text: str) -> str:
    seen = shadow(text)
    pieces: list[str] = []
    place = 0
    for kind, start, end in _found(seen.text):
        first, last = seen.original(start, end)
        pieces += (text[place:first], rendered(kind, seen.text[start:end]))
        place = last
    return "".join((*pieces, text[place:])) if pieces else text


def _found(text: str) -> list[Finding]:
    """The findings from left to right. Each stage sees stars where the ones before it found something.

    So a number that touches an e-mail address is bounded in the same way before and after that is masked.
    """
    found: list[Finding] = []
    for stage in (names, emails, _codes, _numbers_with_names, addresses):
        new = list(stage(text))
        if new:
            new = _apart(new)
            text = _starred(text, new)
            found += new
    return sorted(found, key=_place)


def _codes(text: str) -> Iterator[Finding]:
    yield from vins(text)
    yield from plates(text)
    yield from travel_documents(text)
    yield from chat_ids(text)
    yield from tails(text)


def _numbers_with_names(text: str) -> Iterator[Finding]:
    for number in numbers(text):
        yield number
        if number.kind == Kind.MOBILE and (name := name_before(text, number.start)):
            yield name


def _apart(found: Iterable[Finding]) -> list[Finding]:
    """Findings from left to right; overlapping ones become one of the kind that begins first, or else is longer."""
    apart: list[Finding] = []
    for finding in sorted(found, key=_place):
        if apart and finding.start < apart[-1].end:
            apart[-1] = apart[-1]._replace(end=max(apart[-1].end, finding.end))
        else:
            apart.append(finding)
    return apart


def _place(finding: Finding) -> tuple[int, int]:
    return finding.start, -finding.end


def _starred(text: str, found: list[Finding]) -> str:
    pieces: list[str] = []
    place = 0
    for _, start, end in found:
        pieces += (text[place:start], "*" * (end - start))
        place = end
    return "".join((*pieces, text[place:]))
