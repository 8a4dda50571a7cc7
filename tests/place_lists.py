"""Lists of places for tests."""

from __future__ import annotations


def pairs(table: str) -> list[tuple[str, str | None]]:
    """Places with the codes that they mean, one pair a line; `-` where they mean none."""
    rows = [line.rsplit(maxsplit=1) for line in table.strip().splitlines()]
    return [(text.strip(), None if code == "-" else code) for text, code in rows]
