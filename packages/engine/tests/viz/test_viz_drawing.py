"""`draw_dot` and the `Drawing` that it returns, as a user meets them."""

from __future__ import annotations

import copy
import os
import pickle
import stat
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

import micrograd.engine.viz as viz
from micrograd.engine import Value
from micrograd.engine.errors import MicrogradValueError, MissingExtraError
from micrograd.engine.viz import Drawing, draw_dot
from micrograd.engine.viz.files import write_safely


@pytest.fixture
def drawing():
    x = Value(3.0, label="x")
    y = x**2 + 3 * x
    y.backward()
    return draw_dot(y)


@pytest.fixture
def without_graphviz(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda program: None)


def test_public_names():
    assert set(viz.__all__) >= {"Drawing", "draw_dot", "trace"}


def test_as_in_the_notebook(drawing, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert draw_dot(Value(1.0), format="svg", rankdir="TB").render("gout") == "gout.svg"
    assert Path("gout.svg").read_bytes().startswith(b"<svg")
    assert drawing._repr_svg_() == drawing.svg
    assert str(drawing) == drawing.source
    assert repr(drawing) == "<Drawing of 5 values and 3 operations>"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gout.svg"]


@pytest.mark.parametrize(
    ("path", "format", "written"),
    [
        ("out", None, "out.svg"),
        ("out.svg", None, "out.svg"),
        ("OUT.SVG", None, "OUT.SVG"),
        ("v1.2", None, "v1.2.svg"),
        ("out", "dot", "out.dot"),
        ("out.gv", None, "out.gv"),
        ("out.gv", "svg", "out.gv.svg"),
        ("new/folder/out", "svg", "new/folder/out.svg"),
    ],
)
def test_render_writes_the_picture_and_returns_its_path(drawing, tmp_path, path, format, written):
    expected = tmp_path / written
    assert drawing.render(tmp_path / path, format) == str(expected)
    assert expected.read_text("utf-8") == (drawing.svg if written.lower().endswith("svg") else drawing.source)


@pytest.mark.parametrize(("name", "kind"), [("g.svg", "svg"), ("g.dot", "dot"), ("g.gv", "dot"), ("g", "dot")])
def test_save_goes_by_the_suffix(drawing, tmp_path, name, kind):
    path = drawing.save(str(tmp_path / name))
    assert Path(path).read_text("utf-8") == (drawing.svg if kind == "svg" else drawing.source)


def test_view_opens_the_picture(drawing, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    path = drawing.render(tmp_path / "a b", view=True)
    assert opened == [Path(path).as_uri()]


@pytest.mark.parametrize("format", ["SVG ", "bmp", "", "docx", "x" * 1000])
def test_unknown_formats_are_refused(drawing, format, tmp_path):
    with pytest.raises(MicrogradValueError, match=r"no format for a picture. Known are svg, dot"):
        draw_dot(Value(1.0), format=format)
    if format.isalpha():
        with pytest.raises(MicrogradValueError):
            drawing.save(tmp_path / f"out.{format[:20]}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rankdir", ["lr", "RL", "", None])
def test_unknown_directions_are_refused(rankdir):
    with pytest.raises(MicrogradValueError, match="rankdir='LR'"):
        draw_dot(Value(1.0), rankdir=rankdir)


def test_svg_and_dot_need_no_program(drawing, tmp_path, without_graphviz):
    drawing.render(tmp_path / "out")
    drawing.save(tmp_path / "out.dot")


def test_without_graphviz_other_formats_say_what_to_do(drawing, tmp_path, without_graphviz):
    picture = tmp_path / "out.png"
    picture.write_text("old")
    for write in (drawing.render, drawing.save):
        with pytest.raises(MissingExtraError, match=r"drawing\.save\('graph\.svg'\)"):
            write(picture)
    assert picture.read_text() == "old"


def test_a_graphviz_that_fails_is_reported(drawing, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise subprocess.CalledProcessError(1, "dot", stderr=b"no webp here")

    monkeypatch.setattr("shutil.which", lambda program: "/bin/dot")
    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(MicrogradValueError, match="no webp here"):
        drawing.render(tmp_path / "out.webp")
    assert not list(tmp_path.iterdir())


def test_the_drawing_is_a_snapshot():
    x = Value(3.0, label="x")
    drawing = draw_dot(x)
    x.data = 4.0
    assert "3.0000" in drawing.svg
    assert "4.0000" not in drawing.source


def test_a_drawing_can_be_copied_and_pickled(drawing):
    for twin in (copy.deepcopy(drawing), pickle.loads(pickle.dumps(drawing))):
        assert isinstance(twin, Drawing)
        assert twin.svg == drawing.svg


def test_drawing_changes_nothing_in_the_graph():
    x = Value(3.0)
    y = x * x
    y.backward()
    assert draw_dot(y).svg
    assert (x.data, x.grad, x.label, y.data, y.grad, y.label) == (3.0, 6.0, "", 9.0, 1.0, "")


def test_drawing_needs_the_standard_library_alone():
    code = """
import sys
from micrograd.engine import Value
from micrograd.engine.viz import draw_dot
draw_dot(Value(2.0) * 3).svg
top = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(sorted(name for name in top if not name.startswith("_") and getattr(sys.modules[name], "__spec__", None)))
"""
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(Path(viz.__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() in ("['micrograd']", "[]")


# ---- files -----------------------------------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "graph.svg"
    target.write_text("old")

    def fail(self, other):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_safely(target, b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path):
    target, link = tmp_path / "graph.svg", tmp_path / "latest.svg"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target.name)
    write_safely(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(tmp_path):
    (tmp_path / "usual").touch()
    write_safely(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no such device here")
def test_a_device_is_written_to():
    write_safely(os.devnull, b"gone")
    assert not Path(os.devnull).is_file()


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OSError, match=r"[Dd]irectory|denied"):
        write_safely(tmp_path, b"")
