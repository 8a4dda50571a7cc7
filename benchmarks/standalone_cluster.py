"""A Spark cluster of its own on this machine: a master and some workers, started and stopped."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS, STOP_SECONDS, ANSWER_SECONDS = 120.0, 20.0, 5.0
POLL_SECONDS = 0.2
# Master and workers only keep books; executors have memory of their own. The master's door for submissions by REST has a fixed
# port, which somebody else may hold.
DAEMON = {
    "SPARK_DAEMON_MEMORY": "256m",
    "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -XX:-UsePerfData -Dspark.master.rest.enabled=false",
}


class ClusterError(Exception):
    """The cluster did not come up."""


@contextmanager
def standalone_cluster(folder: Path, *, workers: int = 2, cores: int = 1, memory: str = "2g") -> Iterator[str]:
    """The address (`spark://…`) of a standalone cluster that lives as long as the block, whatever ends it.

    Args:
        folder: where logs and the executors' folders go.
        workers: how many.
        cores: of each worker.
        memory: of each worker, for its executors.

    Raises:
        ClusterError: it is not ready in time, or a process of it ended.
    """
    port, page = _free_ports(2)
    address = f"spark://{HOST}:{port}"
    with ExitStack() as stack:
        ports = ["--port", str(port), "--webui-port", str(page)]
        processes = [stack.enter_context(_daemon(folder, "master", "master.Master", ["--host", HOST, *ports]))]
        for number in range(workers):
            name = f"worker-{number}"
            size = ["--cores", str(cores), "--memory", memory, "--work-dir", str(folder / name)]
            own = ["--host", HOST, "--port", "0", "--webui-port", "0", *size, address]
            processes.append(stack.enter_context(_daemon(folder, name, "worker.Worker", own)))
        _wait_for(workers, page, processes, folder)
        yield address


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in held]


@contextmanager
def _daemon(folder: Path, name: str, main: str, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the cluster; what it says goes to a log of its name."""
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{main}", *arguments]
    environment = {**os.environ, **DAEMON, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("wb") as log:
        # Not in the folder of whoever starts it: what workers import must come from their Python environment.
        process = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(workers: int, page: int, processes: list[subprocess.Popen[bytes]], folder: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if _alive(page) == workers:
            return
        if any(process.poll() is not None for process in processes):
            raise ClusterError(f"a process of the cluster ended: {_last_lines(folder)}")
        time.sleep(POLL_SECONDS)
    raise ClusterError(f"the cluster is not ready after {START_SECONDS:.0f} s: {_last_lines(folder)}")


def _alive(page: int) -> int:
    """Workers that the master knows, by its page; -1 as long as there is none."""
    try:
        # Whatever proxy the environment names, this machine is not behind it.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{HOST}:{page}/json/", timeout=ANSWER_SECONDS) as answer:
            return int(json.load(answer)["aliveworkers"])
    except (urllib.error.URLError, OSError, ValueError, KeyError):
        return -1


def _last_lines(folder: Path) -> str:
    lines = [line for log in sorted(folder.glob("*.log")) for line in log.read_text(errors="replace").splitlines()[-3:]]
    return " | ".join(lines)
