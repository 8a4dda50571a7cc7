"""The quality gate over tables: every monitor of a contract passes and fails, a failure stops, results are told and kept."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from contract_rows import valid_row
from typer.testing import CliRunner

from jobs.arrivals import open_arrivals
from jobs.commands import quality as commands
from jobs.monitors import monitor, monitored_tables
from jobs.pipeline import run_pipeline
from jobs.quality import Gate, docs_folder, quality_gate, read_results, rules_broken
from warehouse.checks import Monitor
from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.home import Home
from warehouse.sources import mapping_of
from warehouse.storage import Warehouse, to_dicts

AS_OF = dt.date(2026, 3, 10)
ONE_DAY = dt.timedelta(days=1)
SOURCE = mapping_of("national_12315")
STREAM = SOURCE.stream.id
COUNTS = "gold.complaint_counts"


def put(warehouse: Warehouse, table: str, rows: list[dict]) -> None:
    contract = contract_of(table)
    whole = [valid_row(contract, number, **row) for number, row in enumerate(rows, 1)]
    frame = warehouse.spark.createDataFrame(
        [[row[name] for name in contract.column_names] for row in whole], contract.schema_ddl
    )
    warehouse.append(table, frame, transaction=f"{table}-{len(rows)}-{warehouse.read(table).count()}")


# The official class is one, the text's another.
DISPUTED = {"basis": "source", "l1": "G01", "predicted_l1": "G02"}


def on(day: dt.date, **other) -> dict:
    return {"stream": STREAM, "event_date": day, "event_month": f"{day:%Y-%m}", **other}


def ago(days: int) -> dt.date:
    return AS_OF - days * ONE_DAY


def fill(warehouse: Warehouse, *, troubled: bool) -> None:
    """Steady tables, or such in which everything is wrong of late that a monitor looks for."""
    silent = 20 if troubled else 0
    registered = [dt.datetime.combine(ago(age), dt.time(9)) for age in range(60, silent - 1, -1)]
    complaints = [on(at.date(), source=SOURCE.source, registered_at=at) for at in registered]
    put(warehouse, "silver.complaints", complaints)

    nothing = {"product_l1": "unknown", "product_basis": "none", "issue_l1": "unknown", "issue_basis": "none"}
    bad = {**nothing, "city": "unknown", "merchant": None, "text_identity": "same"}
    disputed = {f"{what}_{part}": said for what in ("product", "issue") for part, said in DISPUTED.items()}
    profiles = []
    for number in range(98 * 10):
        age = number // 10
        row = {"source": SOURCE.source, "complaint_id": f"N{number}", "text_identity": f"T{number}"}
        of_late = (disputed, bad, {}, bad)[number % 4] if troubled and age < 14 else {}
        profiles.append(on(ago(age), **{**row, **of_late}))
    put(warehouse, "silver.complaint_profiles", profiles)

    counts = []
    for age in range(98):
        size = 100 * (5 if troubled and age == 1 else 1)
        counts.append(on(ago(age), level="total", series="all", raw_count=size))
        for level in ("product_class", "issue", "channel", "city"):
            share = 0.95 if troubled and age < 14 else 0.5
            counts += [
                on(ago(age), level=level, series=f"{level}=a", raw_count=int(100 * share)),
                on(ago(age), level=level, series=f"{level}=b", raw_count=int(100 * (1 - share)) + 1),
            ]
    put(warehouse, COUNTS, [{**row, "weighted_count": 1.0} for row in counts])

    rejected, changing = (600, 10) if troubled else (10, 990)
    load = {"rows_in": 1000, "rows_rejected": rejected, "rows_accepted": 1000 - rejected, "rows_changing": changing}
    put(warehouse, "ops.loads", [{"stream": STREAM, "source": SOURCE.source, "load_date": AS_OF, "state": "counted", **load}])


@pytest.fixture(scope="module")
def steady(spark, tmp_path_factory) -> Warehouse:
    warehouse = Warehouse(spark, Home.at(tmp_path_factory.mktemp("steady")))
    fill(warehouse, troubled=False)
    return warehouse


@pytest.fixture(scope="module")
def troubled(spark, tmp_path_factory) -> Warehouse:
    warehouse = Warehouse(spark, Home.at(tmp_path_factory.mktemp("troubled")))
    fill(warehouse, troubled=True)
    return warehouse


@pytest.mark.parametrize("table", monitored_tables())
def test_every_monitor_of_a_contract_passes_and_fails(steady, troubled, table):
    named = [(check.check, check.subject) for check in contract_of(table).checks if isinstance(check, Monitor)]
    for warehouse, outcome in ((steady, "passed"), (troubled, "failed")):
        found = monitor(warehouse, table, STREAM, AS_OF)
        assert [(result.check_name, result.subject) for result in found] == named
        assert {(result.name, result.outcome) for result in found} == {(result.name, outcome) for result in found}
        assert all(
            result.stream == STREAM and result.detail.startswith(check.zh) for result, check in _with_lines(table, found)
        )
    quiet = monitor(steady, table, "auto12365", AS_OF)
    assert {result.outcome for result in quiet} == {"unjudged"}


def _with_lines(table, found):
    lines = {(check.check, check.subject): check for check in contract_of(table).checks}
    return [(result, lines[result.check_name, result.subject]) for result in found]


def test_a_failure_that_stops_is_one_line_and_is_recorded_with_all_others(troubled):
    with pytest.raises(RadarError) as caught, quality_gate(troubled, AS_OF, [STREAM]) as gate:
        gate.check(["ops.loads", "silver.complaints"])
    page = docs_folder(troubled.home) / "2026-03-10" / "index.html"
    assert str(caught.value) == (f"quality gate: ops.loads fails load_share mostly_rejected: 1 of 1 break it; see {page}")
    as_of, results = read_results(troubled, None)
    assert as_of == AS_OF
    assert (results[0]["outcome"], results[0]["strength"], results[0]["subject"]) == ("failed", "stop", "mostly_rejected")
    # What warns only is recorded behind it, and both tables were checked before the run stopped.
    assert [row["strength"] for row in results if row["outcome"] == "failed"] == ["stop", "warn", "warn", "warn", "warn"]
    assert {row["table_name"] for row in results} == {"ops.loads", "silver.complaints"}
    assert "大部分行被拒收" in page.read_text(encoding="utf-8")


def test_the_same_date_again_replaces_its_results_and_another_does_not(steady):
    def judged(day):
        with quality_gate(steady, day, [STREAM]) as gate:
            gate.check(["silver.complaints"])
        return gate.results

    first = judged(AS_OF)
    judged(ago(1))
    assert judged(AS_OF) == first
    rows = to_dicts(steady.read("ops.quality_results"))
    own = [row for row in rows if row["as_of"] == AS_OF and row["table_name"] == "silver.complaints"]
    assert len(own) == len(first)
    assert {row["as_of"] for row in rows} == {AS_OF, ago(1)}
    assert {row["scope"] for row in own} == {"全表"}
    (docs_folder(steady.home) / "2026-03-09" / "silver.complaints.html").read_text(encoding="utf-8")


def test_only_the_months_that_were_touched_are_looked_at(spark, tmp_path):
    warehouse = Warehouse(spark, Home.at(tmp_path))
    day = dt.date(2026, 1, 5)
    twice = [on(day, level="total", series="all", raw_count=1, weighted_count=0.0)] * 2
    put(warehouse, COUNTS, [*twice, on(AS_OF, level="total", series="all", raw_count=1, weighted_count=0.0)])
    touched, untouched = (Gate(warehouse, AS_OF, []) for _ in range(2))
    untouched.check([COUNTS], ["2026-03"])
    assert {result.outcome for result in untouched.results} == {"passed"}
    assert {result.evaluated for result in untouched.results if result.check_name == "not_null"} == {1}
    for months in (["2026-01", "2026-03"], None):
        with pytest.raises(RadarError, match=rf"{COUNTS} fails unique_key: 2 of 3 break it; see .*/{COUNTS}\.html$"):
            touched.check([COUNTS], months)
    nothing = Gate(warehouse, AS_OF, [])
    nothing.check([COUNTS], [])
    assert nothing.results == []


def test_the_pipeline_stops_where_a_table_breaks_its_contract(warehouse, complaints, write_export, monkeypatch):
    import jobs.pipeline

    true_refine = jobs.pipeline.refine

    def careless_refine(home):
        done = true_refine(home)
        (row,) = to_dicts(home.read("silver.complaints").limit(1))
        frame = home.spark.createDataFrame([row], contract_of("silver.complaints").schema_ddl)
        home.append("silver.complaints", frame, transaction="twice")
        return done

    monkeypatch.setattr(jobs.pipeline, "refine", careless_refine)
    arrivals = open_arrivals(SOURCE, [write_export(complaints)])
    said = []
    with pytest.raises(
        RadarError, match=r"silver\.complaints fails unique_key: 2 of 305 break it; see .*silver\.complaints\.html$"
    ):
        run_pipeline(warehouse, SOURCE, arrivals, dt.date(2026, 6, 14), said.append)
    assert said[-1] == "quality: ledger and complaints"
    assert warehouse.read("silver.complaint_profiles").isEmpty()
    assert warehouse.read("gold.hotspots").isEmpty()
    _, results = read_results(warehouse, dt.date(2026, 6, 14))
    assert [row["check_name"] for row in results if row["outcome"] == "failed"] == ["unique_key"]
    page = docs_folder(warehouse.home) / "2026-06-14" / "silver.complaints.html"
    assert "2 unexpected values found" in page.read_text(encoding="utf-8")


def test_rules_that_rows_broke_by_source_without_any_cell(spark, tmp_path):
    warehouse = Warehouse(spark, Home.at(tmp_path))
    rejected = [
        {"source": source, "load_date": day, "reasons": reasons, "raw": {"联系电话": "15400001234"}}
        for source, day, reasons in (
            ("a", AS_OF, ["kind_missing", "row_broken"]),
            ("a", AS_OF, ["row_broken"]),
            ("b", AS_OF, ["kind_missing"]),
            ("a", ago(1), ["kind_missing"]),
        )
    ]
    put(warehouse, "silver.rejected_complaints", rejected)
    put(warehouse, "silver.complaints", [on(AS_OF, source="b", load_date=AS_OF, warnings=["content_missing"])])
    assert rules_broken(warehouse, AS_OF) == [
        {"source": "a", "strength": "reject", "rule": "row_broken", "rows": 2},
        {"source": "a", "strength": "reject", "rule": "kind_missing", "rows": 1},
        {"source": "b", "strength": "reject", "rule": "kind_missing", "rows": 1},
        {"source": "b", "strength": "warn", "rule": "content_missing", "rows": 1},
    ]


@pytest.fixture
def command(monkeypatch):
    """Runs `radar quality …` on a warehouse within this session; the exit code and what was said."""

    def run(warehouse: Warehouse, *arguments: str) -> tuple[int, str]:
        @contextmanager
        def opened(*, write: bool):
            yield warehouse

        monkeypatch.setattr(commands, "open_warehouse", opened)
        monkeypatch.setattr(commands.invocation, "home", str(warehouse.home.root))
        app = typer.Typer()
        app.add_typer(commands.app, name="quality")
        done = CliRunner().invoke(app, ["quality", *arguments])
        if isinstance(done.exception, RadarError):
            return 1, str(done.exception)
        assert done.exception is None or done.exit_code, done.exception
        return done.exit_code, done.stdout

    return run


def test_commands_gate_show_and_docs(troubled, command):
    code, said = command(troubled, "gate", "--date", "2026-03-10", "--table", "silver.complaint_profiles", "--json")
    assert code == 0  # everything that fails there only warns
    told = json.loads(said)
    assert len(told["warned"]) == 7
    assert Path(told["page"]).is_file()
    code, said = command(troubled, "gate", "--date", "2026-03-10", "--table", "ops.loads")
    assert (code, "mostly_rejected" in said) == (1, True)
    code, said = command(troubled, "gate", "--date", "2026-03-10", "--table", "gold.nothing")
    assert (code, said) == (1, "table gold.nothing has no contract file in warehouse/")

    code, said = command(troubled, "show", "--json")
    told = json.loads(said)
    assert (code, told["date"]) == (0, "2026-03-10")
    assert [row["strength"] for row in told["results"] if row["outcome"] == "failed"][:2] == ["stop", "warn"]
    code, listed = command(troubled, "show")
    assert listed.index("mostly_rejected") < listed.index("text_identity")
    assert "silver.complaint_profiles" in listed
    code, listed = command(troubled, "show", "--date", "2026-03-10", "--zh")
    assert "未通过" in listed
    assert "文本重复的占比：近14日重复占" in listed
    code, said = command(troubled, "docs", "--json")
    assert Path(json.loads(said)["index"]).is_file()


def test_commands_before_anything_was_checked(spark, tmp_path, command):
    warehouse = Warehouse(spark, Home.at(tmp_path))
    assert command(warehouse, "show") == (1, "nothing was checked yet; radar run and radar quality gate check the tables")
    assert command(warehouse, "docs")[0] == 1
