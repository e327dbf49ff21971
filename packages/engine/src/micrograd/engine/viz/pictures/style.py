"""Fonts and colours of the pictures, light and dark.

Plain rules without CSS variables: programs that convert SVG know no more. Every pair of text and ground has a
contrast of at least 4.5 to 1, which a test computes.
"""

from __future__ import annotations

_SANS = 'ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace'

SHAPES: dict[str, str] = {
    "text": f"font:11px {_SANS}",
    ".label": f"font:600 11.5px {_MONO}",
    ".tag": "font-size:9px;letter-spacing:.04em",
    ".caption": "font-size:9.5px",
    ".number": f"font:11px {_MONO}",
    ".word": f"font:600 11.5px {_MONO}",
    ".sign": f"font:600 16px {_MONO}",
    ".place": f"font:8.5px {_MONO};stroke-width:3;paint-order:stroke",
    ".box": "stroke-width:1.1",
    ".parameter .box": "stroke-width:1.6",
    ".bar": "fill:none;stroke-width:2.5;stroke-linecap:round",
    ".rule": "fill:none;stroke-width:1",
    ".edge": "fill:none;stroke-width:1.35",
    ".head": "stroke:none",
}

LIGHT: dict[str, str] = {
    ".paper": "fill:#fafbfc",
    "text": "fill:#1c2430",
    ".caption,.tag,.place": "fill:#5a6472",
    ".interior .box": "fill:#ffffff;stroke:#aab4c2",
    ".parameter .box": "fill:#fff3dc;stroke:#b4690e",
    ".parameter .bar": "stroke:#b4690e",
    ".parameter .caption,.parameter .tag": "fill:#80500f",
    ".data .box": "fill:#e4f1fd;stroke:#2f74b5",
    ".data .caption,.data .tag": "fill:#2a5a87",
    ".place": "stroke:#fafbfc",
    ".rule": "stroke:#1c2430;stroke-opacity:.14",
    ".op .box": "fill:#39445a;stroke:#39445a",
    ".op text": "fill:#ffffff",
    ".edge": "stroke:#7b8799",
    ".head": "fill:#7b8799",
}

DARK: dict[str, str] = {
    ".paper": "fill:#14181f",
    "text": "fill:#e8ecf2",
    ".caption,.tag,.place": "fill:#9ba6b5",
    ".interior .box": "fill:#1f2630;stroke:#525e6e",
    ".parameter .box": "fill:#3a2a10;stroke:#d99a3c",
    ".parameter .bar": "stroke:#d99a3c",
    ".parameter .caption,.parameter .tag": "fill:#e2bd85",
    ".data .box": "fill:#12304a;stroke:#5da3e0",
    ".data .caption,.data .tag": "fill:#9cc4e8",
    ".place": "stroke:#14181f",
    ".rule": "stroke:#e8ecf2;stroke-opacity:.16",
    ".op .box": "fill:#c5cfdd;stroke:#c5cfdd",
    ".op text": "fill:#14181f",
    ".edge": "stroke:#76839a",
    ".head": "fill:#76839a",
}


def style_sheet(key: str) -> str:
    """The rules for the picture with the id `key`, and for no other element of the page.

    Example:
        >>> style_sheet("mg-1").splitlines()[0]
        '#mg-1 .edge{marker-end:url(#mg-1-arrow)}'
    """
    rules = [f"#{key} .edge{{marker-end:url(#{key}-arrow)}}", *_rules(key, SHAPES), *_rules(key, LIGHT)]
    return "\n".join([*rules, "@media (prefers-color-scheme:dark){", *_rules(key, DARK), "}"])


def _rules(key: str, declarations: dict[str, str]) -> list[str]:
    return [
        ",".join(f"#{key} {selector}" for selector in selectors.split(",")) + f"{{{declaration}}}"
        for selectors, declaration in declarations.items()
    ]
