"""The site about data quality: a page per date, the documents of Great Expectations, and an index. It needs no network.

Great Expectations' own pages load their style and scripts from other hosts. Here its renderers fill a page of this project
instead: the same content, with the style inlined and without scripts.
"""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from great_expectations.render.components import RenderedDocumentContent
from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer, ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from warehouse.contracts import contract_of
from warehouse.home import write_whole
from warehouse.quality.gate import Validation
from warehouse.quality.results import CheckResult
from warehouse.quality.settings import quality_settings

# What Great Expectations says of itself and of the moment it ran at, which would make every page another one.
VOLATILE = ("batch_markers", "batch_spec", "batch_parameters", "validation_id", "checkpoint_id")
OUTCOMES_ZH = {"failed": "未通过", "warned": "提示", "unjudged": "未判断", "passed": "通过"}


def write_pages(folder: Path, as_of: dt.date, validations: Sequence[Validation]) -> None:
    """The pages of tables that were validated on a date, and those of their suites."""
    for validation in validations:
        write_whole(_made(folder / str(as_of)) / f"{validation.table}.html", validation_page(validation))
        write_whole(_made(folder / "suites") / f"{validation.table}.html", suite_page(validation))


def write_index(folder: Path, results: Mapping[dt.date, Sequence[CheckResult]]) -> None:
    """The index of the site and the page of every date given; what lies there of other dates is removed.

    Args:
        folder: the site's folder.
        results: all results of the newest dates, in any order of dates; as many dates as are configured are kept.
    """
    kept = sorted(results, reverse=True)[: quality_settings().documented_dates]
    for page in folder.iterdir():
        if page.is_dir() and page.name != "suites" and page.name not in map(str, kept):
            shutil.rmtree(page)
    days = []
    for day in kept:
        own = _made(folder / str(day))
        checks = sorted(map(_line, results[day]), key=lambda line: list(OUTCOMES_ZH).index(line["outcome"]))
        documents = sorted(path.stem for path in own.glob("*.*.html"))
        write_whole(own / "index.html", _page("date.html.j2", day=day, checks=checks, documents=documents))
        days.append({"day": day, **{name: sum(line["outcome"] == name for line in checks) for name in OUTCOMES_ZH}})
    suites = sorted(path.stem for path in (folder / "suites").glob("*.html"))
    write_whole(folder / "index.html", _page("index.html.j2", days=days, suites=suites))


def validation_page(validation: Validation) -> str:
    """Great Expectations' page about a table's rows."""
    document = validation.document
    kept = {name: value for name, value in document.meta.items() if name not in VOLATILE}
    document.meta = {**kept, "batch_spec": {"data_asset_name": validation.table}}
    content = ValidationResultsPageRenderer(run_info_at_end=True).render(document)
    page = _rendered(content, validation.table)
    components = validation.table.split(".")
    suite = "/".join([*[".."] * (len(components) + 3), "expectations", *components])
    return page.replace(f"{suite}.html", f"../suites/{validation.table}.html")


def suite_page(validation: Validation) -> str:
    """Great Expectations' page about what a table is held to."""
    content = ExpectationSuitePageRenderer().render(validation.suite)  # type: ignore[no-untyped-call]
    return _rendered(content, validation.table)


class _View(DefaultJinjaPageView):
    """Fills this project's page with what Great Expectations rendered; the same content gives the same page."""

    _template = "document.html.j2"

    def __init__(self) -> None:
        super().__init__()
        assert self.env.loader is not None
        self.env.loader = ChoiceLoader([PackageLoader("warehouse.quality"), self.env.loader])
        numbers = itertools.count(1)
        self.env.filters["generate_html_element_uuid"] = lambda prefix=None: f"{prefix or ''}{next(numbers)}"


def _rendered(content: RenderedDocumentContent, table: str) -> str:
    title = contract_of(table).title.zh
    page: str = _View().render(content, style=_style(), table=table, title=title)  # type: ignore[no-untyped-call]
    return page


def _line(result: CheckResult) -> dict[str, Any]:
    warned = result.outcome == "failed" and result.strength == "warn"
    return {**vars(result), "outcome": "warned" if warned else result.outcome}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("warehouse.quality"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page(template: str, **content: Any) -> str:
    return _environment().get_template(template).render(style=Markup(_style()), outcomes=OUTCOMES_ZH, **content)


@cache
def _style() -> str:
    env = _environment()
    assert env.loader is not None
    source, _, _ = env.loader.get_source(env, "docs.css")
    return str(source)
