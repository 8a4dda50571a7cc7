"""The review queue: what the judges are unsure of, and what people decide."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jobs.commands.base import DateOption, JsonOption, open_warehouse, parse_date
from jobs.output import NONE, print_json, print_summary, print_table

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

TEXT_SHOWN = 60


@app.command("list")
def list_queue(
    reason: Annotated[str | None, typer.Option("--reason", help="Only this reason, such as product_unsure.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only complaints registered from this day on.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Complaints shown at the most.")] = 50,
    zh: Annotated[bool, typer.Option("--zh", help="Say it in Chinese.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List complaints that wait for a reviewer, the most severe first."""
    from jobs.reviews import review_queue

    with open_warehouse(write=False) as warehouse:
        rows = review_queue(warehouse, reason=reason, since=parse_date(since) if since else None, limit=limit)
    if as_json:
        print_json(rows)
    else:
        print_table([_line(row, zh) for row in rows], nothing=NONE[zh])


@app.command()
def decide(
    complaint_id: Annotated[str, typer.Argument(help="Registration number.")],
    reviewer: Annotated[str, typer.Option("--reviewer", help="Who decides.")],
    date: DateOption,
    source: Annotated[str, typer.Option("--source", help="Source of the complaint.")],
    product: Annotated[str | None, typer.Option("--product", help="Code of the product; left out, the verdict stays.")] = None,
    issue: Annotated[str | None, typer.Option("--issue", help="Code of the issue; left out, the verdict stays.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Why; personal data are masked.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Record a decision; the next radar enrich judges the complaint by it, and the next radar train learns from it."""
    from jobs.reviews import decide as record

    with open_warehouse(write=True) as warehouse:
        decision = record(
            warehouse,
            source,
            complaint_id,
            product=product,
            issue=issue,
            reviewer=reviewer,
            reviewed_on=parse_date(date),
            note=note,
        )
    print_json(decision) if as_json else print_summary({**decision, "tables": ["ops.reviews"]})


def _line(row: dict[str, Any], zh: bool) -> dict[str, Any]:
    from jobs.reviews import REASONS_ZH

    reasons = [REASONS_ZH[reason] if zh else reason for reason in row["reasons"]]
    text = row["text"] if len(row["text"]) <= TEXT_SHOWN else row["text"][:TEXT_SHOWN] + "…"
    names = ("登记编号", "登记日期", "严重程度", "原因", "客体", "问题", "内容")
    if not zh:
        names = ("complaint_id", "event_date", "severity", "reasons", "product", "issue", "text")
    verdicts = [
        f"{row[what]} {row[f'{what}_confidence']:.2f}"
        + (f" ({row[f'{what}_predicted']}?)" if row[f"{what}_predicted"] not in (None, row[what]) else "")
        for what in ("product", "issue")
    ]
    values = (row["complaint_id"], row["event_date"], row["severity"], ", ".join(reasons), *verdicts, text)
    return dict(zip(names, values, strict=True))
