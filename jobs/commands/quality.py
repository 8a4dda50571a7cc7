"""Data quality: results, the gate by hand, and where the documents lie."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from jobs.commands.base import DateOption, JsonOption, Stopwatch, invocation, open_warehouse, parse_date
from jobs.output import print_json, print_summary, print_table, progress
from warehouse.contracts import contract_of
from warehouse.errors import RadarError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

OUTCOMES_ZH = {"passed": "通过", "failed": "未通过", "unjudged": "未判断"}
STRENGTHS_ZH = {"stop": "停止", "warn": "提示", "reject": "拒收"}
ZhOption = Annotated[bool, typer.Option("--zh", help="Say it in Chinese.")]


@app.command()
def show(
    date: Annotated[str | None, typer.Option("--date", help="Business date; the newest checked one if left out.")] = None,
    zh: ZhOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the results of a date by table, failures and warnings first, and the row rules that its loads broke."""
    wanted = parse_date(date) if date else None
    with open_warehouse(write=False) as warehouse:
        from jobs.quality import read_results, rules_broken

        as_of, results = read_results(warehouse, wanted)
        rules = rules_broken(warehouse, as_of) if as_of else []
    if as_of is None:
        raise RadarError("nothing was checked yet; radar run and radar quality gate check the tables")
    if as_json:
        print_json({"date": as_of, "results": results, "rules": rules})
        return
    notable = [row for row in results if row["outcome"] != "passed"]
    print_table([_result_line(row, zh) for row in notable], list(_result_line(_NO_RESULT, zh)))
    print_table([_rule_line(row, zh) for row in rules], list(_rule_line(_NO_RULE, zh)))
    print_summary(_totals(as_of, results, zh))


@app.command()
def gate(
    date: DateOption,
    tables: Annotated[
        list[str] | None, typer.Option("--table", help="This table only, such as silver.complaints; may be repeated.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Whole tables, not only the months that the date's loads touched.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold the tables to their contracts and judge the monitors; exit code 1 if a check of strength stop fails."""
    watch, as_of = Stopwatch(), parse_date(date)
    for table in tables or ():
        contract_of(table)
    with open_warehouse(write=True) as warehouse:
        from jobs.completeness import estimate_completeness
        from jobs.ledger import loads
        from jobs.quality import docs_folder, gated_tables, quality_gate, touched_months

        streams = sorted({load.stream for load in loads(warehouse)})
        # Where nothing was touched the question can only be about the tables as they stand.
        months = None if whole else touched_months(warehouse, as_of) or None
        for stream in streams:
            # The volume of a day is judged by how completely it is reported.
            estimate_completeness(warehouse, stream, as_of)
        progress(f"quality: {', '.join(tables or ['all tables'])}, {'whole' if months is None else f'{len(months)} months'}")
        with quality_gate(warehouse, as_of, streams) as checking:
            checking.check(tables or gated_tables(), months)
        results, page = checking.results, docs_folder(warehouse.home) / str(as_of) / "index.html"
    outcomes = Counter(result.outcome for result in results)
    summary = {
        "checks": len(results),
        "passed": outcomes["passed"],
        "warned": [f"{r.table_name} {r.name}: {r.detail}" for r in results if r.outcome == "failed"],
        "unjudged": outcomes["unjudged"],
        "tables": ["gold.reporting_completeness", "ops.quality_results"],
        "page": page,
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)


@app.command()
def docs(as_json: JsonOption = False) -> None:
    """Print where the documents about data quality begin."""
    from jobs.quality import docs_folder

    path = docs_folder(invocation.open_home()) / "index.html"
    if not path.is_file():
        raise RadarError("there are no documents yet; radar run and radar quality gate write them")
    print_json({"index": path}) if as_json else print_summary({"index": path})


_NO_RESULT: dict[str, Any] = dict.fromkeys(
    ("outcome", "strength", "table_name", "stream", "check_name", "subject", "violating", "evaluated", "detail"), ""
)
_NO_RULE: dict[str, Any] = dict.fromkeys(("source", "strength", "rule", "rows"), "")


def _result_line(row: dict[str, Any], zh: bool) -> dict[str, Any]:
    outcome, strength = row["outcome"], row["strength"]
    check = f"{row['check_name']} {row['subject']}".strip()
    if zh:
        return {
            "结果": OUTCOMES_ZH.get(outcome, outcome),
            "强度": STRENGTHS_ZH.get(strength, strength),
            "数据表": row["table_name"],
            "检查": check,
            "不符": row["violating"],
            "说明": row["detail"],
        }
    return {
        "outcome": outcome,
        "strength": strength,
        "table": row["table_name"],
        "stream": row["stream"],
        "check": check,
        "violating": row["violating"],
        "evaluated": row["evaluated"],
    }


def _rule_line(row: dict[str, Any], zh: bool) -> dict[str, Any]:
    from features.rules import rule_text

    if zh:
        return {
            "来源": row["source"],
            "强度": STRENGTHS_ZH.get(row["strength"], row["strength"]),
            "规则": rule_text(row["rule"]),
            "行数": row["rows"],
        }
    return dict(row)


def _totals(as_of: Any, results: list[dict[str, Any]], zh: bool) -> dict[str, Any]:
    tables: dict[str, Counter[str]] = {}
    for row in results:
        tables.setdefault(row["table_name"], Counter())[row["outcome"]] += 1
    if zh:
        lines = [
            f"{table}：" + "，".join(f"{OUTCOMES_ZH[name]}{count[name]}项" for name in OUTCOMES_ZH if count[name])
            for table, count in sorted(tables.items())
        ]
        return {"业务日期": as_of, "各表": lines}
    lines = [
        f"{table}: " + ", ".join(f"{count[name]} {name}" for name in OUTCOMES_ZH if count[name])
        for table, count in sorted(tables.items())
    ]
    return {"date": as_of, "tables": lines}
