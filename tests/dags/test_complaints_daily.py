"""The nightly DAG: what it is, and that it runs green from landing file to mails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from features.profiles import PROFILE
from jobs.aggregate import COUNTS, TERMS
from jobs.alarm_rows import ALARMS
from jobs.completeness import COMPLETENESS
from jobs.hotspots import HOTSPOTS
from jobs.ledger import LOADS
from jobs.links import LINKS
from warehouse.sources import SILVER

ROOT = Path(__file__).parent.parent.parent
RADAR = Path(sys.executable).parent / "radar"
STEPS = {
    "ingest": ["ingest"],
    "refine": ["refine"],
    "enrich": ["enrich"],
    "aggregate": ["aggregate"],
    "check_facts": ["quality", "gate"],
    "detect": ["detect"],
    "check_hotspots": ["quality", "gate"],
    "publish": ["publish"],
    "notify": ["notify"],
}

DESCRIBE = """
import json, sys, time
before = set(sys.modules)
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
dag = bag.dags["complaints_daily"]
from airflow.timetables.base import DataInterval
import pendulum
print(json.dumps({
    "errors": {str(key): str(value) for key, value in bag.import_errors.items()},
    "ids": sorted(bag.dags),
    "tasks": [task.task_id for task in dag.topological_sort()],
    "commands": {task.task_id: task.bash_command for task in dag.tasks},
    "heavy": sorted({name.split(".")[0] for name in sys.modules} & {"pyspark", "great_expectations", "delta", "sklearn"}),
}))
"""

RUN = """
import sys
from airflow.dag_processing.dagbag import DagBag
import pendulum
dag = DagBag(sys.argv[1]).dags["complaints_daily"]
run = dag.test(logical_date=pendulum.datetime(2026, 6, 14, 18, tz="UTC"))
print("STATE", run.state)
print("START", run.data_interval_start, "END", run.data_interval_end)
"""


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an Airflow of its own."""
    folder = tmp_path_factory.mktemp("airflow")
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
        "RADAR_COMMAND": str(RADAR),
    }
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=environment, check=True, capture_output=True)
    return environment


def python(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "dags")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_exactly_this_dag_with_these_steps_and_nothing_heavy_at_parse_time(airflow):
    described = json.loads(python(DESCRIBE, airflow).splitlines()[-1])
    assert described["errors"] == {}
    assert described["ids"] == ["complaints_daily"]
    assert described["tasks"] == list(STEPS)
    assert described["heavy"] == []


def test_every_step_is_a_command_that_exists(airflow):
    commands = json.loads(python(DESCRIBE, airflow).splitlines()[-1])["commands"]
    for step, command in STEPS.items():
        assert f" {' '.join(command)} " in commands[step]
        done = subprocess.run([RADAR, *command, "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, step


def test_the_night_checks_what_a_run_checks(airflow):
    commands = json.loads(python(DESCRIBE, airflow).splitlines()[-1])["commands"]
    checked = {step: re.findall(r"--table (\S+)", command) for step, command in commands.items()}
    assert checked.pop("check_facts") == [LOADS, SILVER, PROFILE, LINKS, COUNTS, TERMS, COMPLETENESS]
    assert checked.pop("check_hotspots") == [HOTSPOTS, ALARMS]
    assert not any(checked.values())


def test_a_night_runs_green_from_landing_file_to_mails(airflow, tmp_path, complaints, write_export):
    home = tmp_path / "home"
    environment = {
        **airflow,
        "AIRFLOW_VAR_RADAR_SOURCE": "national_12315",
        "AIRFLOW_VAR_RADAR_INPUT": write_export(complaints),
        "AIRFLOW_VAR_RADAR_HOME": str(home),
    }
    output = python(RUN, environment)
    assert "STATE success" in output
    # Two in the night of the 15th in Shanghai is six in the evening of the 14th, UTC.
    assert "START 2026-06-13 18:00:00+00:00 END 2026-06-14 18:00:00+00:00" in output
    assert (home / "reports" / "hotline_12315" / "2026-W24.html").is_file()
    assert sorted(path.name for path in (home / "outbox").iterdir()) == [
        "2026-06-14-hotline_12315-division-head.eml",
        "2026-06-14-hotline_12315-duty-officer.eml",
    ]
