import ast
import copy
import inspect
import pickle
import re
from pathlib import Path

import pytest

from micrograd.datasets import CSVCellError, Dataset, DatasetError, MixedColumnError, ShapeError, errors

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_derives_from_the_base_and_from_a_builtin(kind):
    assert issubclass(kind, DatasetError)
    builtins = [base for base in kind.__mro__ if base.__module__ == "builtins"]
    assert kind is DatasetError or set(builtins) - {Exception, BaseException, object}


@pytest.mark.parametrize("kind", CLASSES)
def test_the_tree_in_the_docstring_is_the_tree(kind):
    line = re.search(rf"^.*\b{kind.__name__}\b.*$", errors.__doc__, re.MULTILINE)
    assert line is not None
    drawn_builtin = re.search(rf"{kind.__name__}\((\w+)\)", line[0])
    if drawn_builtin:
        assert drawn_builtin[1] in {base.__name__ for base in kind.__bases__}


def test_a_message_says_what_why_and_how_to_mend():
    with pytest.raises(ShapeError) as caught:
        Dataset([1.0, 2.0], [0, 1])
    what, why, fix = str(caught.value).splitlines()
    assert "X has 1 dimension(s)" in what
    assert why.startswith("  Why: ")
    assert "X.reshape(-1, 1)" in fix


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_survive_another_process(duplicate):
    error = duplicate(MixedColumnError("what", "why", "fix", line=7, column="width"))
    assert isinstance(error, CSVCellError)
    assert (str(error), error.line, error.column) == ("what\n  Why: why\n  Fix: fix", 7, "width")


def test_every_error_raised_explains_itself():
    """Each `raise` in the sources, and each function that builds an error, gives what, why and fix."""
    folder = Path(errors.__file__).parent
    names = {kind.__name__ for kind in CLASSES}
    calls = [
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    assert len(calls) > 40
    assert [ast.unparse(call)[:80] for call in calls if len(call.args) < 3] == []
