"""A real PostgreSQL server for the tests, in a folder of its own, stopped at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

USER, PASSWORD = "radar", "swordfish-7"
UNPRIVILEGED = "postgres"


@dataclass(frozen=True)
class Server:
    port: int

    @property
    def url(self) -> str:
        return f"jdbc:postgresql://127.0.0.1:{self.port}/postgres"

    def execute(self, *statements: str) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname="postgres", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)


def _program(name: str) -> str | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name) or next((str(folder / name) for folder in folders if (folder / name).is_file()), None)


def _as_server(command: list[str]) -> list[str]:
    """The server refuses to run as root."""
    return ["runuser", "-u", UNPRIVILEGED, "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL's server is not installed (Debian, Ubuntu: apt-get install postgresql)")
    # Not below pytest's folder: that one is closed to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="radar-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        data, secret = folder / "data", folder / "password"
        data.mkdir()
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (folder, data, secret):
                shutil.chown(path, UNPRIVILEGED)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        create = [initdb, "-D", str(data), "-U", USER, "--pwfile", str(secret), "--auth", "scram-sha-256", "-E", "UTF8"]
        subprocess.run(_as_server(create), check=True, capture_output=True, cwd=folder)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = _as_server([pg_ctl, "-D", str(data), "-w", "-o", options, "-l", str(folder / "log")])
        subprocess.run([*control, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield Server(port)
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
