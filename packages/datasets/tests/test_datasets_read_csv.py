import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from micrograd.datasets import Dataset, read_csv

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])

PETS = "kg,coat,legs,kind\n4,short,4,cat\n30.5,long,4,dog\n-1e-1,none,2,bird\n3,short,4,cat\n"


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_numbers_categories_and_classes(write):
    data = read_csv(write(PETS), target="kind")
    assert data.feature_names == ("kg", "coat=long", "coat=none", "coat=short", "legs")
    assert data.X.tolist() == [[4, 0, 0, 1, 4], [30.5, 1, 0, 0, 4], [-0.1, 0, 1, 0, 2], [3, 0, 0, 1, 4]]
    assert data.target_names == ("bird", "cat", "dog")
    assert data.y.tolist() == [1, 2, 0, 1]
    assert (data.name, data.description) == ("table.csv", "Read from table.csv.")


def test_path_as_a_string(write):
    path = write(PETS)
    assert read_csv(str(path), target="kind") == read_csv(path, target="kind")


def test_the_target_may_stand_anywhere(write):
    data = read_csv(write(PETS), target="kg")
    assert data.task == "regression"
    assert data.y.tolist() == [4, 30.5, -0.1, 3]
    assert data.target_names == ("kg",)
    assert data.feature_names[-3:] == ("kind=bird", "kind=cat", "kind=dog")


def test_categorical_and_ignore(write):
    data = read_csv(write(PETS), target="kind", categorical=["legs"], ignore=["coat"])
    assert data.feature_names == ("kg", "legs=2", "legs=4")
    assert data.X[:, 1:].tolist() == [[0, 1], [0, 1], [1, 0], [0, 1]]


def test_codes_stay_as_written_and_sort_by_value(write):
    data = read_csv(write("zip,y\n10,1.5\n9,2\n09,3\n10,4\n"), target="y", categorical=["zip"])
    assert data.feature_names == ("zip=09", "zip=9", "zip=10")


@pytest.mark.parametrize(
    ("cells", "task", "classes"),
    [
        ("0 1 1 0", "auto", ("0", "1")),
        ("0 1 2 0 1 2", "auto", ("0", "1", "2")),
        ("-1 1 -1 +1", "auto", ("-1", "1")),
        ("0.0 1 1.0 0", "auto", ("0", "1")),
        ("0 1 2", "auto", None),
        ("1 2 1 2", "auto", None),
        ("0 2 0 2", "auto", None),
        ("0 0 0 0", "auto", None),
        ("0 0.5 0 0.5", "auto", None),
        ("3 7 3 7", "classification", ("3", "7")),
        ("10 9 10.0", "classification", ("9", "10")),
        ("0 1 1 0", "regression", None),
        ("yes no 1", "classification", ("1", "no", "yes")),
    ],
)
def test_when_a_target_is_classes(write, cells, task, classes):
    text = "x,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells.split()))
    data = read_csv(write(text), target="y", task=task)
    assert data.task == ("classification" if classes else "regression")
    assert data.target_names == (classes or ("y",))
    if classes and task == "auto":
        written = [float(cell) for cell in cells.split()]
        assert [float(data.target_names[label]) for label in data.y] == written


def test_more_numbered_classes_than_it_dares(write):
    text = "x,y\n" + "".join(f"{i},{i % 21}\n" for i in range(63))
    assert read_csv(write(text), target="y").task == "regression"
    assert read_csv(write(text), target="y", task="classification").n_classes == 21


def test_signed_targets_keep_their_sign(write):
    data = read_csv(write("x,y\n1,-1\n2,1\n3,1\n4,-1\n"), target="y")
    assert data.signed_labels.tolist() == [-1, 1, 1, -1]


def test_missing_rows_can_be_dropped(write):
    data = read_csv(write("a,b,y\n1,,0.5\n2,x,1.5\nNA,z,2.5\n4,x,?\n"), target="y", missing="drop")
    assert data.X.tolist() == [[2, 1]]
    assert data.description == "Read from table.csv. 3 of 4 rows left out for missing values."


def test_what_is_missing_can_be_said(write):
    text = "land,y\nNA,1.5\nDE,2.5\n"
    assert read_csv(write(text), target="y", missing_values=[""]).feature_names == ("land=DE", "land=NA")
    text = "a,y\n-999,1.5\n2,2.5\n"
    assert len(read_csv(write(text), target="y", missing="drop", missing_values=["-999"])) == 1


def test_an_ignored_column_may_have_holes_and_mixtures(write):
    data = read_csv(write("a,note,y\n1,,0.5\n2,3,1.5\n3,abc,2.5\n"), target="y", ignore=["note"])
    assert data.feature_names == ("a",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_order_mark_and_line_ends(write, encoding, end):
    path = write("größe,y\n1,0.5\n2,1.5\n".replace("\n", end), encoding)
    assert read_csv(path, target="y").feature_names == ("größe",)


def test_other_encodings(write):
    assert read_csv(write("größe,y\n1,0.5\n", "cp1252"), target="y", encoding="cp1252").feature_names == ("größe",)


def test_european_spreadsheets(write):
    data = read_csv(write("a;b;y\n1,5;x;2\n-0,25;z;3,5\n"), target="y", delimiter=";", decimal=",")
    assert data.X[:, 0].tolist() == [1.5, -0.25]
    assert data.y.tolist() == [2, 3.5]


def test_quotes_blanks_and_blank_lines(write):
    data = read_csv(write('a, "b, c",y\n\n 1 ,"x, ""1""", 2.5\n   \n2,z,3.5\n\n'), target="y")
    assert data.feature_names == ("a", 'b, c=x, "1"', "b, c=z")
    assert data.X[:, 0].tolist() == [1, 2]


name = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=8).map(
    lambda text: "n" + text
)


@PATIENT
@given(
    names=st.lists(name, min_size=2, max_size=5, unique=True),
    numbers=st.data(),
    n=st.integers(1, 10),
)
def test_numbers_come_back_bit_for_bit(tmp_path, names, numbers, n):
    floats = st.floats(allow_nan=False, allow_infinity=False)
    table = numbers.draw(st.lists(st.lists(floats, min_size=len(names), max_size=len(names)), min_size=n, max_size=n))
    path = tmp_path / "numbers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *table])
    data = read_csv(path, target=names[-1], task="regression")
    assert data == Dataset(
        np.array(table)[:, :-1],
        np.array(table)[:, -1],
        feature_names=names[:-1],
        target_names=names[-1:],
        description="Read from numbers.csv.",
        name="numbers.csv",
    )


@settings(PATIENT, max_examples=30)
@given(st.lists(name, min_size=1, max_size=20))
def test_one_hot_is_one_hot(tmp_path, texts):
    path = tmp_path / "texts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["a", "y"], *([text, 0.5] for text in texts)])
    data = read_csv(path, target="y")
    assert [data.feature_names[row.argmax()] for row in data.X] == [f"a={text}" for text in texts]
    assert (data.X.sum(axis=1) == 1).all()
    assert data.n_features == len(set(texts))
