"""What a complaint is about, from its text and its fields: many complaints at once."""

from __future__ import annotations

import gc
import hashlib
import importlib.metadata
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from features.deadlines import Deadlines, deadlines
from features.extraction import Facts, extract, extraction_version
from features.lexicon import Lexicon
from features.merchants import MerchantKey, merchant_key, normalise_merchant
from features.regions import ancestors
from features.routing import Route, route
from features.segmentation import segmenter
from features.severity import judge_severity
from features.synonyms import normalise
from features.trees import NONE, REVIEW, SOURCE, Guess, Tree, Verdict, issues, products
from warehouse.classifying import classifying
from warehouse.files import reference_version

NOT_TEXT = re.compile(r"[\W\d_]+")
# Shorter texts coincide by chance.
SHORTEST_TEMPLATE = 20
# Each release knows more of the working days that deadlines are counted in.
HOLIDAYS = "chinesecalendar"
# The reviewed files beside the lexicon that a complaint is judged by.
FILES = (
    "classifier.yml", "deadlines.yml", "departments.yml", "issues.yml", "products.yml", "regions.csv", "routing.yml",
    "severity.yml",
)  # fmt: skip

Row = Mapping[str, Any]


class Classifier(Protocol):
    """Tells the node of many texts at once."""

    @property
    def version(self) -> str:
        """Changes whenever it could say something else."""

    def guesses(self, words: Sequence[Sequence[str]], texts: Sequence[str]) -> list[Guess]:
        """What it says of each text.

        Args:
            words: words of each text.
            texts: the texts as the segmenter prepares them.
        """


class Fingerprints(Protocol):
    """Tells keys that texts share with the texts they are nearly the same as."""

    @property
    def version(self) -> str:
        """Changes whenever it could say something else."""

    def of(self, texts: Sequence[str]) -> list[list[int]]:
        """The keys of each text; none for a text too short to tell."""


@dataclass(frozen=True)
class Judges:
    """Who judges: the lexicon, the classifiers of product and issue where there are any, and the fingerprints of texts."""

    lexicon: Lexicon
    fingerprints: Fingerprints
    product: Classifier | None = None
    issue: Classifier | None = None

    @property
    def version(self) -> str:
        """Twelve hex digits that change whenever a complaint could be judged in another way."""
        names = [self.lexicon.version, self.fingerprints.version, self.classifier_version or "", rules_version()]
        return hashlib.sha256("|".join(names).encode()).hexdigest()[:12]

    @property
    def classifier_version(self) -> str | None:
        """Versions of the classifiers of product and issue; None where there are none."""
        versions = [judge.version if judge else "-" for judge in (self.product, self.issue)]
        return "+".join(versions) if self.product or self.issue else None


def rules_version() -> str:
    """Twelve hex digits that change whenever a reviewed file does that complaints are judged by, or the known holidays do."""
    names = [reference_version(*FILES), extraction_version(), importlib.metadata.version(HOLIDAYS)]
    return hashlib.sha256("|".join(names).encode()).hexdigest()[:12]


@contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """Judging leaves no cycles behind; to look for some among a batch's millions of values takes a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_without_search_for_cycles()
def judge_all(complaints: Sequence[Row], judges: Judges) -> list[dict[str, Any]]:
    """What profiles say of complaints beyond what they carry over, by column name.

    Args:
        complaints: rows of silver with the columns `features.profiles.READS`.
        judges: who judges.
    """
    cutter = segmenter(judges.lexicon)
    # To make one width and case of a text costs as much as to cut it, and is done once.
    contents = [cutter.prepared(row["content"] or "") for row in complaints]
    prepared = [
        _joined(cutter.prepared(row["product_name"] or ""), content) for row, content in zip(complaints, contents, strict=True)
    ]
    plain = [NOT_TEXT.sub("", content) for content in contents]
    words = [cutter.words_of(text) for text in prepared]
    guessed = [_guesses(judge, words, prepared) for judge in (judges.product, judges.issue)]
    keys = judges.fingerprints.of(plain)
    return [
        {
            **_judge(row, tokens, product, issue, cutter.keywords),
            "text_identity": _identity(text) or _own(row),
            "text_keys": key,
        }
        for row, text, tokens, product, issue, key in zip(complaints, plain, words, *guessed, keys, strict=True)
    ]


def respondent_of(complaint: Row) -> MerchantKey | None:
    """The key of the respondent; None where nothing is told of it."""
    return merchant_key(
        complaint["merchant_name"],
        complaint["merchant_uscc"],
        complaint["region_code"],
        complaint["platform_name"],
        complaint["is_online"],
    )


def text_of(complaint: Row) -> str:
    """What is read of a complaint: the goods or service, and what was told."""
    return _joined(complaint["product_name"] or "", complaint["content"] or "")


def plain_text(text: str | None) -> str:
    """The text without what two copies of a template differ in: digits, spaces, punctuation, width and case."""
    return NOT_TEXT.sub("", normalise(text or ""))


def text_identity(text: str | None) -> str | None:
    """Hash of the plain text; None where it is too short to tell a template by."""
    return _identity(plain_text(text))


def _identity(plain: str) -> str | None:
    return hashlib.sha256(plain.encode()).hexdigest()[:16] if len(plain) >= SHORTEST_TEMPLATE else None


def _joined(product_name: str, content: str) -> str:
    return f"{product_name}。{content}" if product_name and content else product_name or content


def _own(row: Row) -> str:
    """What stands for a complaint that has nothing in common with another."""
    return f"{row['source']}:{row['complaint_id']}"


def _guesses(judge: Classifier | None, words: Sequence[Sequence[str]], texts: Sequence[str]) -> Sequence[Guess | None]:
    return [None] * len(texts) if judge is None else judge.guesses(words, texts)


def _judge(
    row: Row,
    words: list[str],
    product_guess: Guess | None,
    issue_guess: Guess | None,
    keywords: frozenset[str],
) -> dict[str, Any]:
    text = text_of(row)
    product = products().judge(row["product_code"], row["product_label"], words, product_guess, row["reviewed_product"])
    severity = judge_severity(text, row["injured_count"], row["death_count"], row["fire_involved"])
    # 幸好没人受伤 is no complaint about an injury.
    told = [word for word in words if word not in severity.denied] if severity.denied else words
    issue = issues().judge(row["issue_code"], row["issue_label"], told, issue_guess, row["reviewed_issue"])
    facts = extract(text, row["event_date"])
    way = route(product.node, issue.node, words, online=bool(row["is_online"]), kind=row["kind"])
    limits = deadlines(row["kind"], row["event_date"], _day(row["accepted_at"]), row["decision"])
    province, city = ancestors(row["region_code"])
    return {
        **_classified("product", product, products()),
        **_classified("issue", issue, issues()),
        **_respondent(row, facts),
        **_goods(row, facts),
        **_told(row, facts),
        **_handling(way, limits),
        "province": province,
        "city": city,
        "product_label": row["product_label"],
        "issue_label": row["issue_label"],
        "severity": severity.level,
        "severity_terms": list(severity.terms),
        "severity_basis": severity.basis,
        "severity_confidence": severity.confidence,
        "priority": severity.priority,
        "urgent_terms": list(severity.urgent),
        "tokens": words,
        "keywords": list(dict.fromkeys(filter(keywords.__contains__, words))),
        "review_reasons": [*_doubts("product", product), *_doubts("issue", issue)],
        "review_number": row["review_number"],
        "filer_identity": row["filer_key"] or _own(row),
        "phone_key": row["phone_key"],
        "person_key": row["id_number_key"] or row["person_name_key"],
        "address_key": row["home_address_key"],
    }


def _classified(what: str, verdict: Verdict, tree: Tree) -> dict[str, Any]:
    return {
        f"{what}_l1": verdict.top,
        f"{what}_l2": verdict.node if verdict.node != verdict.top else None,
        f"{what}_basis": verdict.basis,
        f"{what}_confidence": verdict.confidence,
        f"{what}_predicted": verdict.predicted,
        f"{what}_predicted_l1": tree.top.get(verdict.predicted or ""),
        f"{what}_predicted_confidence": verdict.predicted_confidence,
    }


def _doubts(what: str, verdict: Verdict) -> list[str]:
    """Why a person should look at a verdict."""
    limits = classifying()
    if verdict.basis == REVIEW:
        return []
    if verdict.basis == NONE:
        return [f"{what}_unknown"]
    if verdict.basis == SOURCE:
        differs = verdict.predicted is not None and not verdict.predicted.startswith(verdict.top)
        sure = verdict.predicted_confidence >= limits.disagreement_confidence
        return [f"{what}_disagrees"] if differs and sure else []
    return [f"{what}_unsure"] if verdict.confidence < limits.review_confidence else []


def _respondent(row: Row, facts: Facts) -> dict[str, Any]:
    respondent = respondent_of(row)
    return {
        "merchant": None,
        "merchant_key": str(respondent) if respondent else None,
        "merchant_name": normalise_merchant(row["merchant_name"]),
        "merchant_branch": (respondent.branch or None) if respondent else None,
        "merchant_mentions": list(facts.merchants),
        "platform": row["platform_name"] or next(iter(facts.platforms), None),
    }


def _goods(row: Row, facts: Facts) -> dict[str, Any]:
    """Brand and model as told; as the text names them where it names one only, and no other brand than was told."""
    named = facts.brands[0] if len(facts.brands) == 1 else None
    models = (*facts.series, *facts.models)
    fits = len(models) == 1 and (not row["brand"] or all(brand in row["brand"] for brand in facts.brands))
    return {
        "brand": row["brand"] or named,
        "model": row["model"] or (models[0] if fits else None),
        "brand_basis": SOURCE if row["brand"] else "text" if named else NONE,
        "brand_mentions": list(facts.brands),
        "defects": list(facts.defects),
    }


def _told(row: Row, facts: Facts) -> dict[str, Any]:
    return {
        "requests": list(facts.requests),
        "amount": row["amount"] if row["amount"] is not None else facts.amount,
        "amount_basis": SOURCE if row["amount"] is not None else "text" if facts.amount is not None else NONE,
        "injured_told": facts.injured,
        "events": [{"happened_on": event.date, "kind": event.kind, "told": event.clause} for event in facts.events],
    }


def _handling(way: Route, limits: Deadlines) -> dict[str, Any]:
    return {
        "department": way.department,
        "duty": way.duty,
        "outside_authorities": [authority.code for authority in way.outside],
        "routing_rule": way.rule,
        "routing_confidence": way.confidence,
        "deadline_regime": limits.regime,
        "accept_due": limits.accept_due.date,
        "mediate_due": limits.mediate_due.date,
        "clue_check_due": limits.clue_check_due.date,
    }


def _day(moment: Any) -> Any:
    return None if moment is None else moment.date()
