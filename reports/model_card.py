"""The model card: what a classifier was trained on, how well it does, and where not to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reports.templating import environment

# Confusions that a reader should know of, the most frequent first.
CONFUSIONS_SHOWN = 15


def render_model_card(
    description: Mapping[str, Any], by_class: pd.DataFrame, confusion: pd.DataFrame, terms: Mapping[str, Sequence[str]]
) -> str:
    """The card as Markdown, after Mitchell et al. 2019, Model Cards for Model Reporting, FAT*.

    Args:
        description: content of `model.json`.
        by_class: per class `precision`, `recall`, `f1`, `rows`.
        confusion: documents by true class (rows) and verdict (columns).
        terms: per class the terms that speak for it most.
    """
    classes = [
        {"name": name, "rows": int(rows), "precision": precision, "recall": recall, "f1": f1}
        for name, precision, recall, f1, rows in by_class.sort_values("rows", ascending=False).itertuples()
    ]
    mistaken = [
        {"truth": truth, "verdict": verdict, "rows": int(rows), "share": rows / row.sum()}
        for truth, row in confusion.iterrows()
        for verdict, rows in row.items()
        if truth != verdict and rows
    ]
    mistaken.sort(key=lambda found: -found["rows"])
    template = environment().get_template("model_card.md.j2")
    return template.render(model=description, classes=classes, mistaken=mistaken[:CONFUSIONS_SHOWN], terms=terms)
