"""The version of what judges changes whenever a complaint could be judged in another way, and only then."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from judging_rows import JUDGES, Always, Lengths

from features import judging
from features.judging import Judges
from features.lexicon import shipped_lexicon

ROOT = Path(__file__).parents[2]


def test_the_version_changes_with_each_judge():
    always = Always("G0501", 0.9)
    others = {
        "lexicon": replace(JUDGES, lexicon=shipped_lexicon().with_own({"鲸潮卡": (1000, "n")})),
        "fingerprints": replace(JUDGES, fingerprints=Lengths("other")),
        "product": replace(JUDGES, product=always),
        "product's version": replace(JUDGES, product=replace(always, version="other")),
        "issue": replace(JUDGES, issue=always),
        "both": replace(JUDGES, product=always, issue=always),
        "each other's": replace(JUDGES, product=replace(always, version="a"), issue=replace(always, version="b")),
        "each in the other's place": replace(JUDGES, product=replace(always, version="b"), issue=replace(always, version="a")),
    }
    versions = {name: judges.version for name, judges in others.items()} | {"as it is": JUDGES.version}
    assert len(set(versions.values())) == len(versions), versions
    assert Judges(shipped_lexicon(), Lengths()).version == JUDGES.version
    assert all(len(version) == 12 and int(version, 16) >= 0 for version in versions.values())


def test_versions_of_classifiers_are_told_by_what_they_judge():
    a, b = Always("G0501", 0.9, version="a"), Always("Q01", 0.9, version="b")
    assert JUDGES.classifier_version is None
    assert replace(JUDGES, product=a).classifier_version == "a+-"
    assert replace(JUDGES, issue=b).classifier_version == "-+b"
    assert replace(JUDGES, product=a, issue=b).classifier_version == "a+b"


@pytest.mark.parametrize("changed", ["reference_version", "extraction_version", "holidays"])
def test_the_version_changes_with_the_files_and_the_known_holidays(changed, monkeypatch):
    before = JUDGES.version
    if changed == "holidays":
        monkeypatch.setattr(judging.importlib.metadata, "version", lambda package: f"{package} of another year")
    else:
        monkeypatch.setattr(judging, changed, lambda *_: "0" * 12)
    assert JUDGES.version != before


READ_FILES = """
import sys
opened, hashed = set(), set()
def note(event, arguments):
    if event == "open" and "/warehouse/reference/" in str(arguments[0]):
        (hashed if hashing else opened).add(str(arguments[0]).rpartition("/")[2])
hashing = False
sys.addaudithook(note)
from judging_rows import JUDGES
from test_judging import many
from features.judging import judge_all
judge_all(many(), JUDGES)
hashing = True
JUDGES.version
print(*sorted(opened - hashed))
"""


def test_the_version_covers_every_file_that_judging_reads():
    """In a process of its own, whose tables are not read yet."""
    folders = ":".join(str(ROOT / folder) for folder in (".", "tests", "tests/features"))
    done = subprocess.run(
        [sys.executable, "-c", READ_FILES], cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONPATH": folders}
    )
    # The content of the first four is in the lexicon's version.
    of_lexicon = {"lexicon.txt", "segmentation.yml", "stopwords.txt", "synonyms.yml"}
    assert set(done.stdout.split()) <= of_lexicon
    assert set(done.stdout.split())
