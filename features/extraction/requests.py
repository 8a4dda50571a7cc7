"""What a complainant asks for, by the names of the statutory form (投诉请求)."""

from __future__ import annotations

import re
from functools import cache

from features.extraction.reading import Reading
from features.extraction.vocabulary import Hit
from features.extraction.words import lowered, request_words

# Characters before a cue in which the other side is named that demands something.
OTHERS_REACH = 8


def find_requests(reading: Reading) -> tuple[str, ...]:
    """The requests in order of the text, each once: in the form's field, and where the text asks for something.

    A request that is refused, promised or asked for by the other side is none.
    """
    acts = reading.of("request")
    if not acts:
        return ()
    found: dict[str, None] = {}
    slot = reading.slots.get("requests")
    asking = _asking_from(reading, acts[-1].end)
    for act in acts:
        if act.meaning is None or _is_guarded(reading.text, act):
            continue
        within = slot is not None and slot.start <= act.start < slot.end
        if within or asking.get(reading.clause_number(act.start), len(reading.text)) <= act.start:
            found.update(dict.fromkeys(act.meaning))
    return tuple(found)


def _asking_from(reading: Reading, last: int) -> dict[int, int]:
    """By number of the clause, the place from which on it asks for something."""
    text = reading.text
    found: dict[int, int] = {}
    holding: set[int] = set()
    for cue in _cues().finditer(text, 0, last):
        number = reading.clause_number(cue.start())
        start = max(reading.clause(cue.start())[0], cue.start() - OTHERS_REACH)
        if number not in found and not _others().search(text, start, cue.start()):
            found[number] = cue.start()
            holding |= {number} if cue[0] in request_words().sentence_cues else set()
    for number in sorted(found):
        following = number + 1
        while following < len(reading.clauses) and following not in found and not reading.ends_sentence(following - 1):
            start = reading.clauses[following][0]
            if number not in holding and not _onward().match(text, start):
                break
            found[following] = start
            following += 1
    return found


def _is_guarded(text: str, act: Hit) -> bool:
    window = request_words().guard_window
    return _guards().search(text, max(0, act.start - window), act.start) is not None


@cache
def _cues() -> re.Pattern[str]:
    return re.compile(lowered(request_words().cues))


@cache
def _others() -> re.Pattern[str]:
    asked = request_words()
    return re.compile(rf"(?:{lowered(asked.others)})(?:{lowered(asked.between_others)})?\Z")


@cache
def _onward() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:\d[.、]?)?(?:{lowered(request_words().onward)})")


@cache
def _guards() -> re.Pattern[str]:
    return re.compile(lowered(request_words().guards))
