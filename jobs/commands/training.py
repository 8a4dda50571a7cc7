"""Classifiers: trained and scored on any labelled file, or on the warehouse's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.commands.base import JsonOption, Stopwatch, invocation
from jobs.output import print_json, print_summary, print_table, progress

MinimumOption = Annotated[
    float | None,
    typer.Option("--minimum", min=0.0, max=1.0, help="Probability below which the model abstains; as reviewed if left out."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(train)
    app.command()(evaluate)


def train(
    input: Annotated[Path, typer.Option("--input", help="CSV with texts and labels.")],
    text: Annotated[str, typer.Option("--text", help="Column of the texts.")],
    label: Annotated[str, typer.Option("--label", help="Column of the labels.")],
    model: Annotated[Path, typer.Option("--model", help="Folder to write the model and its card to.")],
    minimum: MinimumOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a text classifier on a labelled CSV file, score it by cross-validation, and write its model card."""
    from jobs.labelled import labelled_file
    from jobs.lexicon import office_lexicon
    from jobs.training import figures_of
    from jobs.training import train as learn

    watch = Stopwatch()
    labelled = labelled_file(input, text, label)
    progress(f"train: {len(labelled)} texts")
    done = learn(labelled, model, label, office_lexicon(invocation.open_home()), minimum=minimum)
    summary = {
        "classes": len(done.description.data["classes"]),
        "skipped": labelled.skipped,
        "unlearned": done.unlearned,
        **figures_of(done.scores),
        "version": done.description.version,
        "files": done.files,
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)


def evaluate(
    model: Annotated[Path, typer.Option("--model", help="Folder of the model.")],
    input: Annotated[Path, typer.Option("--input", help="CSV with texts and labels.")],
    text: Annotated[str, typer.Option("--text", help="Column of the texts.")],
    label: Annotated[str, typer.Option("--label", help="Column of the labels.")],
    as_json: JsonOption = False,
) -> None:
    """Score a text classifier on a labelled CSV file: figures with their intervals, classes and confusions."""
    from jobs.labelled import labelled_file
    from jobs.lexicon import office_lexicon
    from jobs.training import evaluate as score
    from jobs.training import figures_of

    watch = Stopwatch()
    labelled = labelled_file(input, text, label)
    scores = score(model, labelled, office_lexicon(invocation.open_home()))
    figures: dict[str, Any] = {**figures_of(scores), "skipped": labelled.skipped, "seconds": watch.seconds}
    classes = [{"class": name, **row} for name, row in scores.by_class.round(4).to_dict("index").items()]
    confusion = {truth: row.to_dict() for truth, row in scores.confusion.iterrows()}
    if as_json:
        print_json({**figures, "classes": classes, "confusion": confusion})
        return
    print_table(classes)
    print_table([{"true \\ judged": truth, **row} for truth, row in confusion.items()])
    print_summary(figures)
