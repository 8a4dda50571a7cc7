"""Which unit of the market supervision bureau handles a matter, and whether it is the bureau's duty at all.

Rules are reviewed data, `routing.yml`; units and authorities are in `departments.yml`. In two ordered lists the first rule that
holds decides whose duty a matter is (市场监督管理投诉举报处理办法, Order 121, Art. 16 No. 1), and which unit handles our part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from features.routing_rules import OURS, OUTSIDE, DutyRule, Rule, UnitRule, When, lineage, routing_table
from features.synonyms import canonical, normalise
from warehouse.files import reference_yaml

# Combinations of product, issue and words whose route stays in memory.
REMEMBERED = 1 << 16

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority outside market supervision.

    Attributes:
        code: its code in `departments.yml`.
        name: Chinese name.
        hotline: telephone number; None where it has none of its own.
        law: statutes that make it competent.
        hotline_sourced: whether the number is from a published source, so that it may be printed as a fact.
    """

    code: str
    name: str
    hotline: str | None
    law: str
    hotline_sourced: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter goes.

    Attributes:
        department: code of the unit that handles it, or that answers the complainant where it is not the bureau's duty.
        department_name: the unit's Chinese name.
        outside: authorities that have the matter in whole or part; empty where it is ours.
        duty: `ours`, `shared` or `outside`.
        rule: id of the rule that decided the duty; where that is ours, of the rule that chose the unit.
        department_rule: id of the rule that chose the unit; `rule` itself where the matter is outside.
        basis: what `rule` went by: `words`, `product`, `issue`, or `default` where nothing told.
        reason: what `rule` says, in Chinese.
        evidence: statutes that `rule` rests on.
        sourced: False where that is general knowledge, not to be printed as a fact.
        confidence: 0 to 1, that of the weaker rule where two decided.
    """

    department: str
    department_name: str
    outside: tuple[Authority, ...]
    duty: str
    rule: str
    department_rule: str
    basis: str
    reason: str
    evidence: str
    sourced: bool
    confidence: float


def route(product: str | None, issue: str | None, words: Iterable[str], *, online: bool, kind: str) -> Route:
    """The unit that handles a matter, and the authorities that have it instead or beside.

    Args:
        product: code of a node of the product tree, class or below; None or an unknown code where nothing tells.
        issue: code of a node of the issue tree, likewise.
        words: the words of the text as the segmenter gives them, whose lexicon must have `routing_words`.
        online: whether it was bought online.
        kind: 投诉, 举报 or 咨询.
    """
    return _route(product, issue, _words().intersection(words), online, kind)


def routing_words() -> frozenset[str]:
    """Every word that a rule asks for, normalised: for the segmenter's lexicon."""
    return frozenset(normalise(word) for rule in _rules() for word in rule.when.mentioned)


def _rules() -> tuple[Rule, ...]:
    return (*routing_table().duty, *routing_table().unit)


@cache
def _units() -> dict[str, str]:
    return {unit["code"]: unit["zh"] for unit in reference_yaml("departments")["units"]}


@cache
def _authorities() -> dict[str, Authority]:
    return {
        row["code"]: Authority(row["code"], row["zh"], row.get("hotline"), row["law"], row.get("hotline_source") == "published")
        for row in reference_yaml("departments")["authorities"]
    }


@cache
def _words() -> frozenset[str]:
    return frozenset(map(canonical, routing_words()))


@cache
def _tests() -> dict[str, Callable[[frozenset[str]], bool]]:
    """By id whether the words of a text are those that the rule asks for."""
    return {rule.id: _test(rule.when) for rule in _rules()}


def _test(when: When) -> Callable[[frozenset[str]], bool]:
    words, also, unless = (
        frozenset(canonical(normalise(word)) for word in listed) for listed in (when.words, when.also, when.unless)
    )
    return lambda told: (
        (not words or len(told & words) >= when.at_least)
        and (not also or not told.isdisjoint(also))
        and told.isdisjoint(unless)
    )


@lru_cache(REMEMBERED)
def _candidates(
    product: str | None, issue: str | None, online: bool, kind: str
) -> tuple[tuple[DutyRule, ...], tuple[UnitRule, ...]]:
    """The rules of both lists that hold, but for their words."""
    of_product, of_issue = lineage("products", product), lineage("issues", issue)

    def holds(when: When) -> bool:
        return (
            (not when.product or not of_product.isdisjoint(when.product))
            and (not when.issue or not of_issue.isdisjoint(when.issue))
            and when.online in (None, online)
            and (not when.kind or kind in when.kind)
        )

    table = routing_table()
    return tuple(rule for rule in table.duty if holds(rule.when)), tuple(rule for rule in table.unit if holds(rule.when))


def _first(rules: tuple[R, ...], told: frozenset[str]) -> R | None:
    tests = _tests()
    return next((rule for rule in rules if tests[rule.id](told)), None)


@lru_cache(REMEMBERED)
def _route(product: str | None, issue: str | None, told: frozenset[str], online: bool, kind: str) -> Route:
    duties, units = _candidates(product, issue, online, kind)
    duty, unit = _first(duties, told), _first(units, told) or routing_table().unit[-1]
    rule = duty or unit
    refused = duty is not None and duty.duty == OUTSIDE
    department = routing_table().refusals if refused else unit.unit
    return Route(
        department=department,
        department_name=_units()[department],
        outside=tuple(_authorities()[code] for code in duty.outside) if duty else (),
        duty=duty.duty if duty else OURS,
        rule=rule.id,
        department_rule=rule.id if refused else unit.id,
        basis=rule.when.basis,
        reason=rule.zh,
        evidence=rule.evidence,
        sourced=rule.source != "unsourced",
        confidence=rule.confidence if refused else min(rule.confidence, unit.confidence),
    )
