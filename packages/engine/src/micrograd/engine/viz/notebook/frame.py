"""The frame of a card, and its parts: facts, a scrolling body, advice."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_SANS = 'ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace'

_RULES = {
    "": f"font:13px/1.45 {_SANS};max-width:100%;box-sizing:border-box;padding:10px 14px;border-radius:10px;"
    "border:1px solid #d5dbe3;background:#fafbfc;color:#1c2430",
    " .facts": "display:flex;flex-wrap:wrap;gap:2px 18px;align-items:baseline;margin:0",
    " .facts b": f"font:600 14px {_MONO}",
    " .facts span,td,th,pre,code,summary": f"font-family:{_MONO};font-size:12.5px",
    " i": "font-style:normal;color:#5a6472;margin-right:6px",
    " .body": "overflow:auto;max-height:520px;margin:10px 0 0",
    " .body svg": "max-width:none!important",
    " pre": "margin:0;background:none;color:inherit;line-height:1.5;white-space:pre",
    " p.advice": "margin:8px 0 0;color:#5a6472;font-size:12px",
    " table": "border-collapse:collapse;margin:0;color:inherit",
    " td,th": "padding:2px 16px 2px 0;text-align:right;border:0;background:none;color:inherit;white-space:nowrap",
    " td:first-child,th:first-child": "text-align:left",
    " th": "font-weight:400;color:#5a6472;border-bottom:1px solid #d5dbe3",
    " summary": "cursor:pointer",
    " .op": "color:#8a3ffc",
    " .name": "color:#1f5f99",
    " .faint": "color:#5a6472",
}
_DARK = {
    "": "border-color:#39424f;background:#14181f;color:#e8ecf2",
    " i,p.advice,th,.faint": "color:#9ba6b5",
    " th": "border-color:#39424f",
    " .op": "color:#c9a5ff",
    " .name": "color:#8fc1ee",
}


def card(facts: Iterable[str], body: str = "", advice: str = "") -> str:
    """A card of HTML.

    Args:
        facts: What stands in the first line, as HTML: see `title` and `fact`.
        body: HTML that scrolls if it is large.
        advice: HTML of a last line.

    Example:
        >>> card([title("x", "Value"), fact("data", "3.0")]).endswith("</div>")
        True
    """
    parts = [f"<style>{_STYLE}</style>", f'<div class="facts">{"".join(facts)}</div>']
    parts += [f'<div class="body">{body}</div>'] if body else []
    parts += [f'<p class="advice">{advice}</p>'] if advice else []
    return f'<div class="micrograd-card">{"".join(parts)}</div>'


def title(name: str, kind: str) -> str:
    """The name of a thing, if it has one, and its kind.

    Example:
        >>> title("<w>", "Value")
        '<b>&lt;w&gt;</b><span><i>Value</i></span>'
    """
    return f"<b>{escape(name)}</b><span><i>{escape(kind)}</i></span>" if name else f"<b>{escape(kind)}</b>"


def fact(caption: str, text: str) -> str:
    """A caption and what it is of.

    Example:
        >>> fact("data", "3.0")
        '<span><i>data</i>3.0</span>'
    """
    return f"<span><i>{escape(caption)}</i>{escape(text)}</span>"


def code(text: str) -> str:
    """Code within a sentence."""
    return f"<code>{escape(text)}</code>"


def _sheet(rules: dict[str, str]) -> str:
    return "".join(
        ",".join(f".micrograd-card{' ' * (place > 0)}{part}" for place, part in enumerate(selectors.split(",")))
        + f"{{{declaration}}}"
        for selectors, declaration in rules.items()
    )


_STYLE = f"{_sheet(_RULES)}@media (prefers-color-scheme:dark){{{_sheet(_DARK)}}}"
