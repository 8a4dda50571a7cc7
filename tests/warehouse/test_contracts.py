"""Contract files: all that ship load, every broken one is refused with one line."""

import copy

import pytest
import yaml

from warehouse.contracts import LAYERS, contract_of, contracts, load_contract
from warehouse.errors import RadarError
from warehouse.files import ROOT

GOOD = {
    "table": "gold.things",
    "title": {"en": "Things", "zh": "事物"},
    "grain": "one thing",
    "key": ["id"],
    "partitioned_by": ["month"],
    "columns": [
        {"name": "id", "type": "STRING", "nullable": False, "en": "Number", "zh": "编号"},
        {"name": "month", "type": "STRING", "en": "Month", "zh": "它的'月'\\份"},
    ],
}
CONTRACT_FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).glob("*.yml"))


@pytest.fixture
def write(tmp_path):
    def write(content, name="things.yml"):
        path = tmp_path / "gold" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_contract_loads_and_says_what_spark_and_a_reader_need(path):
    contract = load_contract(path)
    assert contract.table == f"{path.parent.name}.{path.stem}"
    assert contract.layer == path.parent.name
    assert contract_of(contract.table) == contract
    ddl = contract.create_statement("/somewhere/else")
    assert ddl.count(" COMMENT '") == len(contract.columns)
    assert all(any("一" <= character <= "鿿" for character in column.zh) for column in contract.columns)
    for column in contract.columns:
        assert f"{column.name} {column.type}{'' if column.nullable else ' NOT NULL'} COMMENT '" in ddl


def test_all_contracts_are_found_in_the_order_of_the_layers():
    tables = list(contracts())
    assert len(tables) == len(CONTRACT_FILES) >= 9
    layers = [LAYERS.index(table.split(".")[0]) for table in tables]
    assert layers == sorted(layers)


def test_ddl_of_a_contract_word_for_word(write):
    contract = load_contract(write({**GOOD, "change_feed": True}))
    assert contract.schema_ddl == "id STRING NOT NULL, month STRING"
    assert contract.create_statement("/tables/gold/things") == (
        "CREATE TABLE IF NOT EXISTS delta.`/tables/gold/things` (\n"
        "  id STRING NOT NULL COMMENT '编号',\n"
        "  month STRING COMMENT '它的\\'月\\'\\\\份'\n"
        ") USING delta\n"
        "PARTITIONED BY (month)\n"
        "COMMENT '事物'\n"
        "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"
    )


def test_ddl_without_partitions_and_change_feed(write):
    ddl = load_contract(write({**GOOD, "partitioned_by": []})).create_statement("/t")
    assert "PARTITIONED" not in ddl
    assert "TBLPROPERTIES" not in ddl


def broken(**changes):
    return {**copy.deepcopy(GOOD), **changes}


def column(index, **changes):
    content = copy.deepcopy(GOOD)
    content["columns"][index] |= changes
    return content


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (broken(colums=[]), "colums"),
        (column(0, nulable=False), "columns.0.nulable"),
        (column(0, nullable=True), "nullable"),
        (broken(columns=[*GOOD["columns"], GOOD["columns"][1]]), "twice"),
        (broken(table="gold.other"), "gold.other"),
        (broken(table="silver.things"), "silver.things"),
        (broken(table="copper.things"), "table"),
        (broken(table="things"), "table"),
        (broken(key=["number"]), "number"),
        (broken(key=[]), "key"),
        (broken(partitioned_by=["year"]), "year"),
        (broken(columns=[]), "columns"),
        (column(1, name="Month"), "columns.1.name"),
        (column(1, name="month; DROP TABLE x"), "columns.1.name"),
        (column(1, zh=""), "columns.1.zh"),
        (column(1, type=""), "columns.1.type"),
        (broken(title={"en": "Things"}), "title.zh"),
        (broken(grain=""), "grain"),
        (broken(limits=[""]), "limits.0"),
        *((without(name), name) for name in ("table", "title", "grain", "key", "columns")),
        ([GOOD], "file"),
        ("", "file"),
        ("table: [unclosed", "not valid YAML"),
    ],
)
def test_a_broken_contract_is_refused_in_one_line(write, content, told):
    with pytest.raises(RadarError) as caught:
        load_contract(write(content))
    assert told in str(caught.value)
    assert "things.yml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_or_named_otherwise(write, tmp_path):
    with pytest.raises(RadarError, match="missing"):
        load_contract(tmp_path / "gold" / "nothing.yml")
    with pytest.raises(RadarError, match=r"gold/others\.yml describes gold\.things"):
        load_contract(write(GOOD, "others.yml"))


def test_a_table_without_a_contract_is_refused():
    with pytest.raises(RadarError, match=r"gold\.nothing has no contract"):
        contract_of("gold.nothing")
