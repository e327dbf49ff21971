"""The benchmarks' runner: it measures who is right, and catches who is wrong."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
TINY = ("--samples", "6", "--hidden", "3", "--rounds", "2", "--seconds", "0.001")

WRONG = """
from contenders import numpy_by_hand

LIBRARIES = ("numpy",)


def seed(problem):
    train = numpy_by_hand.seed(problem)
    return lambda steps: train(steps) * (1 + 1e-6)
"""

OFF_BY_A_STEP = """
import dataclasses
from contenders import numpy_by_hand


def seed(problem):
    return numpy_by_hand.seed(dataclasses.replace(problem, learning_rate=1.01 * problem.learning_rate))
"""

WRONG_SCORES = """
from contenders import numpy_by_hand


def rows(problem):
    predict = numpy_by_hand.rows(problem)
    return lambda steps: predict(steps) * (1 + 1e-6)
"""


def run(tmp_path, *options):
    """The exit status, what was printed, and the contenders of the record by name."""
    path = tmp_path / "record.json"
    command = [sys.executable, str(BENCHMARKS / "run.py"), "--json", str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert path.exists(), done.stderr
    record = json.loads(path.read_text("utf-8"))
    (job,) = record["jobs"].values()
    return done.returncode, done.stdout, record, {entry["name"]: entry for entry in job["contenders"]}


def script(*command, cwd=None):
    """What a script that must succeed printed."""
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def contender(tmp_path, name, source):
    path = tmp_path / f"{name}.py"
    path.write_text(source, "utf-8")
    return str(path)


def test_the_seed_job_agrees_and_is_timed(tmp_path):
    status, printed, record, entries = run(tmp_path, *TINY, "--contenders", "micrograd_scalar,numpy_by_hand")
    assert status == 0, printed
    ours, numpys = entries["micrograd_scalar"], entries["numpy_by_hand"]
    assert ours["status"] == numpys["status"] == "ok"
    assert ours["losses"] == pytest.approx(numpys["losses"], rel=1e-12)
    assert len(set(ours["losses"])) == len(ours["losses"])  # it learned
    assert ours["ratio"] == 1.0
    assert 0 < numpys["min"] <= numpys["median"]
    assert len(numpys["seconds_per_step"]) == record["settings"]["rounds"] == 2
    assert "numpy_by_hand" in printed


def test_the_record_names_versions_and_no_paths(tmp_path):
    _, _, record, entries = run(tmp_path, *TINY, "--contenders", "numpy_by_hand", "--baseline", "numpy_by_hand")
    assert set(record["machine"]) >= {"processor", "cores", "python"}
    assert entries["numpy_by_hand"]["versions"]["numpy"]
    assert str(BENCHMARKS) not in json.dumps(record["jobs"]) + json.dumps(record["machine"])


@pytest.mark.parametrize("source", [WRONG, OFF_BY_A_STEP], ids=["loss", "update"])
def test_a_wrong_contender_is_named_and_not_timed(tmp_path, source):
    names = f"numpy_by_hand,{contender(tmp_path, 'wrong', source)}"
    status, printed, _, entries = run(tmp_path, *TINY, "--contenders", names)
    assert status == 1
    assert entries["wrong"]["status"] == "wrong"
    assert "seconds_per_step" not in entries["wrong"]
    assert entries["numpy_by_hand"]["status"] == "ok"
    assert "wrong: wrong: loss" in printed


def test_the_rows_job_compares_scores(tmp_path):
    names = f"numpy_by_hand,micrograd_jit_numpy,{contender(tmp_path, 'wrong', WRONG_SCORES)}"
    status, printed, _, entries = run(tmp_path, *TINY, "--jobs", "rows", "--contenders", names)
    assert status == 1
    assert entries["numpy_by_hand"]["status"] == entries["micrograd_jit_numpy"]["status"] == "ok", printed
    assert len(entries["micrograd_jit_numpy"]["seconds_per_step"]) == 2
    assert "wrong: wrong: score" in printed


def test_what_is_not_installed_is_skipped(tmp_path):
    names = contender(tmp_path, "absent", "import no_such_library\n")
    status, printed, _, entries = run(tmp_path, *TINY, "--contenders", names)
    assert status == 0
    assert entries["absent"]["status"] == "skipped"
    assert "absent: skipped: not installed: no_such_library" in printed


@pytest.mark.parametrize(
    ("body", "reason"), [("raise ValueError('no luck')", "no luck"), ("import os; os._exit(3)", "status 3")]
)
def test_one_that_dies_is_reported(tmp_path, body, reason):
    status, _, _, entries = run(tmp_path, *TINY, "--contenders", contender(tmp_path, "dying", body))
    assert status == 1
    assert entries["dying"]["status"] == "failed"
    assert reason in entries["dying"]["reason"]


def test_what_a_contender_prints_does_no_harm(tmp_path):
    chatty = contender(tmp_path, "chatty", "print('hello')\nfrom contenders.numpy_by_hand import seed\n")
    assert run(tmp_path, *TINY, "--contenders", chatty)[0] == 0


def test_one_that_takes_too_long_is_reported(tmp_path):
    slow = contender(tmp_path, "slow", "import time; time.sleep(60)")
    status, _, _, entries = run(tmp_path, *TINY, "--contenders", slow, "--timeout", "1")
    assert status == 1
    assert entries["slow"]["status"] == "failed"


def test_the_chain_job_measures_time_and_memory(tmp_path):
    options = ("--jobs", "chain", "--nodes", "100,500", "--rounds", "2")
    status, printed, _, entries = run(tmp_path, *options, "--contenders", "micrograd_scalar,numpy_by_hand")
    assert status == 0, printed
    sizes = entries["micrograd_scalar"]["sizes"]
    assert [size["nodes"] for size in sizes] == [100, 500]
    assert all(size["forward"] > 0 and size["backward"] > 0 for size in sizes)
    assert 50 < sizes[-1]["traced"] < 600
    assert entries["numpy_by_hand"]["status"] == "skipped"


@pytest.mark.slow
@pytest.mark.parametrize(("job", "dtype"), [("digits", "float64"), ("digits_single", "float32")])
def test_the_digits_job_times_epochs_of_those_who_learn(tmp_path, job, dtype):
    """And not those of one that begins elsewhere."""
    elsewhere = """
    import dataclasses
    from contenders import micrograd_fit

    LIBRARIES = ()


    def digits(task):
        return micrograd_fit.digits(dataclasses.replace(task, initial=[1.01 * p for p in task.initial]))
    """
    wrong = contender(tmp_path, "elsewhere", textwrap.dedent(elsewhere))
    options = ("--jobs", job, "--epochs", "3", "--rounds", "2", "--baseline", "micrograd_fit")
    status, printed, _, entries = run(tmp_path, *options, "--contenders", f"micrograd_fit,{wrong},numpy_by_hand")
    assert status == 1, printed
    ours = entries["micrograd_fit"]
    assert ours["status"] == "ok" and ours["ratio"] == 1.0 and ours["dtype"] == dtype
    assert len(ours["seconds_per_epoch"]) == 2
    assert 0 < ours["min"] <= ours["median"] < ours["training"]
    assert entries["elsewhere"]["status"] == "wrong" and "begins with loss" in entries["elsewhere"]["reason"]
    assert entries["numpy_by_hand"]["status"] == "skipped"


@pytest.mark.slow
def test_the_convnet_job_times_epochs(tmp_path):
    options = ("--jobs", "convnet", "--epochs", "3", "--rounds", "1", "--contenders", "micrograd_fit,micrograd_fit_jit")
    status, printed, _, entries = run(tmp_path, *options)
    assert status == 0, printed
    for entry in entries.values():
        assert entry["status"] == "ok"
        assert 0 < entry["median"] < entry["training"]


def test_the_curves_measure_each_size_until_it_is_too_much(tmp_path):
    path = tmp_path / "curves.json"
    options = ("--sweeps", "nodes", "--largest", "20000", "--contenders", "numpy_by_hand", "micrograd_scalar")
    script(BENCHMARKS / "curves.py", *options, "--json", str(path))
    record = json.loads(path.read_text("utf-8"))
    (points,) = record["sweeps"].values()
    assert [point["samples"] for point in points] == [10, 30]
    costs = [point["costs"]["micrograd_scalar"] for point in points]
    assert all(cost["step"] > 0 for cost in costs) and costs[0]["peak"] > 1e6


def test_the_size_of_a_graph_is_that_of_the_graph(tmp_path):
    count = """
    from jobs.problem import make
    from micrograd.engine import Value
    from micrograd.engine.graph import topological_order
    import notebook

    seen = []
    Value.backward = lambda root: seen.append(len(topological_order(root)))
    problem = make(samples=3, hidden=4)
    notebook.seed(problem)(1)
    assert seen == [problem.nodes], (seen, problem.nodes)
    """
    script("-c", textwrap.dedent(count), cwd=BENCHMARKS)


def test_what_is_looked_at_can_be_taken_out(tmp_path):
    script(BENCHMARKS / "without.py", tmp_path / "bare", "watchers", "listeners")
    bare = (tmp_path / "bare/packages/engine/src/micrograd/engine/backprop.py").read_text("utf-8")
    assert "if watchers" not in bare and "if listeners" not in bare and "def sweep" in bare
    options = ("--contenders", "micrograd_tensor", "--pairs", "2", "--rounds", "2", "--seconds", "0.001")
    printed = script(BENCHMARKS / "compare.py", tmp_path / "bare", BENCHMARKS.parent, *options)
    assert "micrograd_tensor" in printed


VALGRIND = """#!/bin/sh
report=${3#--cachegrind-out-file=}
shift 3
"$@"
echo run >> "$report.runs"
echo "summary: $(($(wc -l < "$report.runs") * 1000))" > "$report"
"""


@pytest.mark.skipif(os.name == "nt", reason="valgrind is for Unix")
def test_instructions_of_a_step_are_what_a_longer_run_has_more(tmp_path, monkeypatch):
    stand_in = tmp_path / "valgrind"  # says 1000 in the first run, 2000 in the second ...
    stand_in.write_text(VALGRIND, "utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    here = BENCHMARKS.parent
    printed = script(
        BENCHMARKS / "instructions.py", here, here, "--contenders", "micrograd_tensor", "--steps", "2", "--samples", "3"
    )
    assert printed.splitlines()[-1].split() == ["micrograd_tensor", "500", "500", "1.0000"]


def test_an_unknown_record_is_refused():
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "record.py"), "nothing"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "there is no record nothing" in done.stderr


@pytest.mark.parametrize("options", [("--jobs", "nothing"), ("--contenders", "nobody"), ("--rounds", "0")])
def test_bad_options_are_refused(options):
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "run.py"), *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "error:" in done.stderr
