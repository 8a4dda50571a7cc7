"""Artefacts of registration: no complaint more or less is made, but they are registered in another way for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.catalogue import catalogue
from simulator.data import world
from simulator.draft import NONE, Draft
from simulator.incidents import Incident
from simulator.seeds import Flags

Ordinary = Callable[[int], Draft]
FORWARDED = "12345转办"


@dataclass(frozen=True)
class Artefact:
    """An artefact as seen from a day: its number among the incidents, and days since its onset, negative before."""

    number: int
    incident: Incident
    since: int


def backlog(draft: Draft, artefact: Artefact, ordinary: Ordinary) -> Draft:
    """Some places hold their complaints back, and register all of them on the day of the onset."""
    held_days, inside = artefact.incident.theme["held_days"], _inside(draft, artefact)
    if -held_days <= artefact.since < 0:
        return draft.at(~inside)
    if artefact.since != 0 or not len(draft):
        return draft
    today = int(draft.day[0])
    held = [ordinary(earlier) for earlier in range(max(0, today - held_days), today)]
    released = Draft.joined([draft, *(earlier.at(_inside(earlier, artefact)) for earlier in held)])
    released.incident = np.where(released.day < today, artefact.number, released.incident)
    released.day = np.full(len(released), today)
    return released


def reopened_source(draft: Draft, artefact: Artefact, _ordinary: Ordinary) -> Draft:
    """The complaints that the citizens' hotline of some places forwards stay away, and come back on the onset."""
    theme = artefact.incident.theme
    forwarded = _inside(draft, artefact) & (draft.channel == list(world("calibration")["channels"]).index(FORWARDED))
    if -theme["silent_days"] <= artefact.since < 0:
        return draft.at(~forwarded)
    return _marked(draft, artefact, forwarded)


def reclassification(draft: Draft, artefact: Artefact, _ordinary: Ordinary) -> Draft:
    """From the onset on, the complaints of a class about one issue are labelled with another."""
    if artefact.since < 0:
        return draft
    theme, classes, issues = artefact.incident.theme, catalogue().classes, catalogue().issues
    of_class = catalogue().class_of[draft.product] == classes.index(theme["class"])
    moved = of_class & (draft.issue == issues.index(theme["from_issue"]))
    draft.label_issue = np.where(moved, issues.index(theme["to_issue"]), draft.label_issue)
    return _marked(draft, artefact, moved)


ARTEFACTS: dict[str, Callable[[Draft, Artefact, Ordinary], Draft]] = {
    "backlog": backlog,
    "reopened_source": reopened_source,
    "reclassification": reclassification,
}


def _marked(draft: Draft, artefact: Artefact, rows: Flags) -> Draft:
    """The complaints that the truth lists, for as long as it does."""
    if 0 <= artefact.since < artefact.incident.theme["listed_days"]:
        draft.incident = np.where(rows & (draft.incident == NONE), artefact.number, draft.incident)
    return draft


def _inside(draft: Draft, artefact: Artefact) -> Flags:
    """Whether each complaint is from one of the artefact's sites."""
    return np.isin(draft.place, np.concatenate(artefact.incident.sites))
