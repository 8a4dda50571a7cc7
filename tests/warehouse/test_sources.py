"""Source mappings: all that ship load, broken ones and files without their columns are refused."""

from pathlib import Path

import pytest
import yaml

from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.files import ROOT
from warehouse.landing import LandingFile, Sheet
from warehouse.sources import DERIVED, IDENTIFIERS, SILVER, load_mapping, mapping_of, mappings, streams

GOOD = {
    "source": "tiny",
    "title": {"en": "Tiny", "zh": "小"},
    "stream": {"id": "tiny", "zh": "小", "calendar": "none"},
    "fields": {
        "complaint_id": {"columns": ["编号", "号码"], "required": True},
        "registered_at": {"columns": ["日期"], "required": True, "dates": ["yyyy-MM-dd"]},
        "content": {"join": ["标题", "正文"]},
    },
    "constants": {"kind": "投诉"},
}


@pytest.fixture
def write(tmp_path):
    def write(content, name="tiny.yml"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


def with_sheets(*sheets):
    return LandingFile(Path("x.csv"), "hash", "csv", "utf-8-sig", tuple(Sheet(name, tuple(header)) for name, header in sheets))


@pytest.mark.parametrize("path", sorted((ROOT / "sources").glob("*.yml")), ids=lambda path: path.stem)
def test_every_mapping_loads_and_feeds_what_silver_needs(path):
    mapping = load_mapping(path)
    assert mapping.source == path.stem
    assert mapping_of(path.stem) == mapping
    fed = {*mapping.fields, *mapping.constants}
    for column in contract_of(SILVER).columns:
        if not column.nullable and column.name not in DERIVED and column.name != "version_at":
            assert column.name in fed, column.name
    assert not set(mapping.fields) & set(mapping.constants)


def test_all_sources_and_streams_are_found():
    assert set(mappings()) == {"auto12365", "cfpb", "city_system", "national_12315", "nhtsa"}
    assert set(streams()) == {mapping.stream.id for mapping in mappings().values()}
    assert streams()["hotline_12315"].calendar == "cn"
    with pytest.raises(RadarError, match="source nowhere is not known; there are auto12365, cfpb"):
        mapping_of("nowhere")


def test_an_identifier_is_mapped_but_never_a_silver_column():
    assert set(IDENTIFIERS) <= set(mapping_of("national_12315").fields)
    assert not set(IDENTIFIERS) & set(contract_of(SILVER).column_names)
    assert set(IDENTIFIERS.values()) <= set(contract_of(SILVER).column_names)


def test_the_version_changes_with_the_file(write):
    first = load_mapping(write(GOOD)).version
    assert first == load_mapping(write(GOOD)).version
    assert first != load_mapping(write({**GOOD, "missing": ["-"]})).version
    assert len(first) == 12


@pytest.mark.parametrize("header", [["编号", "日期"], ["号码", "日期", "标题"], ["日期", "编号", "号码", "别的"]])
def test_a_header_with_the_required_columns_will_do(write, header):
    assert load_mapping(write(GOOD)).fitting(with_sheets(("", header)))


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (["日期"], "x.csv: the column for complaint_id is missing: none of 编号, 号码 is in the header"),
        (["编号"], "x.csv: the column for registered_at is missing: none of 日期 is in the header"),
        (["编号 ", "日期"], "complaint_id is missing"),
        ([], "complaint_id is missing"),
    ],
)
def test_a_required_column_must_be_there(write, header, told):
    with pytest.raises(RadarError) as caught:
        load_mapping(write(GOOD)).fitting(with_sheets(("", header)))
    assert told in str(caught.value)


def test_a_required_join_needs_one_of_its_columns(write):
    fields = {**GOOD["fields"], "content": {"join": ["标题", "正文"], "required": True}}
    mapping = load_mapping(write({**GOOD, "fields": fields}))
    assert mapping.fitting(with_sheets(("", ["编号", "日期", "正文"])))
    with pytest.raises(RadarError, match="content"):
        mapping.fitting(with_sheets(("", ["编号", "日期"])))


def test_sheets_that_do_not_fit_are_refused_unless_the_mapping_ignores_them(write):
    good, notes = ("投诉", ["编号", "日期"]), ("说明", ["本表填写要求"])
    with pytest.raises(RadarError, match=r"x\.csv, sheet 说明: the column for complaint_id is missing"):
        load_mapping(write(GOOD)).fitting(with_sheets(good, notes))
    ignoring = load_mapping(write({**GOOD, "ignored_sheets": ["说明"]}))
    assert [sheet.name for sheet in ignoring.fitting(with_sheets(good, notes))] == ["投诉"]
    with pytest.raises(RadarError, match="all sheets are ignored"):
        ignoring.fitting(with_sheets(notes))


def fields(**changes):
    return {**GOOD, "fields": {**GOOD["fields"], **changes}}


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (fields(colour={"columns": ["颜色"]}), "colour is no field"),
        (fields(load_id={"columns": ["批次"]}), "load_id is no field"),
        (fields(filer_key={"columns": ["电话"]}), "filer_key is no field"),
        ({**GOOD, "constants": {"kind": "投诉", "colour": "红"}}, "colour is no field"),
        ({**GOOD, "constants": {}}, "kind is neither mapped nor constant"),
        (fields(content={"columns": ["内容"], "join": ["标题"]}), "fields.content: "),
        (fields(content={}), "fields.content: "),
        (fields(content={"slot": "商户名称"}), "no label of the template"),
        (fields(content={"first_of": []}), "fields.content.first_of"),
        (fields(content={"first_of": [{"separator": "-"}]}), "give one of columns, join and slot in each item"),
        ({**GOOD, "database": {"table": "x; DROP TABLE y", "watermark": "at"}}, "database.table"),
        (fields(content={"columns": [""]}), "fields.content.columns.0"),
        (fields(content={"columns": ["内容"], "require": True}), "fields.content.require"),
        (fields(content={"columns": ["内容"], "pick": {"skip": []}}), "fields.content.pick.separator"),
        ({**GOOD, "stream": {"id": "tiny", "zh": "小", "calendar": "us"}}, "stream.calendar"),
        ({**GOOD, "stream": {"id": "Tiny one", "zh": "小", "calendar": "cn"}}, "stream.id"),
        ({**GOOD, "stream": {"id": "tiny", "zh": "", "calendar": "cn"}}, "stream.zh"),
        ({**GOOD, "titel": "x"}, "titel"),
        ({**GOOD, "source": "other"}, "describes other"),
        *((without(name), name) for name in ("source", "title", "stream", "fields")),
        ([GOOD], "no mapping"),
        ("", "no mapping"),
        ("just a text", "no mapping"),
        ("fields: {unclosed", "not valid YAML"),
    ],
)
def test_a_broken_mapping_is_refused_in_one_line(write, content, told):
    with pytest.raises(RadarError) as caught:
        load_mapping(write(content))
    assert told in str(caught.value)
    assert "tiny.yml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mapping_file_that_is_not_there(tmp_path):
    with pytest.raises(RadarError, match="missing"):
        load_mapping(tmp_path / "tiny.yml")
