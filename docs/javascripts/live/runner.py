"""Runs the examples of a page in the browser, where Pyodide has imported this file.

Each example runs in the scope of its page or docstring, statement by statement as at the interpreter's prompt. What it
writes and shows is handed to `show` as it comes. What is left out: everything that has to do with the page itself.
"""

import ast
import builtins
import importlib
import io
import itertools
import json
import linecache
import re
import symtable
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout

PACKAGES = {"numpy": "numpy", "sklearn": "scikit-learn", "scipy": "scipy", "tqdm": "tqdm", "safetensors": "safetensors"}
"""What Pyodide has for fetching, by the name under which it is imported."""

PAUSE = 0.05
"""Seconds for which output is held back, so that a thousand prints aren't a thousand messages."""

scopes = {}
failed = {}  # the modules of docstrings that can't be imported here; to find that out takes long
numbers = itertools.count(1)


class Stream(io.TextIOBase):
    """Hands on what is written, in pieces."""

    def __init__(self, kind, show):
        self._kind = kind
        self._show = show
        self._pieces = []
        self._last = 0.0

    def write(self, text):
        """Take in text; hand it on if the last piece is long enough ago."""
        self._pieces.append(text)
        if time.monotonic() - self._last > PAUSE:
            self.flush()
        return len(text)

    def flush(self):
        """Hand on what is held back."""
        if self._pieces:
            self._show(self._kind, "".join(self._pieces))
        self._pieces.clear()
        self._last = time.monotonic()


def run(source, scope, module, every_value, go_on, show):
    """Run one example.

    Args:
        source: The code, without prompts.
        scope: The name of what shares variables with it.
        module: Whose names it may use without importing them, or "".
        every_value: Show the value of each expression, not just that of the last.
        go_on: Go on after an error, as the interpreter's prompt does.
        show: Called with a kind ("out", "err", "traceback", "svg", "html") and the text.

    Returns:
        JSON of `error`, the name of the first exception or null, of `missing`, what could be installed against it, and
        of the `seconds` that it took.
    """
    out, err = Stream("out", show), Stream("err", show)

    def display(value):
        if value is not None:
            builtins._ = value
            print(repr(value))
            out.flush()
            _show_picture(value, show)

    began, outcome = time.perf_counter(), {"error": None, "missing": ""}
    hook, sys.displayhook = sys.displayhook, display
    try:
        with redirect_stdout(out), redirect_stderr(err):
            for error in _failures(source, scope, module, every_value):
                out.flush()
                show("traceback", _traceback(error))
                if outcome["error"] is None:
                    outcome = {"error": type(error).__name__, "missing": missing(error)}
                if not go_on:
                    break
    finally:
        sys.displayhook = hook
        out.flush()
        err.flush()
    return json.dumps({**outcome, "seconds": time.perf_counter() - began})


def forget():
    """Start afresh: the next example sees no variable of an earlier one, and packages that may have come since."""
    scopes.clear()
    failed.clear()


def _failures(source, scope, module, every_value):
    """Run statement after statement, and yield what they raise."""
    file = f"<example {next(numbers)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    try:
        names = _scope(scope, module)
        statements = ast.parse(source, file).body
        _import_late(source, names, module)
    except BaseException as error:
        yield error
        return
    for statement in statements:
        shown = every_value or statement is statements[-1]
        try:
            exec(_compiled(statement, file, shown), names)
        except BaseException as error:
            yield error


def _compiled(statement, file, shown):
    if shown:
        return compile(ast.Interactive([statement]), file, "single")
    return compile(ast.Module([statement], []), file, "exec")


def _scope(scope, module):
    """The variables of a scope. The examples of a docstring see their module's names, and their package's."""
    if scope not in scopes:
        names = {"__name__": "__main__", "__builtins__": builtins}
        for name in filter(None, (_package(module), module)):
            names.update({key: value for key, value in vars(_imported(name)).items() if key[:2] != "__"})
        scopes[scope] = names
    return scopes[scope]


def _imported(name):
    if name in failed:
        raise failed[name].with_traceback(None)
    try:
        return importlib.import_module(name)
    except ImportError as error:
        failed[name] = error
        raise


def _package(module):
    return ".".join(module.split(".")[:2])


def _import_late(source, names, module):
    """Names that a docstring takes for granted, and that its package imports when they are first used."""
    if not module:
        return
    for name in _free_names(symtable.symtable(source, "<example>", "exec")) - names.keys() - vars(builtins).keys():
        if name == "np":
            names[name] = _imported("numpy")
        elif hasattr(_imported(_package(module)), name):
            names[name] = getattr(_imported(_package(module)), name)


def _free_names(table):
    """What code uses and doesn't itself define."""
    inner = [_free_names(child) for child in table.get_children()]
    used = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return used.union(*inner) - (defined if table.get_type() == "module" else set())


def _show_picture(value, show):
    for kind in ("html", "svg"):
        draw = getattr(type(value), f"_repr_{kind}_", None)
        if draw is not None:
            show(kind, draw(value))
            return


def _traceback(error):
    """The traceback as the reader's own interpreter would print it: it begins in the example."""
    frames = error.__traceback__
    while frames is not None and not frames.tb_frame.f_code.co_filename.startswith("<example"):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def missing(error):
    """The package for want of which an import failed, or ""."""
    if not isinstance(error, ImportError):
        return ""
    if error.name:
        name = error.name.partition(".")[0]
        return PACKAGES.get(name, name)
    said = re.search(r"needs? (\w[\w-]*)", str(error))  # ours say so in words, for they name the extra to install
    return said[1].lower() if said else ""
