"""A tape as straight-line Python on floats: what runs where there is no NumPy."""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine.jit.tape import CONSTANT, PARAMETER, Tape

_INFIX = {
    "add": "{0} + {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "mul": "{0} * {1}",
    "neg": "-{0}",
    "sub": "{0} - {1}",
    "where": "{1} if {0} else {2}",
}


def python_source(tape: Tape, outputs: list[int], name: str = "step") -> tuple[str, Any]:
    """The text of a function from parameters, arguments and seeds to the outputs; and that function."""
    names: dict[str, Any] = {"inf": math.inf, "nan": math.nan}
    texts: list[str] = []
    lines = [f"def {name}(w, x, g):"]
    for entry, op in enumerate(tape.ops):
        operands = tape.operands[entry]
        if op == CONSTANT:
            number = float(operands[0])
            texts.append(repr(number) if number >= 0.0 or number != number else f"({number!r})")
            continue
        if isinstance(op, str):
            texts.append(f"w[{operands[0]}]" if op == PARAMETER else f"{'xg'[operands[0]]}[{operands[1]}]")
            continue
        texts.append(f"v{entry}")
        given = [texts[j] for j in operands]
        line = _INFIX[op.name].format(*given) if op.name in _INFIX else _call(names, op, given, tape.params[entry])
        lines.append(f"    v{entry} = {line}")
    lines.append(f"    return ({''.join(texts[i] + ', ' for i in outputs)})")
    source = "\n".join(lines)
    exec(compile(source, "<micrograd.engine.jit: python>", "exec"), names)
    return source, names[name]


def _call(names: dict[str, Any], op: Any, operands: list[str], params: dict[str, Any] | None) -> str:
    names[op.name] = op.forward
    settings = []
    for key, setting in (params or {}).items():
        if isinstance(setting, (int, float, str, bool)) and (not isinstance(setting, float) or math.isfinite(setting)):
            settings.append(f"{key}={setting!r}")
        else:
            names[f"{key}_{len(names)}"] = setting
            settings.append(f"{key}={next(reversed(names))}")
    return f"{op.name}({', '.join([*operands, *settings])})"
