"""Sums of money that a complaint tells, and what each was for."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from features.extraction.reading import Reading
from features.extraction.sums import Sum, written_sums
from features.extraction.words import lowered, words

PAID, DEPOSIT, CLAIMED, UNIT_PRICE, OTHER = "paid", "deposit", "claimed", "unit_price", "other"
# Events that are paid for.
PAID_FOR = ("purchase", "repair")
# Roles by how likely they are in dispute.
IN_DISPUTE = (UNIT_PRICE, CLAIMED, DEPOSIT, PAID)
# Clauses back in which such an event says that a sum was paid.
CLAUSES_BACK = 2


@dataclass(frozen=True)
class Amount:
    """A sum in yuan, what it was for (`paid`, `claimed`, `unit_price`, `deposit`, `other`), and how it was written."""

    value: Decimal
    role: str
    text: str


class Amounts(NamedTuple):
    """The sums of a text in order, and the value that is most likely in dispute."""

    told: tuple[Amount, ...]
    disputed: Decimal | None


def find_amounts(reading: Reading) -> Amounts:
    """The sums in order of the text; both ends of a range.

    A number is a sum by a currency sign or unit, or behind a word that speaks of money if nothing else is counted. In dispute
    is most likely the sum of the form's own field (消费金额), else the largest paid for what was bought, else the largest paid
    for what came of it (医药费), deposited, claimed, asked per unit; a sum of another role never is.
    """
    text = reading.text
    slot = reading.slots.get("paid")
    sums = written_sums(text, slot)
    if not sums:
        return Amounts((), None)
    bought = [hit.start for hit in reading.of("event") if hit.meaning in PAID_FOR]
    told: list[Amount] = []
    ranked: list[tuple[int, Decimal]] = []
    reached = 0
    for number, found in enumerate(sums):
        following = sums[number + 1].start if number + 1 < len(sums) else len(text)
        in_slot = slot is not None and slot.start <= found.start < slot.end
        role = PAID if in_slot else _role(reading, found, reached, following, bought)
        spelt = reading.spelt(found.start, found.end)
        told.extend(Amount(value, role, spelt) for value in found.values)
        if role in IN_DISPUTE:
            ranked.append((_rank(reading, found, role, in_slot), max(found.values)))
        reached = found.end
    return Amounts(tuple(told), max(ranked)[1] if ranked else None)


def _rank(reading: Reading, found: Sum, role: str, in_slot: bool) -> int:
    """The higher, the likelier the sum is in dispute."""
    if in_slot:
        return len(IN_DISPUTE) + 1
    if role != PAID:
        return IN_DISPUTE.index(role)
    start, end = reading.clause(found.start)
    reach = words().amounts.reach
    came_of_it = _consequences().search(reading.text, max(start, found.start - reach), min(end, found.end + reach))
    return IN_DISPUTE.index(PAID) + (came_of_it is None)


def _role(reading: Reading, found: Sum, reached: int, following: int, bought: list[int]) -> str:
    """What the sum was for, by the words around it within its clause."""
    text = reading.text
    clause_start, clause_end = reading.clause(found.start)
    behind = _behind().match(text, found.end, min(following, clause_end))
    if behind:
        return UNIT_PRICE if behind["unit"] else _resolved(_roles()[behind["role"]], text, clause_start, found.start)
    before = text[max(clause_start, reached, found.start - 2 * words().amounts.reach) : found.start]
    cues = list(_role_words().finditer(before))
    if cues:
        return _resolved(_roles()[cues[-1][0]], text, clause_start, found.start)
    after = _role_words().search(text, found.end, min(following, clause_end, found.end + words().amounts.reach))
    if after:
        return _resolved(_roles()[after[0]], text, clause_start, found.start)
    number = reading.clause_number(found.start)
    first = reading.clauses[max(0, number - CLAUSES_BACK)][0]
    last = reading.clauses[min(len(reading.clauses) - 1, number + 1)][1]
    place = bisect_left(bought, first)
    return PAID if place < len(bought) and bought[place] < last else OTHER


def _resolved(role: str, text: str, clause_start: int, place: int) -> str:
    """`returned` is a claim where it is demanded."""
    if role != "returned":
        return role
    return CLAIMED if _demands().search(text, clause_start, place) else OTHER


@cache
def _roles() -> dict[str, str]:
    amounts = words().amounts
    per_unit = {f"每{unit}": UNIT_PRICE for unit in amounts.unit_behind}
    return per_unit | {word: role for role, listed in amounts.roles.items() for word in listed}


@cache
def _role_words() -> re.Pattern[str]:
    return re.compile(lowered(_roles()))


@cache
def _demands() -> re.Pattern[str]:
    return re.compile(lowered(words().amounts.demands))


@cache
def _behind() -> re.Pattern[str]:
    """`/斤`, `一斤`, `每斤`, `5000元定金`."""
    units = lowered(words().amounts.unit_behind)
    nouns = [word for role in ("deposit", "claimed", "paid", "other") for word in words().amounts.roles[role] if len(word) > 1]
    return re.compile(rf"\s?(?:[/每一](?P<unit>{units})|的?(?P<role>{lowered(nouns)}))")


@cache
def _consequences() -> re.Pattern[str]:
    return re.compile(lowered(words().amounts.consequences))
