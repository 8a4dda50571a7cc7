"""`complaints_daily`: every night the day before, from landing files to alert mails.

Only wiring: a task is one `radar` command, so that the scheduler and a person run the same thing, and nothing of Spark is
imported here. Airflow variables: `radar_source` names the source mapping, `radar_input` the landing folder or glob,
`radar_home` the home, `radar_stream` the stream where a home holds several. The `radar` command is the one on PATH, or the
one that `$RADAR_COMMAND` names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from pendulum import datetime

RADAR = os.environ.get("RADAR_COMMAND", "radar")
# At two in the night the day before is complete; the interval that ends then began on the business date.
NIGHTLY = CronDataIntervalTimetable("0 2 * * *", timezone="Asia/Shanghai")
BUSINESS_DATE = "{{ data_interval_start.in_timezone('Asia/Shanghai').to_date_string() }}"
SOURCE = "{{ var.value.get('radar_source', 'national_12315') }}"
INPUT = "{{ var.value.get('radar_input', '') }}"
HOME = "{{ var.value.get('radar_home', '') }}"
STREAM = "{{ var.value.get('radar_stream', '') }}"

# Values come in through the environment and are quoted there: a folder's name is never read as shell code.
LOAD = '--source "$RADAR_SOURCE" --input "$RADAR_INPUT" --date "$RADAR_DATE"'
JUDGE = '--date "$RADAR_DATE" ${RADAR_STREAM:+--stream "$RADAR_STREAM"}'
FACTS = (
    "ops.loads",
    "silver.complaints",
    "silver.complaint_profiles",
    "silver.complaint_links",
    "gold.complaint_counts",
    "gold.term_counts",
    "gold.reporting_completeness",
)
HOTSPOTS = ("gold.hotspots", "gold.alarms")


def _tables(names: Iterable[str]) -> str:
    return " ".join(f"--table {name}" for name in names)


STEPS = {
    "ingest": f"ingest {LOAD}",
    "refine": "refine",
    "enrich": "enrich",
    "aggregate": "aggregate",
    # A failing check of strength `stop` fails the task, so that nothing is judged or published on what broke it.
    "check_facts": f'quality gate --date "$RADAR_DATE" {_tables(FACTS)}',
    "detect": f"detect {JUDGE}",
    "check_hotspots": f'quality gate --date "$RADAR_DATE" {_tables(HOTSPOTS)}',
    "publish": f"publish {JUDGE}",
    "notify": f"notify {JUDGE}",
}

with DAG(
    dag_id="complaints_daily",
    description="投诉雷达每日流水线：装载、清洗、画像、统计、研判、周报、预警邮件",
    schedule=NIGHTLY,
    start_date=datetime(2026, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    # One writer at a time: the days of one home follow each other.
    max_active_runs=1,
    default_args={"retries": 0, "execution_timeout": timedelta(hours=2)},
    tags=["complaint-radar"],
) as dag:
    previous: BashOperator | None = None
    for step, arguments in STEPS.items():
        task = BashOperator(
            task_id=step,
            bash_command=f'{RADAR} ${{RADAR_FOLDER:+--home "$RADAR_FOLDER"}} {arguments} --json',
            env={
                "RADAR_DATE": BUSINESS_DATE,
                "RADAR_SOURCE": SOURCE,
                "RADAR_INPUT": INPUT,
                "RADAR_FOLDER": HOME,
                "RADAR_STREAM": STREAM,
            },
            append_env=True,
        )
        if previous is not None:
            previous >> task
        previous = task
