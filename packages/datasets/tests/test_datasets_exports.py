import subprocess
import sys
from importlib.util import find_spec

import micrograd.datasets

PUBLIC = """
    ArgumentTypeError ArgumentValueError Batches CSVCellError CSVEncodingError CSVError CSVHeaderError
    CSVNotFoundError CSVRowError Dataset DatasetError EmptyDatasetError LabelError MissingCellError
    MixedColumnError NamesError NonFiniteError NotBinaryError NotNumericError RowIndexError Scaling
    ScalingError ShapeError SplitError TooManyCategoriesError UnknownColumnError blobs breast_cancer
    circles diabetes digits iris linear moons read_csv sine spirals tiny_text wine xor
"""


def test_exported_names():
    assert micrograd.datasets.__all__ == PUBLIC.split()
    assert all(hasattr(micrograd.datasets, name) for name in PUBLIC.split())


def test_micrograd_is_an_implicit_namespace():
    spec = find_spec("micrograd")
    assert spec is not None
    assert spec.origin is None


def test_what_the_import_leaves_alone():
    unwanted = "{'micrograd.engine', 'micrograd.nn', 'sklearn', 'scipy'}"
    code = f"import sys, micrograd.datasets; print(sorted({unwanted} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
