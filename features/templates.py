"""Texts that a call-taker wrote under headings: `商户名称：…发生时间：…消费金额：…问题描述：…主要诉求：…`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

if TYPE_CHECKING:
    from pyspark.sql import Column

BETWEEN = r"[\s，,。；;、]*"


def slot_pattern(label: str, labels: Sequence[str]) -> str:
    """The pattern whose first group is what stands behind a heading, up to the next heading or the end.

    The text must begin with a heading: one that turns up within somebody's sentence opens no template.
    """
    headings = "|".join(map(re.escape, labels))
    begin = rf"(?s)^(?=\s*(?:{headings})[:：]).*?"
    return rf"{begin}{re.escape(label)}[:：]\s*(.*?){BETWEEN}(?=(?:{headings})[:：]|\Z)"


def slot_of(text: Column, label: str, labels: Sequence[str]) -> Column:
    """What a text has behind a heading; empty where it has none."""
    return F.regexp_extract(text, slot_pattern(label, labels), 1)
