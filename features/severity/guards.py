"""Whether what stands around a harm takes it back (`void`) or makes it a mere danger (`risk`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from features.severity.context import Context
from features.severity.patterns import any_of
from features.severity.words import Guard, words

VOID, RISK = "void", "risk"
# Bounds the ways in which fillers can be told apart.
MOST_FILLERS = 6
NEVER = re.compile(r"(?!)")


def effect_on(context: Context) -> str | None:
    """`void`, `risk`, or None where the harm stands as it is."""
    if not _cues().search(context.left) and not _cues().search(context.before) and not _followers().match(context.right):
        return None
    found = None
    for guard in _guards():
        if guard.effect != found and guard.holds(context):
            if guard.effect == VOID:
                return VOID
            found = guard.effect
    return found


def is_denied(context: Context) -> bool:
    """Whether it is plainly said not to be."""
    return _denied().holds(context)


@dataclass(frozen=True)
class _CompiledGuard:
    """A `Guard` as patterns."""

    effect: str
    next_to: re.Pattern[str]
    reaching: re.Pattern[str]
    carried: re.Pattern[str]
    modal: re.Pattern[str]
    after: re.Pattern[str]
    followed: re.Pattern[str] | None
    breakers: re.Pattern[str]
    unless_before: re.Pattern[str]
    unless_after: re.Pattern[str]

    def holds(self, context: Context) -> bool:
        """Whether it guards what stands in the context."""
        return self._is_there(context) and not self.unless_after.match(context.right)

    def _is_there(self, context: Context) -> bool:
        if self.after.match(context.right):
            return True
        near = self.next_to.search(context.left)
        if (
            near
            and (not self.followed or self.followed.match(context.right))
            and not self.unless_before.search(context.left, 0, near.start())
        ):
            return True
        if any(not self.breakers.search(context.left, match.end()) for match in self.reaching.finditer(context.left)):
            return True
        return self._is_carried(context)

    def _is_carried(self, context: Context) -> bool:
        if not context.before or not self.carried.search(context.before):
            return False
        return self.modal.search(context.left) is not None and not self.breakers.search(context.left)


def _compiled(guard: Guard) -> _CompiledGuard:
    lexicon = words()
    fillers = f"(?:{any_of(lexicon.fillers)}){{0,{MOST_FILLERS}}}$"
    return _CompiledGuard(
        guard.effect,
        _pattern(guard.next_to, fillers),
        _pattern(guard.reaching),
        _pattern(guard.carried),
        _pattern(lexicon.modal, fillers),
        _pattern(guard.after),
        _pattern(guard.followed) if guard.followed else None,
        _pattern(lexicon.breakers + guard.breakers),
        _pattern(guard.unless_before, "$"),
        _pattern(guard.unless_after),
    )


def _pattern(patterns: tuple[str, ...], end: str = "") -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(patterns)}){end}") if patterns else NEVER


@cache
def _guards() -> tuple[_CompiledGuard, ...]:
    return tuple(map(_compiled, words().guards.values()))


@cache
def _cues() -> re.Pattern[str]:
    """Any word of any guard that stands before a harm: most harms have none before them, and need no closer look."""
    return _pattern(tuple(cue for guard in words().guards.values() for cue in guard.next_to + guard.reaching + guard.carried))


@cache
def _followers() -> re.Pattern[str]:
    """As `_cues`, of what stands behind a harm."""
    return _pattern(tuple(follower for guard in words().guards.values() for follower in guard.after))


@cache
def _denied() -> _CompiledGuard:
    return _compiled(words().guards["denied"])
