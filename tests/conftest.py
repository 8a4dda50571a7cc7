"""Shared by all tests: one Spark session, an empty warehouse, the measuring data."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from warehouse.home import Home

# Before any session is built; commands that tests start inherit it.
os.environ["RADAR_SPARK"] = "test"

# A worker of xdist has a main module without a file. PySpark's Connect client, which Great Expectations imports, takes such a
# process for a run of its own doctests and ends it.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__

pytest_plugins = ["postgres", "tiny_export"]

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from warehouse.storage import Warehouse

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One session for all tests: starting the JVM takes longer than most of them."""
    from warehouse.session import spark_session

    with spark_session(Home.at(tmp_path_factory.mktemp("session")), "tests") as session:
        yield session


@pytest.fixture
def warehouse(spark: SparkSession, tmp_path: Path) -> Warehouse:
    """An empty warehouse of its own for each test."""
    from warehouse.storage import Warehouse

    return Warehouse(spark, Home.at(tmp_path / "home"))


@pytest.fixture
def shared_data() -> Path:
    """Real data to measure on, where the machine has them."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the measuring data are not on this machine ({SHARED_DATA.name} beside the checkout)")
    return SHARED_DATA
