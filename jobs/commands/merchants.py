"""Merchants: pairs to review, and what is known of one."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.commands.base import JsonOption, open_warehouse
from jobs.output import print_json, print_summary, print_table

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def candidates(
    limit: Annotated[int, typer.Option("--limit", min=1, help="Pairs shown at the most.")] = 200,
    as_json: JsonOption = False,
) -> None:
    """List pairs of merchants that may be one, the likeliest first.

    Accept or reject them by lines `same,RESPONDENT,MERCHANT,source,date` or `different,…` in config/merchant_aliases.csv of
    the home, under the header of the file that ships with the package; the next run goes by them.
    """
    with open_warehouse(write=False) as warehouse:
        from jobs.merchant_review import list_candidates

        pairs = list_candidates(warehouse)[:limit]
    if as_json:
        print_json(pairs)
    else:
        columns = ["score", "reason_zh", "respondent_name", "merchant_name", "respondent_complaints", "respondent", "merchant"]
        print_table(pairs, columns)


@app.command()
def show(
    who: Annotated[str, typer.Argument(help="Id, credit code or name, or a part of a name.")],
    as_json: JsonOption = False,
) -> None:
    """Show merchants with all their names, and why these were taken for theirs."""
    with open_warehouse(write=False) as warehouse:
        from jobs.merchant_review import find_merchants

        found = find_merchants(warehouse, who)
    if as_json:
        print_json(found)
        return
    for merchant in found:
        spellings = merchant.pop("spellings")
        print_summary(merchant)
        print_table(spellings)
