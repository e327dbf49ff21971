"""Writes the pages and the pictures of the site that follow from code or from measurements.

python docs/generate                    # write them
python docs/generate --check            # say which are not what they would be, and exit with 1
python docs/generate --only pages       # leave out the pictures, which need matplotlib and a minute
python docs/generate --only screens     # pictures of pages, taken in a browser where a page has changed
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import derivatives
import graphs
import reference
import trainer
from timings import benchmarks

import exercises

ROOT = Path(__file__).parents[2]
CONFIG = Path("mkdocs.yml")


def pages() -> dict[Path, bytes]:
    """Every generated text, by its path below the root."""
    config = (ROOT / CONFIG).read_text("utf-8")
    texts = {
        **reference.pages(),
        **exercises.files(),
        **graphs.files(),
        **benchmarks.files(),
        **trainer.files(),
        derivatives.PAGE: derivatives.page(),
        CONFIG: reference.navigation(config),
    }
    return {path: text.encode() for path, text in texts.items()}


def pictures() -> dict[Path, bytes]:
    """Every generated picture, by its path below the root."""
    import moons

    return moons.pictures()


def same_text(old: bytes, new: bytes) -> bool:
    """Texts are the same to the byte."""
    return old == new


def same_picture(old: bytes, new: bytes) -> bool:
    """Pictures are the same to the eye."""
    import likeness

    return likeness.same_picture(old, new)


KINDS: dict[str, tuple[Callable[[], dict[Path, bytes]], Callable[[bytes, bytes], bool]]] = {
    "pages": (pages, same_text),
    "pictures": (pictures, same_picture),
}
SCREENS = "screens"


def outdated(kind: str, *, is_check: bool) -> dict[Path, bytes | None]:
    """What is to be written, and, as None, what is to be removed."""
    if kind == SCREENS:
        return outdated_screens(is_check=is_check)
    make, same = KINDS[kind]
    expected = make()
    changed = {path: new for path, new in expected.items() if not same(_old(path), new)}
    return {**changed, **(dict.fromkeys(_surplus(expected)) if kind == "pages" else {})}


def outdated_screens(*, is_check: bool) -> dict[Path, bytes | None]:
    """Pictures of pages. No browser is needed to tell which are out of date, so that a check takes none."""
    import screens

    stale = screens.outdated()
    if is_check:
        return dict.fromkeys(path for name in stale for path in screens.paths(name))
    return dict(screens.taken(stale))


def _old(path: Path) -> bytes:
    return (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""


def _surplus(expected: dict[Path, bytes]) -> list[Path]:
    """Pages of the reference whose module is gone."""
    pages = (path.relative_to(ROOT) for path in sorted((ROOT / reference.PAGES).rglob("*.md")))
    return [page for page in pages if page not in expected and page != reference.OVERVIEW]


def write(path: Path, content: bytes | None) -> None:
    """Bring one file up to date."""
    file = ROOT / path
    if content is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is out of date")
    parser.add_argument("--only", choices=[*KINDS, SCREENS], help="leave out the other kinds")
    options = parser.parse_args()
    kinds = [options.only] if options.only else [*KINDS, SCREENS]
    differing = {path: new for kind in kinds for path, new in outdated(kind, is_check=options.check).items()}
    for path, content in differing.items():
        if not options.check:
            write(path, content)
        print(f"{'differs' if options.check else 'removed' if content is None else 'wrote'}: {path.as_posix()}")
    if options.check and differing:
        print("The code has moved on. Run python docs/generate, and look at what it changes.")
    return int(options.check and bool(differing))


if __name__ == "__main__":
    raise SystemExit(main())
