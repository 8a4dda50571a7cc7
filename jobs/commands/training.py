"""Classifiers: trained and scored on any labelled file, or on the warehouse's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.base import JsonOption, Stopwatch, invocation, open_warehouse, parse_date
from jobs.output import print_json, print_summary, print_table, progress
from warehouse.errors import RadarError

if TYPE_CHECKING:
    from jobs.training import Trained

MinimumOption = Annotated[
    float | None,
    typer.Option("--minimum", min=0.0, max=1.0, help="Probability below which the model abstains; as reviewed if left out."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(train)
    app.command()(evaluate)


def train(
    input: Annotated[Path | None, typer.Option("--input", help="CSV with texts and labels.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Column of the texts.")] = None,
    label: Annotated[str | None, typer.Option("--label", help="Column of the labels.")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="Folder to write the model and its card to.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Without --input: learn from the home's complaints up to this day.")
    ] = None,
    minimum: MinimumOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a text classifier, score it by cross-validation, and write its model card.

    With --input, --text, --label and --model: on any labelled CSV file. With --date: the home's own classifiers of products
    and issues, on official classes and reviewers' decisions; the next radar enrich judges by them.
    """
    watch = Stopwatch()
    if input is None and date is not None and text is None and label is None and model is None:
        summary: dict[str, Any] = _train_own(date, minimum)
    elif input is not None and text is not None and label is not None and model is not None and date is None:
        summary = _train_on_file(input, text, label, model, minimum)
    else:
        raise RadarError("radar train needs --input, --text, --label and --model together, or --date alone")
    summary["seconds"] = watch.seconds
    print_json(summary) if as_json else print_summary(_flat(summary))


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
    classes = [
        {"class": name, "precision": precision, "recall": recall, "f1": f1, "rows": rows}
        for name, precision, recall, f1, rows in scores.by_class.round(4).itertuples()
    ]
    confusion = {
        str(truth): {str(verdict): int(rows) for verdict, rows in row.items()} for truth, row in scores.confusion.iterrows()
    }
    if as_json:
        print_json({**figures, "classes": classes, "confusion": confusion})
        return
    print_table(classes)
    print_table([{"true \\ judged": truth, **row} for truth, row in confusion.items()])
    print_summary(figures)


def _train_on_file(path: Path, text: str, label: str, model: Path, minimum: float | None) -> dict[str, Any]:
    from jobs.labelled import labelled_file
    from jobs.lexicon import office_lexicon
    from jobs.training import train as learn

    labelled = labelled_file(path, text, label)
    progress(f"train: {len(labelled)} texts")
    return _told(learn(labelled, model, label, office_lexicon(invocation.open_home()), minimum=minimum))


def _train_own(date: str, minimum: float | None) -> dict[str, Any]:
    from jobs.judges import TREES, model_folder
    from jobs.lexicon import office_lexicon
    from jobs.official_labels import official_labels
    from jobs.training import train as learn
    from warehouse.classifying import classifying

    until = parse_date(date)
    with open_warehouse(write=True) as warehouse:
        labelled = {what: official_labels(warehouse, what, until, classifying().max_rows) for what in TREES}
    home = invocation.open_home()
    summary = {}
    for what, texts in labelled.items():
        progress(f"train: {what}, {len(texts)} texts")
        summary[what] = _told(learn(texts, model_folder(home, what), what, office_lexicon(home), minimum=minimum))
    return summary


def _told(done: Trained) -> dict[str, Any]:
    from jobs.training import figures_of

    return {
        "classes": len(done.description.data["classes"]),
        "skipped": done.description.data["skipped"],
        "unlearned": done.unlearned,
        **figures_of(done.scores),
        "version": done.description.version,
        "files": done.files,
    }


def _flat(summary: dict[str, Any]) -> dict[str, Any]:
    """The figures of each classifier on lines of their own."""
    flat: dict[str, Any] = {}
    for name, value in summary.items():
        flat |= {f"{name}.{key}": item for key, item in value.items()} if name in ("product", "issue") else {name: value}
    return flat
