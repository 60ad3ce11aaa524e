"""What a person with other eyes, hands or screens meets on each page: axe, the width, the keyboard, the console."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from bench.chromium import chromium, path, visit
from bench.figure import Figure, at_least, dosed, exactly
from bench.pages import Page, pages

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The first is a screen of 1280 by 1024 at 400 %.
SCREENS = ((320, 256), (390, 844), (1280, 844))
WAYS = [
    {"width": width, "height": height, "dark": dark, "letters": letters}
    for (width, height), dark, letters in product(SCREENS, (False, True), ("", "xlarge"))
]
MOST_TABS = 400
BROWSERS = 2  # side by side, of this many processors
# Where the focus is: hidden behind the fixed menu, outside the screen, or without a ring.
FOCUS = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect(), style = getComputedStyle(it), name = it.outerHTML.slice(0, 90);
  const ring = (it.closest('label') || it), around = getComputedStyle(ring);
  const next = it.nextElementSibling ? getComputedStyle(it.nextElementSibling) : style;
  const after = getComputedStyle(it, '::after');
  const marked = [style, around, next, after].some(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none');
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const nav = document.querySelector('.nav');
  const under = !!(nav && top && nav.contains(top) && !nav.contains(it));
  return {name, marked, under, id: Array.from(document.querySelectorAll('*')).indexOf(it)};
}"""
REACHABLE = """() => {
  const radios = name => `input[type=radio][name="${name}"]`;
  const one = name => document.querySelector(radios(name) + ':checked') || document.querySelector(radios(name));
  return Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary'))
    .filter(it => !it.disabled && it.type !== 'hidden' && it.tabIndex >= 0 && it.checkVisibility())
    .filter(it => it.type !== 'radio' || it === one(it.name))
    .map(it => Array.from(document.querySelectorAll('*')).indexOf(it));
}"""
# Names, numbers and tokens differ and break no rule: such a page is looked at once.
ONE_OF_MANY = re.compile(r"\d+|[\w-]{64}|data-who=\S+")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def looks() -> Iterator[Figure]:
    """Every page in every way of looking; a taste takes one way of a few pages."""
    if not path():
        print(
            "There is no Chromium here, so the pages are not looked at. On Debian: apt install chromium.",
            file=sys.stderr,
        )
        return
    found = [page for page in pages() if page.whole]
    found = found[:: max(1, len(found) // dosed(len(found), least=3))]
    ways = WAYS[: dosed(len(WAYS), least=1)]
    seen: set[str] = set()
    with ThreadPoolExecutor(BROWSERS) as beside:
        rows = list(beside.map(lambda nth: _look_at(found[nth::BROWSERS], ways, seen), range(BROWSERS)))
    looked, tabs, faults = (sum(column) for column in zip(*rows, strict=True))
    yield at_least(1, "looks: different pages", len(seen), "pages")
    yield at_least(1, "looks: pages in their ways", looked, "pages")
    yield at_least(1, "looks: stops of the keyboard", tabs, "stops")
    yield exactly(0, "looks: what axe, the width, the keyboard or the console said", faults, "complaints")


def _look_at(found: list[Page], ways: list[dict[str, Any]], seen: set[str]) -> tuple[int, int, int]:
    """In a browser of its own: pages in their ways, stops of the keyboard, complaints. ``seen`` is everybody's."""
    looked, tabs, faults = 0, 0, 0
    with chromium() as browser:
        for page in found:
            said: list[str] = []
            tab = _open(browser, page, said)
            if (html := ONE_OF_MANY.sub("", tab.content())) not in seen:
                seen.add(html)
                looked += len(ways)
                pressed, wrong = _walk(tab)
                tabs += pressed
                said += [f"with the keyboard: {fault}" for fault in wrong]
                said += [f"{way}: {fault}" for way in ways for fault in _look(tab, way)]
            tab.context.close()
            faults += len(said)
            for fault in said:
                print(f"{page}, {fault}", file=sys.stderr)
    return looked, tabs, faults


def _look(tab: Tab, way: dict[str, Any]) -> list[str]:
    tab.set_viewport_size({"width": way["width"], "height": way["height"]})
    tab.emulate_media(color_scheme="dark" if way["dark"] else "light")
    tab.evaluate("document.activeElement.blur()")
    tab.evaluate("letters => { document.documentElement.dataset.text = letters; }", way["letters"])
    violations = Axe().run(tab, options=RULES).response["violations"]
    said = [f"{violation['id']} at {node['target']}" for violation in violations for node in violation["nodes"]]
    if (wide := tab.evaluate(SIDEWAYS)) > 0:
        said.append(f"{wide} px wider than the screen")
    return said


def _walk(tab: Tab) -> tuple[int, list[str]]:
    """From the top with Tab until it comes round: every control is met, visible, and marked."""
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.evaluate(
        "() => { delete document.documentElement.dataset.text; document.activeElement.blur(); scrollTo(0, 0); }"
    )
    wanted, met, said = set(tab.evaluate(REACHABLE)), [], []
    for _ in range(MOST_TABS):
        tab.keyboard.press("Tab")
        here = tab.evaluate(FOCUS)
        if here is None:  # past the last control, before the first
            continue
        if here["id"] in met:
            break
        met.append(here["id"])
        said += [f"no ring on {here['name']}"] if not here["marked"] else []
        said += [f"under the menu: {here['name']}"] if here["under"] else []
    said += [f"not reached: {len(wanted - set(met))} controls"] if wanted - set(met) else []
    return len(met), said


def _open(browser: Browser, page: Page, said: list[str]) -> Tab:
    tab = visit(browser, page).new_page()
    expected = "404" if "is-er-niet" in page.path else "422" if page.empty_form else "no status"
    tab.on("console", lambda line: said.append(f"console: {line.text}") if expected not in line.text else None)
    tab.on("pageerror", lambda error: said.append(f"script: {error}"))
    tab.goto(page.path)
    if page.empty_form:
        with tab.expect_navigation():
            tab.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('main form[method=post]'))")
    return tab
