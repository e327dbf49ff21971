import pytest

from micrograd.datasets import (
    ArgumentTypeError,
    ArgumentValueError,
    CSVCellError,
    CSVEncodingError,
    CSVError,
    CSVHeaderError,
    CSVNotFoundError,
    CSVRowError,
    DatasetError,
    EmptyDatasetError,
    MissingCellError,
    MixedColumnError,
    TooManyCategoriesError,
    UnknownColumnError,
    read_csv,
)

ROWS = "".join(f"{i},x,{i / 2}\n" for i in range(4))


@pytest.fixture
def read(tmp_path):
    def read(text, **options):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_csv(path, **{"target": "y", **options})

    return read


@pytest.mark.parametrize(
    ("text", "error", "line", "column", "says"),
    [
        # Cells
        (
            f"a,b,y\n{ROWS}abc,x,1\n",
            MixedColumnError,
            6,
            "a",
            "line 6, column 'a': 'abc' is not a finite number",
        ),
        (f"a,b,y\n{ROWS}\n\nabc,x,1\n", MixedColumnError, 8, "a", "line 8"),
        (f'a,b,y\n{ROWS}"1\n2",x,1\nabc,x,1\n', MixedColumnError, 6, "a", "line 6"),
        (f'a,b,y\n{ROWS}5,"x\nx",1\nabc,x,1\n', MixedColumnError, 8, "a", "line 8"),
        (f'a,b,y\n{ROWS}"12,5",x,1\n', MixedColumnError, 6, "a", "decimal=','"),
        (f"a,b,y\n{ROWS}inf,x,1\n", MixedColumnError, 6, "a", "not a finite number"),
        (f"a,b,y\n{ROWS}1e999,x,1\n", MixedColumnError, 6, "a", "not a finite number"),
        (f"a,b,y\n{ROWS}1_000,x,1\n", MixedColumnError, 6, "a", "1_000"),
        (f"a,b,y\n{ROWS}9,7,1\n", MixedColumnError, 6, "b", "'7' is a number among texts"),
        (f"a,b,y\n{ROWS}9,x,much\n", MixedColumnError, 6, "y", 'task="classification"'),
        (f"a,b,y\n{ROWS}9,,1\n", MissingCellError, 6, "b", "missing='drop'"),
        (f"a,b,y\n{ROWS}NaN,x,1\n", MissingCellError, 6, "a", "missing_values=['']"),
        (f"a,b,y\n{ROWS}9,x,\n", MissingCellError, 6, "y", "1 of 5 rows"),
        (
            "a,b,y\n" + "".join(f"1,name{i},1\n" for i in range(51)),
            TooManyCategoriesError,
            2,
            "b",
            "ignore=['b']",
        ),
        (
            "a,y\n" + "".join(f"1,name{i}\n" for i in range(51)),
            TooManyCategoriesError,
            2,
            "y",
            'task="classification"',
        ),
        # Rows
        (f"a,b,y\n{ROWS}9,x\n", CSVRowError, 6, None, "line 6 has 2 field(s); the header names 3"),
        (f"a,b,y\n{ROWS}9,x,1,2\n", CSVRowError, 6, None, "line 6 has 4 field(s)"),
        (f'a,b,y\n{ROWS}9,"x,1\n1,x,1\n', CSVRowError, 6, None, "line 6"),
        (f'a,b,y\n{ROWS}9,"x"x,1\n', CSVRowError, 6, None, "line 6"),
        (f"a,b,y\n{ROWS}9,{'x' * 200_000},1\n", CSVRowError, 6, None, "field larger than field limit"),
        # Header
        ("", CSVHeaderError, 1, None, "is empty"),
        ("\n\n", CSVHeaderError, 1, None, "is empty"),
        ("1,2,3\n4,5,6\n", CSVHeaderError, 1, None, "no header"),
        ("a,,y\n1,2,3\n", CSVHeaderError, 1, None, "index=False"),
        ("a,y,a\n1,2,3\n", CSVHeaderError, 1, "a", "columns 1 and 3 are both called 'a'"),
        ("a,Y\n1,2\n", UnknownColumnError, 1, "y", "did you mean 'Y'?"),
        ("a;y\n1;2\n", UnknownColumnError, 1, "y", "delimiter=';'"),
        ("a\ty\n1\t2\n", UnknownColumnError, 1, "y", "delimiter='\\t'"),
        # Encoding
        (f"a,b,y\n{ROWS}9,größe,1\n".encode("cp1252"), CSVEncodingError, 6, None, 'encoding="cp1252"'),
        ("a,y\n1,2\n".encode("utf-16"), CSVEncodingError, 1, None, "utf-16"),
        ("a,y\n1,2\n".encode("utf-16-le"), CSVEncodingError, 1, None, "byte 0x00"),
    ],
)
def test_bad_files_are_named_by_line(read, text, error, line, column, says):
    with pytest.raises(error) as caught:
        read(text)
    assert says in str(caught.value)
    assert "table.csv" in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert isinstance(caught.value, CSVError)


@pytest.mark.parametrize("text", ["a,y\n", "a,y\n\n\n"])
def test_no_rows(read, text):
    with pytest.raises(EmptyDatasetError, match="no rows"):
        read(text)


def test_no_complete_rows(read):
    with pytest.raises(EmptyDatasetError, match="leaves none"):
        read("a,y\n,1\n2,\n", missing="drop")


def test_dropping_does_not_shift_the_lines(read):
    with pytest.raises(MixedColumnError) as caught:
        read("a,y\n,1\n2,2\n3,3\nabc,4\n", missing="drop")
    assert caught.value.line == 5


def test_regression_on_texts(read):
    with pytest.raises(CSVCellError, match="is not a number") as caught:
        read("a,y\n1,no\n2,yes\n", task="regression")
    assert caught.value.line == 2


def test_what_was_forced_is_not_limited(read):
    names = "a,b,y\n" + "".join(f"1,name{i},1\n" for i in range(51))
    assert read(names, categorical=["b"]).n_features == 52
    assert read(names, target="b", task="classification").n_classes == 51


def test_no_such_file(tmp_path):
    with pytest.raises(CSVNotFoundError, match="there is no file"):
        read_csv(tmp_path / "none.csv", target="y")
    with pytest.raises(FileNotFoundError):
        read_csv("none.csv", target="y")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"target": "yy"}, UnknownColumnError, "did you mean 'y'?"),
        ({"target": "price"}, UnknownColumnError, "its columns are 'a', 'b', 'y'"),
        ({"target": 2}, ArgumentTypeError, "target='y'"),
        ({"target": None}, ArgumentTypeError, "name of one column"),
        ({"categorical": ["bb"]}, UnknownColumnError, "asked for by categorical="),
        ({"categorical": "b"}, ArgumentTypeError, "categorical=['b']"),
        ({"categorical": ["y"]}, ArgumentValueError, 'task="classification"'),
        ({"ignore": ["c"]}, UnknownColumnError, "asked for by ignore="),
        ({"ignore": ["y"]}, ArgumentValueError, "nothing to learn"),
        ({"ignore": ["a", "b"]}, ArgumentValueError, "nothing to learn"),
        ({"missing": "fill"}, ArgumentValueError, "'error', 'drop'"),
        ({"missing_values": "NA"}, ArgumentTypeError, "missing_values=['NA']"),
        ({"task": "classify"}, ArgumentValueError, "'classification'"),
        ({"delimiter": ", "}, ArgumentValueError, "one character"),
        ({"delimiter": None}, ArgumentValueError, "one character"),
        ({"decimal": "'"}, ArgumentValueError, "decimal"),
        ({"encoding": "utf-9"}, ArgumentValueError, "utf-9"),
    ],
)
def test_bad_arguments(read, options, error, says):
    with pytest.raises(error) as caught:
        read(f"a,b,y\n{ROWS}", **options)
    assert says in str(caught.value)


@pytest.mark.parametrize("path", [None, 3, ["a.csv"], b"a,y\n1,2\n"])
def test_what_is_no_path(path):
    with pytest.raises(ArgumentTypeError, match="str or a Path"):
        read_csv(path, target="y")


@pytest.mark.parametrize("text", [b"\x00\xff\x00", b'"', b"a,y\n\x00,1\n", b"a\n1\n", b",\n,\n", b"y,y\n"])
def test_rubbish_is_always_an_error_of_ours(read, text):
    with pytest.raises(DatasetError):
        read(text)


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        (("1,5", "2,25"), {"delimiter": ";"}),
        (("1.000,5", "2.000"), {"delimiter": ";", "decimal": ","}),
        (("1,000", "12,345,678.5"), {"delimiter": ";"}),
        (("5%", "4.5 %"), {}),
        (("$1", "-$20"), {}),
        (("3 \u20ac", "1'000 \u20ac"), {}),
        (("1 000", "2\u00a0000"), {}),
    ],
)
def test_numbers_in_a_notation_of_their_own_are_no_categories(read, cells, options):
    mark = options.get("delimiter", ",")
    text = "a,b,y\n1,{},0\n3,{},1\n".replace(",", mark).format(*cells)
    with pytest.raises(MixedColumnError, match="is written as a number") as caught:
        read(text, **options)
    assert (caught.value.line, caught.value.column) == (2, "b")
    data = read(text, categorical=["b"], **options)
    assert len(data.feature_names) == 3
    turned = text.replace(f"a{mark}b{mark}y", f"a{mark}y{mark}b")
    for task in ("auto", "regression"):
        with pytest.raises(MixedColumnError, match="is written as a number"):
            read(turned, task=task, **options)
    assert read(turned, task="classification", **options).n_classes == 2


def test_decimal_commas_are_hinted_at(read):
    with pytest.raises(MixedColumnError, match="decimal=','"):
        read("a;y\n1,5;0\n2,5;1\n", delimiter=";")


@pytest.mark.parametrize("cell", ["2020-01-02", "12:30", "v1.2.3", "a1", "1/2", "+49 170 1", "x%"])
def test_what_is_no_number_stays_a_category(read, cell):
    assert read(f"a,y\n{cell},0\nother,1\n").feature_names == (f"a={cell}", "a=other")[:: 1 if cell < "other" else -1]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PK\x03\x04\x14\x00", "an Excel workbook"), (b"\x1f\x8b\x08\x00", "compressed by gzip")],
)
def test_files_of_another_kind_are_named(read, content, says):
    for options in ({}, {"encoding": "cp1252"}):
        with pytest.raises(CSVEncodingError, match=says):
            read(content, **options)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CSVNotFoundError, match="is a folder"):
        read_csv(tmp_path, target="y")
