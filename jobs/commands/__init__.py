"""The commands of `radar`, a file per subject. Spark is imported only by commands that start it."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands import (
    alerts,
    analysis,
    backtest,
    lexicon,
    merchants,
    pipeline,
    quality,
    review,
    setup,
    simulation,
    sources,
    topics,
    training,
    upkeep,
)
from jobs.commands.base import invocation

app = typer.Typer(
    help="Complaint Radar (投诉雷达): early warning from consumer complaints.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    home: Annotated[
        str | None, typer.Option("--home", help="The one folder that is written to; $RADAR_HOME or ./radar-home if left out.")
    ] = None,
) -> None:
    """Options before the command."""
    invocation.home = home


pipeline.register(app)
analysis.register(app)
backtest.register(app)
simulation.register(app)
setup.register(app)
topics.register(app)
training.register(app)
upkeep.register(app)
app.add_typer(sources.app, name="sources", help="Source mappings, and which one fits a file.")
app.add_typer(quality.app, name="quality", help="Checks of the tables and their results.")
app.add_typer(review.app, name="review", help="Complaints that the judges are unsure of.")
app.add_typer(alerts.app, name="alerts", help="Hotspots and their evidence.")
app.add_typer(lexicon.app, name="lexicon", help="The domain lexicon and new words for it.")
app.add_typer(merchants.app, name="merchants", help="Merchants, their names, and pairs that may be one.")

__all__ = ["app"]
