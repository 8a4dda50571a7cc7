"""The lexicon: new words to review, words accepted, and what is known of one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from jobs.commands.base import JsonOption, Stopwatch, invocation, open_warehouse, parse_date, pick_stream
from jobs.output import print_json, print_summary, print_table
from warehouse.errors import RadarError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

CHINESE = {
    "word": "词",
    "texts": "诉求数",
    "growth": "增长倍数",
    "growth_lower": "增长下限",
    "pmi": "凝固度",
    "left_entropy": "左自由度",
    "right_entropy": "右自由度",
    "score": "得分",
    "examples": "例",
    "frequency": "词频",
    "tag": "词性",
    "known_from": "出处",
    "cut_without": "无此词的切分",
    "cut_with": "有此词的切分",
    "texts_read": "诉求总数",
    "background_read": "背景诉求总数",
    "proposed": "候选词数",
    "output": "输出",
    "seconds": "用时（秒）",
}
SHOWN = ("word", "texts", "growth", "score", "examples")
ZhOption = Annotated[bool, typer.Option("--zh", help="Say it in Chinese.")]
Texts = tuple[list[str], list[str] | None]


@app.command()
def propose(
    date: Annotated[str | None, typer.Option("--date", help="Business date, yyyy-mm-dd: the last day looked at.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Days looked at.")] = 28,
    background_days: Annotated[
        int, typer.Option("--background-days", min=0, help="Days before them that growth is told by; 0 for none.")
    ] = 180,
    stream: Annotated[str | None, typer.Option("--stream", help="Stream; may be left out where there is only one.")] = None,
    input: Annotated[Path | None, typer.Option("--input", help="A CSV file to look at instead of the tables.")] = None,
    background: Annotated[Path | None, typer.Option("--background", help="A CSV file of an earlier time.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Column of the texts in these files.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Words at the most.")] = 100,
    output: Annotated[Path | None, typer.Option("--output", help="CSV to write, with all figures.")] = None,
    zh: ZhOption = False,
    as_json: JsonOption = False,
) -> None:
    """Propose new words, the likeliest first, for a person to review: `radar lexicon accept WORD…` takes them in."""
    from jobs import lexicon

    watch, home = Stopwatch(), invocation.open_home()
    known = lexicon.known_words(home)
    if input is not None:
        now, before = _from_files(input, background, text)
    elif date is not None:
        now, before = _from_tables(parse_date(date), days, background_days, stream)
    else:
        raise RadarError("say which texts: --date for those of the tables, or --input FILE --text COLUMN")
    rows = lexicon.propose(now, before, lexicon.default_settings(), known, limit)
    summary: dict[str, Any] = {
        "texts_read": len(now),
        "background_read": len(before) if before is not None else None,
        "proposed": len(rows),
    }
    if output is not None:
        _write(rows, output, zh)
        summary["output"] = str(output)
    summary["seconds"] = watch.seconds
    if as_json:
        print_json({**summary, "words": rows})
        return
    columns = [name for name in SHOWN if name != "growth" or before is not None]
    shown = [_readable({name: row[name] for name in columns}) for row in rows]
    print_table([_named(row, zh) for row in shown], list(_named(dict.fromkeys(columns), zh)))
    print_summary(_named(summary, zh))


@app.command()
def accept(
    words: Annotated[list[str], typer.Argument(help="Words to take in.")],
    as_json: JsonOption = False,
) -> None:
    """Take words into the office's own lexicon, config/lexicon.txt of the home."""
    from jobs import lexicon

    home = invocation.open_home()
    with home.lock():
        path = lexicon.accept(words, home)
    summary = {"accepted": words, "file": str(path), "words": len(lexicon.office_words(home))}
    print_json(summary) if as_json else print_summary(summary)


@app.command()
def show(
    word: Annotated[str, typer.Argument(help="Word to look at.")],
    text: Annotated[str | None, typer.Option("--text", help="Text to cut; the word itself if left out.")] = None,
    zh: ZhOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show whether a word is known, from where, and how a text is cut without it and with it."""
    from jobs import lexicon

    found = lexicon.explain(word, invocation.open_home(), text)
    if as_json:
        print_json(found)
        return
    cuts = {name: " / ".join(found[name]) for name in ("cut_without", "cut_with")}
    print_summary(_named({name: "—" if value is None else value for name, value in {**found, **cuts}.items()}, zh))


def _from_files(now: Path, before: Path | None, column: str | None) -> Texts:
    from jobs.lexicon import texts_of_file

    if column is None:
        raise RadarError("--input needs --text, the column of the texts")
    return texts_of_file(now, column), None if before is None else texts_of_file(before, column)


def _from_tables(date: dt.date, days: int, background_days: int, stream: str | None) -> Texts:
    from jobs.lexicon import texts_of

    first = date - dt.timedelta(days=days - 1)
    with open_warehouse(write=False) as warehouse:
        chosen = pick_stream(warehouse, stream)
        now = texts_of(warehouse, first, date, chosen)
        if not background_days:
            return now, None
        since = first - dt.timedelta(days=background_days)
        return now, texts_of(warehouse, since, first - dt.timedelta(days=1), chosen)


def _write(rows: list[dict[str, Any]], path: Path, zh: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # The mark lets spreadsheet programs see that it is UTF-8.
    pd.DataFrame([_named(_readable(row), zh) for row in rows]).to_csv(path, index=False, encoding="utf-8-sig")


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its examples as one text. The dots before it also keep a spreadsheet from taking it for a formula."""
    return {**row, "examples": " ".join(f"…{example}…" for example in row["examples"])}


def _named(row: dict[str, Any], zh: bool) -> dict[str, Any]:
    return {CHINESE[name] if zh else name: value for name, value in row.items()}
