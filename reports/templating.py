"""One Jinja environment for all that people read; every text that comes from a complaint is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import wording


@cache
def environment() -> Environment:
    """Templates beside this file. HTML is escaped, undefined names are errors, wording helpers are at hand."""
    env = Environment(
        loader=PackageLoader("reports"),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals.update(
        count=wording.count,
        change=wording.change,
        share=wording.share,
        chance=wording.chance,
        percent=wording.percent,
        times=wording.times,
        span=wording.span,
        levels=wording.LEVELS_ZH,
        statuses=wording.STATUS_ZH,
        methods=wording.METHODS_ZH,
    )
    env.filters["cell"] = wording.cell
    return env


def style_sheet() -> str:
    """The style that all pages carry within them."""
    env = environment()
    source, _, _ = env.loader.get_source(env, "pages.css")  # type: ignore[union-attr]
    return str(source)
