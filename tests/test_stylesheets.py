"""Our stylesheets know start and end, not left and right: they turn round by themselves where people read so."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parent.parent / "static" / "css"
# For browsers too old for layers, and with that for logical properties; and what stands around Django's own admin.
NOT_OURS = {"fallback", "admin"}
SIDES = "left|right|top|bottom"
PHYSICAL = re.compile(
    rf"""(?<![\w-])(
        (margin|padding|border|scroll-margin|scroll-padding)-({SIDES})(-\w+)* \s*:
      | ({SIDES}) \s*:
      | (min-|max-)?(width|height) \s*:
      | border-(top|bottom)-(left|right)-radius \s*:
      | (text-align|float|clear) \s*:\s* (left|right)\b
      | overflow-[xy] \s*:
    )""",
    re.VERBOSE,
)
STYLESHEETS = sorted(path for path in CSS.glob("*.css") if path.stem not in NOT_OURS)


def physical(css: str) -> list[str]:
    """Properties that name a side of the screen; a question about the screen (``@media``) may."""
    without = re.sub(r"/\*.*?\*/|@(media|container|supports)[^{]*", "", css, flags=re.DOTALL)
    return [found.group().strip() for found in PHYSICAL.finditer(without)]


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: path.stem)
def test_stylesheet_names_no_side_of_the_screen(path):
    assert physical(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-left: 1rem }",
        "a{padding-right:0}",
        "a { border-left: 1px solid }",
        "a { left: 0 }",
        "a { text-align: right }",
        "a { float: left }",
        "a { width: 10px }",
        "a { max-height: 10px }",
        "@media (min-width: 36rem) { a { right: 0 } }",
        "a { border-top-left-radius: 4px }",
        "a { overflow-x: auto }",
    ],
)
def test_side_is_seen(css):
    assert len(physical(css)) == 1


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-inline-start: 1rem; inset-inline: 0; inline-size: 1rem }",
        "a { text-align: start; border-inline-start: 1px solid; stroke-width: 2 }",
        "@media (min-width: 36rem) and (max-height: 34rem) { a { color: red } }",
        "/* left: 0 */ a { background-position: left; line-height: 1 }",
    ],
)
def test_start_and_end_are_fine(css):
    assert physical(css) == []
