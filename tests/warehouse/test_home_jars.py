"""The home folder with its lock and key, and the locked JARs."""

import hashlib
import os
import re
import stat
import threading

import pytest

from warehouse import home as home_module
from warehouse import jars
from warehouse.errors import RadarError
from warehouse.home import Home
from warehouse.jars import Jar


def test_home_is_the_folder_given_then_the_variable_then_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("RADAR_HOME", str(tmp_path / "variable"))
    assert Home.at(tmp_path / "given").root == tmp_path / "given"
    assert Home.at().root == tmp_path / "variable"
    monkeypatch.delenv("RADAR_HOME")
    monkeypatch.chdir(tmp_path)
    assert Home.at().root == tmp_path / "radar-home"
    assert (tmp_path / "radar-home").is_dir()


def test_all_folders_lie_under_the_home(tmp_path):
    home = Home.at(tmp_path / "a" / "b")
    for folder in (home.tables, home.reports, home.outbox, home.state, home.folder("reports", "x")):
        assert folder.is_dir()
        assert folder.is_relative_to(home.root)


def test_a_new_home_is_for_its_owner_only(tmp_path):
    previous = os.umask(0)
    try:
        Home.at(tmp_path / "home")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RadarError, match="cannot be made"):
        Home.at(tmp_path / "file" / "home")
    with pytest.raises(RadarError, match="cannot be made"):
        Home.at(tmp_path / "file")


def test_a_home_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # chmod does not stop root
    with pytest.raises(RadarError, match="not writable"):
        Home.at(tmp_path)


def test_a_second_writer_is_blocked_while_the_first_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(home_module, "LOCK_SECONDS", 0.1)
    with Home.at(tmp_path).lock(), pytest.raises(RadarError, match="another run"), Home.at(tmp_path).lock():
        pytest.fail("two writers at once")
    with Home.at(tmp_path).lock():  # free again
        pass


def test_a_second_writer_waits_for_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(home_module, "LOCK_SECONDS", 20.0)
    order = []
    taken, release = threading.Event(), threading.Event()

    def first():
        with Home.at(tmp_path).lock():
            taken.set()
            release.wait(10)
            order.append("first")

    writer = threading.Thread(target=first)
    writer.start()
    assert taken.wait(10)
    threading.Timer(0.2, release.set).start()
    with Home.at(tmp_path).lock():
        order.append("second")
    writer.join()
    assert order == ["first", "second"]


def test_the_lock_is_released_after_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(home_module, "LOCK_SECONDS", 0.1)
    with pytest.raises(ZeroDivisionError), Home.at(tmp_path).lock():
        _ = 1 / 0
    with Home.at(tmp_path).lock():
        pass


def test_two_homes_do_not_block_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(home_module, "LOCK_SECONDS", 0.1)
    with Home.at(tmp_path / "a").lock(), Home.at(tmp_path / "b").lock():
        pass


def test_the_hash_key_is_made_once_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("RADAR_HASH_KEY", raising=False)
    previous = os.umask(0)
    try:
        key = Home.at(tmp_path / "a").hash_key()
    finally:
        os.umask(previous)
    path = tmp_path / "a" / "state" / "hash.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) >= 32
    assert path.read_bytes() == key == Home.at(tmp_path / "a").hash_key()
    assert Home.at(tmp_path / "b").hash_key() != key


def test_the_key_of_the_office_goes_before_the_one_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("RADAR_HASH_KEY", "办公室的钥匙")
    assert Home.at(tmp_path).hash_key() == "办公室的钥匙".encode()
    assert not (tmp_path / "state" / "hash.key").exists()


@pytest.fixture
def locked(tmp_path):
    """Two JARs in a folder, and what a lock file says of them."""
    found = []
    for name, content in (("alpha", b"first"), ("beta", b"second")):
        (tmp_path / f"{name}-1.0.jar").write_bytes(content)
        found.append(Jar(f"org.example:{name}:1.0", hashlib.sha256(content).hexdigest()))
    return found


def test_jars_as_locked_are_no_problem(tmp_path, locked):
    (tmp_path / "other-2.0.jar").write_bytes(b"not ours")
    assert jars.problems(locked, tmp_path) == []


def test_missing_and_altered_jars_are_problems(tmp_path, locked):
    (tmp_path / "beta-1.0.jar").write_bytes(b"altered")
    assert jars.problems(locked, tmp_path) == ["beta-1.0.jar has another hash than warehouse/jars.lock"]
    (tmp_path / "alpha-1.0.jar").unlink()
    assert jars.problems(locked, tmp_path)[0] == "alpha-1.0.jar is missing"
    (tmp_path / "alpha-1.0.jar").mkdir()
    assert jars.problems(locked, tmp_path)[0] == "alpha-1.0.jar is missing"
    assert len(jars.problems(locked, tmp_path / "nowhere")) == 2


def test_the_class_path_is_refused_until_the_jars_are_there(tmp_path, locked, monkeypatch):
    monkeypatch.setenv("RADAR_JARS", str(tmp_path))
    monkeypatch.setattr(jars, "locked", lambda: locked)
    assert jars.class_path().split(os.pathsep) == [str(tmp_path / "alpha-1.0.jar"), str(tmp_path / "beta-1.0.jar")]
    (tmp_path / "beta-1.0.jar").unlink()
    with pytest.raises(RadarError, match=r"beta-1\.0\.jar is missing; run `radar jars fetch`"):
        jars.class_path()


def test_complete_jars_are_not_fetched_again(tmp_path, locked, monkeypatch):
    monkeypatch.setenv("RADAR_JARS", str(tmp_path))
    monkeypatch.setattr(jars, "locked", lambda: locked)
    monkeypatch.setattr(jars, "_resolve", lambda *_: pytest.fail("resolved although complete"))
    assert jars.fetch() == tmp_path


def test_fetched_jars_are_checked_before_they_are_put_in_place(tmp_path, locked, monkeypatch):
    arrived, target = tmp_path / "arrived", tmp_path / "target"
    arrived.mkdir()
    paths = [arrived / f"org.example_{jar.file_name}" for jar in locked]
    for path, content in zip(paths, (b"first", b"tampered"), strict=True):
        path.write_bytes(content)
    monkeypatch.setenv("RADAR_JARS", str(target))
    monkeypatch.setattr(jars, "locked", lambda: locked)
    monkeypatch.setattr(jars, "_resolve", lambda *_: paths)
    with pytest.raises(RadarError, match="not the locked ones"):
        jars.fetch()
    assert not target.exists()
    paths[1].write_bytes(b"second")
    assert jars.fetch() == target
    assert sorted(path.name for path in target.iterdir()) == ["alpha-1.0.jar", "beta-1.0.jar"]


def test_the_lock_file_parses():
    locked = jars.locked()
    assert len(locked) == 8
    assert len({jar.coordinates for jar in locked}) == 8
    for jar in locked:
        assert re.fullmatch(r"[0-9a-f]{64}", jar.sha256)
        group, artifact, version = jar.coordinates.split(":")
        assert group in ("io.delta", "io.unitycatalog", "org.postgresql")
        assert jar.file_name == f"{artifact}-{version}.jar"
