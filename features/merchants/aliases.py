"""Reviewed knowledge of respondents: which names and codes are the same one, and which only look alike."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from features.merchants.credit_codes import valid_credit_code
from features.merchants.keys import NATIONAL, ONLINE, UNKNOWN, block_of, merchant_key, name_id
from features.merchants.places import is_region_code
from features.merchants.words import words
from warehouse.contracts import Sentence, Strict
from warehouse.errors import RadarError

ANYWHERE = "*"
ID = re.compile(r"(?P<scope>[^:]+):(?P<core>.+)")


@dataclass(frozen=True)
class Named:
    """A respondent by name: where, or `*` for wherever such a name is complained about; and its core."""

    scope: str
    core: str


# A respondent by its credit code, or by name.
Reference = str | Named


class Review(Strict):
    """A line of `merchant_aliases.csv`; see there."""

    verdict: Literal["same", "different"]
    respondent: Sentence
    merchant: Sentence
    source: str = ""
    reviewed: str = ""


class Aliases:
    """The reviewed table, ready to be asked.

    Args:
        reviews: the table's lines; a later one about the same respondent replaces an earlier one.

    Raises:
        RadarError: a line names nobody, its merchant has no place of its own, or aliases go round in a circle.
    """

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        self._targets: dict[Reference, Reference] = {}
        self._different: set[frozenset[str]] = set()
        lines = list(reviews)
        for review in lines:
            respondent, merchant = _reference(review.respondent), _reference(review.merchant)
            if review.verdict == "same":
                if isinstance(merchant, Named) and merchant.scope in (ANYWHERE, UNKNOWN):
                    raise RadarError(
                        f"merchant alias {review.respondent}: {review.merchant} may be several; give its code or id"
                    )
                if isinstance(respondent, str) and isinstance(merchant, Named):
                    raise RadarError(f"merchant alias {review.respondent}: a code can stand for another code only")
                self._targets[respondent] = merchant
            else:
                self._different.add(frozenset((_id(respondent), _id(merchant))))
        for reference in self._targets:
            self._end(reference)
        content = [(line.verdict, line.respondent, line.merchant) for line in lines]
        self.version = hashlib.sha256(repr(content).encode()).hexdigest()[:12]

    def code(self, code: str) -> str:
        """The credit code that another one stands for; the code itself where the table says nothing."""
        return str(self._end(code))

    def target(self, scope: str, core: str) -> Reference | None:
        """Who a name stands for; None where the table says nothing of it."""
        for reference in (Named(scope, core), Named(ANYWHERE, core)):
            if reference in self._targets:
                return self._end(reference)
        return None

    def are_different(self, one: str, other: str) -> bool:
        """Whether a reviewer found two ids to be two respondents."""
        return frozenset((one, other)) in self._different

    def with_linked(self, blocks: Iterable[str]) -> set[str]:
        """The blocks, and those that the table links them with."""
        found = set(blocks)
        links = [{block_of(part.core) for part in (name, self._end(name)) if isinstance(part, Named)} for name in self._targets]
        while more := [link for link in links if link & found and not link <= found]:
            found.update(*more)
        return found

    def _end(self, reference: Reference) -> Reference:
        seen = [reference]
        while (following := self._following(seen[-1])) is not None:
            if following in seen:
                raise RadarError(f"merchant aliases go round in a circle at {_id(reference)}")
            seen.append(following)
        return seen[-1]

    def _following(self, reference: Reference) -> Reference | None:
        if isinstance(reference, Named):
            return self._targets.get(reference, self._targets.get(Named(ANYWHERE, reference.core)))
        return self._targets.get(reference)


def read_reviews(path: Path) -> list[Review]:
    """The lines of a table of aliases; lines that start with `#` are its header.

    Raises:
        RadarError: the file is not UTF-8, or a line is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RadarError(f"{path} is not UTF-8") from None
    # Comments become blank lines, which are passed over, so that line numbers are those of the file.
    reader = csv.reader("\n" if line.startswith("#") else line for line in text.splitlines(keepends=True))
    lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if cells]
    _, header = lines[0] if lines else (0, [])
    return [_review(f"{path}: line {number}", header, cells) for number, cells in lines[1:]]


def _review(place: str, header: Sequence[str], cells: Sequence[str]) -> Review:
    if len(cells) > len(header):
        raise RadarError(f"{place}: there are more cells than the header names")
    try:
        return Review.model_validate(dict(zip(header, cells, strict=False)))
    except ValidationError as error:
        first = error.errors()[0]
        raise RadarError(f"{place}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _reference(text: str) -> Reference:
    """What a cell names: a credit code, an id as `radar merchants` prints it, or a name as people write it."""
    code = valid_credit_code(text)
    if code:
        return code
    match = ID.fullmatch(text)
    if match and _is_scope(match["scope"]):
        return Named(match["scope"], match["core"])
    key = merchant_key(text, None)
    if key is None:
        raise RadarError(f"merchant alias {text!r} names nobody")
    return Named(ANYWHERE if key.scope == UNKNOWN else key.scope, key.core)


def _is_scope(text: str) -> bool:
    return text in (NATIONAL, ONLINE, UNKNOWN) or text in words().platforms.market or is_region_code(text)


def _id(reference: Reference) -> str:
    return reference if isinstance(reference, str) else name_id(reference.scope, reference.core)
