"""What becomes of complaints: accepted or refused, mediated, closed, corrected; every state is a version in some export."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.calendar import Span, Workdays
from simulator.catalogue import catalogue
from simulator.data import world
from simulator.draft import COMPLAINT, CONSULTATION, NONE, SECONDS, Draft
from simulator.seeds import Flags, Floats, Ints, pick, shares, whole

REGISTERED, CHECKED, CLOSED = range(3)


@dataclass(frozen=True)
class Fates:
    """The life of each complaint; days count from the first of the span, and may lie behind its end.

    Attributes:
        checked: day of the first check.
        accepted: whether it was accepted then.
        refusal: place in the calibration's refusals, or none.
        closed: day on which it was closed, or none where it was refused.
        outcome: place in the calibration's outcomes of mediation, of complaints that were accepted, or none.
        filed: whether a case was filed from it.
        recovered: yuan, 0 for nothing.
        satisfaction: 1 to 5, or none.
        first_issue, first_product: numbers that the form names until the check, which corrects them where they are wrong.
        leaf: which of the leaf names of its issue the form names, from 0 to 1.
    """

    checked: Ints
    accepted: Flags
    refusal: Ints
    closed: Ints
    outcome: Ints
    filed: Flags
    recovered: Floats
    satisfaction: Ints
    first_issue: Ints
    first_product: Ints
    leaf: Floats


def fates(rng: np.random.Generator, draft: Draft, workdays: Workdays) -> Fates:
    """Draw what becomes of complaints. Consultations are answered at once."""
    calibration, size = world("calibration"), len(draft)
    check, close = calibration["check_days"], calibration["close_days"]
    answered = draft.kind == CONSULTATION
    lag = np.ceil(_log_normal(rng, check["median"], check["sigma"], size)).astype(np.int64)
    checked = np.where(answered, draft.day, workdays.after(draft.day, np.clip(lag, 1, check["most"])))
    accepted = answered | (rng.random(size) < calibration["accepted"])
    refusal = np.where(accepted, NONE, pick(rng, shares(list(calibration["refusals"].values())), size))
    duration = np.clip(np.ceil(_log_normal(rng, close["median"], close["sigma"], size)), 1, close["most"]).astype(np.int64)
    closed = np.where(answered, draft.day, np.where(accepted, checked + duration, NONE))
    outcome = np.where(
        accepted & (draft.kind == COMPLAINT), pick(rng, shares(list(calibration["mediated"].values())), size), NONE
    )
    success = outcome == list(calibration["mediated"]).index("调解成功")
    told = accepted & ~answered & (rng.random(size) < calibration["satisfaction_answered"])
    satisfaction = pick(rng, shares(list(calibration["satisfaction"].values())), size)
    marks = np.array([int(mark) for mark in calibration["satisfaction"]])
    return Fates(
        leaf=rng.random(size),
        checked=checked,
        accepted=accepted,
        refusal=refusal,
        closed=closed,
        outcome=outcome,
        filed=accepted & ~answered & (rng.random(size) < calibration["filed_case"]),
        recovered=np.where(success, _recovered(rng, draft.amount), 0.0),
        satisfaction=np.where(told, marks[satisfaction], NONE),
        first_issue=_wrong(rng, draft.label_issue, calibration["corrected_issue"], len(catalogue().issues)),
        first_product=_wrong(rng, draft.product, calibration["corrected_class"], len(catalogue().entries)),
    )


def _log_normal(rng: np.random.Generator, median: float, sigma: float, size: int) -> Floats:
    return np.asarray(median * np.exp(sigma * rng.standard_normal(size)), dtype=np.float64)


def _wrong(rng: np.random.Generator, right: Ints, share: float, count: int) -> Ints:
    """The right numbers, a share of them replaced by others."""
    other = (right + 1 + whole(rng, count - 1, len(right))) % count
    return np.where(rng.random(len(right)) < share, other, right)


def _recovered(rng: np.random.Generator, amount: Floats) -> Floats:
    """Yuan recovered by mediations that succeeded: a power of the amount, scaled to the published mean over all complaints."""
    calibration, book = world("calibration"), catalogue()
    elasticity, sigma = calibration["recovered"]["elasticity"], calibration["recovered"]["sigma"]
    # The mean of a power of a log-normal amount, over the products.
    powers = np.exp(elasticity * book.log_price + (elasticity * book.price_spread) ** 2 / 2)
    success = (
        calibration["accepted"]
        * shares(list(calibration["mediated"].values()))[list(calibration["mediated"]).index("调解成功")]
    )
    scale = calibration["recovered"]["per_complaint"] / success / float(shares(book.share) @ powers)
    noise = np.exp(sigma * rng.standard_normal(len(amount)) - sigma**2 / 2)
    return np.asarray(np.round(np.minimum(amount, scale * amount**elasticity * noise), 2), dtype=np.float64)


@dataclass(frozen=True)
class Versions:
    """Versions of complaints as the exports hold them, ordered by export, then by complaint.

    Attributes:
        row: place of the complaint in its draft.
        state: registered, checked or closed.
        day, second: when the version came to be.
        exported: day of the export that holds it.
        late: whether the complaint reaches the exports after its day.
    """

    row: Ints
    state: Ints
    day: Ints
    second: Ints
    exported: Ints
    late: Flags

    def __len__(self) -> int:
        return len(self.row)

    def at(self, rows: NDArray[np.int64] | Flags) -> Versions:
        """The versions at these places, or where a mask is true."""
        return Versions(**{name: value[rows] for name, value in vars(self).items()})


def versions(rng: np.random.Generator, draft: Draft, fate: Fates, span: Span, period: Ints) -> Versions:
    """The versions that reach an export of the span.

    Args:
        rng: random numbers.
        draft: the complaints.
        fate: what becomes of them.
        span: exports are made of its days.
        period: number of the export of each day of the span; an export holds the last version of its time.
    """
    late, size, last = world("calibration")["late"], len(draft), len(span.days) - 1
    is_late = rng.random(size) < late["share"]
    delay = np.where(is_late, 1 + whole(rng, late["most_days"], size), 0)
    days = np.stack([draft.day, fate.checked, fate.closed], axis=1)
    seconds = np.stack([draft.second, *(whole(rng, SECONDS // 3, size) + SECONDS // 3 for _ in range(2))], axis=1)
    # What happens on the day of registration happens after it.
    seconds = np.where(days == draft.day[:, None], np.maximum(seconds, draft.second[:, None]), seconds)
    exported = np.maximum(days, (draft.day + delay)[:, None])
    exists = (days != NONE) & (exported <= last)
    number = period[np.clip(exported, 0, last)]
    # Superseded within the same export: a later state exists there.
    superseded = np.zeros_like(exists)
    for earlier in (REGISTERED, CHECKED):
        for later in range(earlier + 1, CLOSED + 1):
            superseded[:, earlier] |= exists[:, later] & (number[:, later] == number[:, earlier])
    row, state = np.nonzero(exists & ~superseded)
    order = np.lexsort((row, exported[row, state]))
    row, state = row[order], state[order]
    return Versions(row, state, days[row, state], seconds[row, state], exported[row, state], is_late[row])
