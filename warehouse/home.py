"""The one folder that a run writes to, and what lies where in it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import RadarError

DEFAULT_HOME = "radar-home"
HASH_KEY_VARIABLE = "RADAR_HASH_KEY"
LOCK_SECONDS = 3600.0
# Folders below `state` that a writing command makes and removes.
SCRATCH = ("staging-*", "refining-*")


@dataclass(frozen=True)
class Home:
    """Folders under `RADAR_HOME`. Nothing outside of it is ever written."""

    root: Path

    @classmethod
    def at(cls, folder: str | Path | None = None) -> Home:
        """The home at `folder`, else at `$RADAR_HOME`, else `radar-home` in the working directory.

        Raises:
            RadarError: the folder cannot be made or written.
        """
        root = Path(folder or os.environ.get("RADAR_HOME") or DEFAULT_HOME).expanduser().absolute()
        try:
            # Bronze holds personal data: a new home is for its owner only.
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise RadarError(f"RADAR_HOME {root} cannot be made: {error.strerror}") from error
        if not os.access(root, os.W_OK | os.X_OK):
            raise RadarError(f"RADAR_HOME {root} is not writable by this user")
        return cls(root)

    def folder(self, *parts: str) -> Path:
        """A folder under the home, made if it is not there."""
        path = self.root.joinpath(*parts)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def tables(self) -> Path:
        return self.folder("tables")

    @property
    def reports(self) -> Path:
        return self.folder("reports")

    @property
    def outbox(self) -> Path:
        return self.folder("outbox")

    @property
    def state(self) -> Path:
        return self.folder("state")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one writer at a time into the home; a second one waits for the first.

        What a killed writer left behind of rows on their way is removed: it may hold personal data.

        Raises:
            RadarError: the other run did not end within an hour.
        """
        try:
            with FileLock(self.state / "writer.lock", timeout=LOCK_SECONDS):
                for pattern in SCRATCH:
                    for left in self.state.glob(pattern):
                        shutil.rmtree(left, ignore_errors=True)
                yield
        except Timeout as error:
            raise RadarError(f"another run has been writing to {self.root} for over an hour") from error

    def hash_key(self) -> bytes:
        """The key of the hashes that stand in for personal identifiers.

        An office sets `RADAR_HASH_KEY`; without it a key is made once and kept in the home, readable by its owner only,
        so that the embedded default joins the same person in every run of that home and in no other.
        """
        configured = os.environ.get(HASH_KEY_VARIABLE)
        if configured:
            return configured.encode()
        path = self.state / "hash.key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(descriptor, "wb") as file:
            key = secrets.token_hex(32).encode()
            file.write(key)
        return key


def write_whole(path: Path, text: str) -> None:
    """Write whole or not at all: a reader never meets half a file."""
    scratch = path.with_suffix(".part")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
