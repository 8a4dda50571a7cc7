"""Landing files: known by their content, read as they are, refused in one line."""

import codecs
import gzip
import hashlib

import pytest

from warehouse.errors import RadarError
from warehouse.landing import LandingFile, Row, find_files
from warehouse.landing.delimited import LONGEST_CELL

TEXT = "编号,内容\r\n1,热水器冒火\r\n2,商家跑路\r\n"
ROWS = [(1, {"编号": "1", "内容": "热水器冒火"}, None), (2, {"编号": "2", "内容": "商家跑路"}, None)]


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def told(row: Row):
    return row.number, row.record, row.problem


def read(path):
    return [told(row) for row in LandingFile.open(path).rows()]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.replace("冒火", "冒𠮷火").encode("gb18030"), "gb18030"),
    ],
)
def test_character_sets(write, content, encoding):
    file = LandingFile.open(write(content))
    assert file.encoding == encoding
    assert file.sheets[0].header == ("编号", "内容")
    assert file.content_hash == hashlib.sha256(content).hexdigest()
    assert [row.record["内容"].replace("𠮷", "") for row in file.rows()] == ["热水器冒火", "商家跑路"]


@pytest.mark.parametrize("name", ["file.csv.gz", "FILE.CSV.GZ"])
def test_compressed(write, name):
    content = gzip.compress(TEXT.encode("gb18030"))
    file = LandingFile.open(write(content, name))
    assert file.content_hash == hashlib.sha256(content).hexdigest()
    assert [told(row) for row in file.rows()] == ROWS


def test_a_large_file_with_characters_across_chunks(write):
    body = "编号,内容\n" + "".join(f"{i},热水器冒火第{i}次投诉没有人管\n" for i in range(60_000))
    assert len(body.encode()) > 2 << 20
    for encoding in ("utf-8", "gb18030"):
        rows = read(write(body, encoding=encoding))
        assert len(rows) == 60_000
        assert rows[-1] == (60_000, {"编号": "59999", "内容": "热水器冒火第59999次投诉没有人管"}, None)


@pytest.mark.parametrize("cut", [3, 20, -9, -1])
def test_a_cut_off_compressed_file_is_refused(write, cut):
    content = gzip.compress(TEXT.encode() * 50)[:cut]
    with pytest.raises(RadarError, match=r"file\.csv\.gz"):
        read(write(content, "file.csv.gz"))


def test_a_damaged_compressed_file_is_refused(write):
    content = bytearray(gzip.compress(TEXT.encode() * 50))
    content[20] ^= 0xFF
    with pytest.raises(RadarError, match=r"file\.csv\.gz"):
        read(write(bytes(content), "file.csv.gz"))
    with pytest.raises(RadarError, match=r"file\.csv\.gz"):
        read(write(TEXT, "file.csv.gz"))


@pytest.mark.parametrize("content", ["", "\n\n", " \r\n", codecs.BOM_UTF8, "编号,内容\n", "编号,内容", "编号,内容\n\n\n"])
def test_a_file_without_rows_is_refused_as_empty(write, content):
    with pytest.raises(RadarError, match="empty"):
        LandingFile.open(write(content))


@pytest.mark.parametrize(
    "content", [b"\xff\xff\xff\n1\n", TEXT.encode("utf-16"), b"id,text\n1,\x81\n", b"PK\x03\x04\xff\xff\n"]
)
def test_text_in_no_known_character_set_is_refused(write, content):
    with pytest.raises(RadarError, match=r"file\.csv"):
        read(write(content))


@pytest.mark.parametrize("header", ["编号,内容,编号", "编号, 编号 ,内容"])
def test_a_header_that_names_a_column_twice_is_refused(write, header):
    with pytest.raises(RadarError, match=r"columns 1 and . of the header have the same name"):
        LandingFile.open(write(f"{header}\n1,2,3\n"))


def test_header_cells_are_trimmed_and_nameless_ones_numbered(write):
    file = LandingFile.open(write(" 编号 ,,内容,\n1,x,y,z\n"))
    assert file.sheets[0].header == ("编号", "column 2", "内容", "column 4")
    assert read(file.path) == [(1, {"编号": "1", "column 2": "x", "内容": "y", "column 4": "z"}, None)]


def test_ragged_rows_keep_every_cell_and_say_what_is_wrong(write):
    rows = read(write("a,b\n1\n1,2\n1,2,3,4\n,\n"))
    assert rows == [
        (1, {"a": "1"}, "1 cells, 2 expected"),
        (2, {"a": "1", "b": "2"}, None),
        (3, {"a": "1", "b": "2", "+1": "3", "+2": "4"}, "4 cells, 2 expected"),
        (4, {"a": "", "b": ""}, None),
    ]


def test_blank_lines_are_no_rows_and_no_numbers(write):
    rows = read(write("a,b\n\n1,2\n\r\n\n3,4\n\n"))
    assert [(number, record["a"]) for number, record, _ in rows] == [(1, "1"), (2, "3")]


def test_quotes_keep_commas_quotes_and_newlines(write):
    rows = read(write('a,b\n1,"第一行\n第二行，""引用"",完"\n2,x\n'))
    assert rows[0][1]["b"] == '第一行\n第二行，"引用",完'
    assert rows[1] == (2, {"a": "2", "b": "x"}, None)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(write, newline):
    assert read(write(TEXT.replace("\r\n", newline))) == ROWS


def test_cells_come_as_they_are(write):
    (row,) = read(write("a,b,c\n 1 ,=SUM(A1),００1\n"))
    assert row[1] == {"a": " 1 ", "b": "=SUM(A1)", "c": "００1"}


def test_an_unclosed_quote_that_swallows_the_rest_is_refused(write):
    swallowed = "3,很长的内容\n" * (LONGEST_CELL // 6)
    path = write(f'a,b\n1,x\n2,"没有结束的引号\n{swallowed}')
    with pytest.raises(RadarError, match=r"file\.csv: row 2"):
        read(path)


@pytest.mark.parametrize("name", ["file.txt", "file.pdf", "file.gz", "csv", "file.csv.zip"])
def test_other_file_types_are_refused(write, name):
    with pytest.raises(RadarError, match="not a file type"):
        LandingFile.open(write(TEXT, name))


def test_a_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(RadarError, match=r"nothing\.csv"):
        LandingFile.open(tmp_path / "nothing.csv")


def test_a_folder_named_like_a_file_is_refused(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(RadarError, match=r"folder\.csv"):
        LandingFile.open(tmp_path / "folder.csv")


def test_files_of_a_folder_are_found_below_it_sorted(write, tmp_path):
    paths = [write(TEXT, name) for name in ("b.csv", "a/c.csv.gz", "D.CSV", "a/x.xlsx", "y.jsonl.gz", "z.parquet")]
    for name in ("notes.txt", "~$x.xlsx", ".hidden.csv"):
        write(TEXT, name)
    assert find_files(str(tmp_path)) == sorted(paths)


def test_globs_and_single_files(write, tmp_path):
    paths = sorted(write(TEXT, f"{name}.csv") for name in ("2026-01", "2026-02", "2025-12"))
    deep = write(TEXT, "deep/er/2026-03.csv")
    assert find_files(str(tmp_path / "2026-*.csv")) == paths[1:]
    assert find_files(str(tmp_path / "**" / "2026-*.csv")) == sorted([*paths[1:], deep])
    assert find_files(str(paths[0])) == [paths[0]]


def test_a_file_whose_name_looks_like_a_glob_is_itself(write, tmp_path):
    path = write(TEXT, "a[1].csv")
    write(TEXT, "a1.csv")
    assert find_files(str(path)) == [path]


@pytest.mark.parametrize("pattern", ["nothing.csv", "*.csv", "empty"])
def test_a_path_that_names_nothing_is_refused(tmp_path, pattern):
    (tmp_path / "empty").mkdir()
    with pytest.raises(RadarError, match="there is no such file"):
        find_files(str(tmp_path / pattern))
