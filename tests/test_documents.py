"""What the documents point to is there: files, words for make, commands, processes, modules."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from samsam.__main__ import WORDS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def found(pattern: str, document: Path) -> set[str]:
    return set(re.findall(pattern, document.read_text(encoding="utf-8"), re.MULTILINE))


@every_document
def test_links_lead_to_files(document):
    links = found(r"\]\((?!https?:)([^)#]+)", document)

    assert {link for link in links if not (document.parent / link).exists()} == set()


@every_document
def test_paths_lead_to_files(document):
    paths = found(r"`((?:[\w.-]+/)+[\w.-]*)`", document)
    ours = {path for path in paths if (ROOT / path.split("/")[0]).exists() and not path.startswith("var/")}

    assert {path for path in ours if not (ROOT / path).exists()} == set()


@every_document
def test_words_for_make_are_in_the_makefile(document):
    words = found(r"(?:`|^)make ([a-z]+)", document)

    assert words <= set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@every_document
def test_commands_are_there(document):
    assert found(r"manage\.py ([a-z_]+)", document) <= set(get_commands())
    assert found(r"python -m samsam ([a-z]+)", document) <= set(WORDS)


def test_every_decision_stands_in_the_list():
    notes = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}

    assert found(r"\((0\d+[\w-]+\.md)\)", ROOT / "docs" / "adr" / "README.md") == notes


def test_every_row_of_what_happens_when_has_its_test():
    table = (ROOT / "docs" / "ladder.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `(test_\w+)` \|$", table, re.MULTILINE)
    stories = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", stories, re.MULTILINE))

    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| when")]
    assert len(named) == len(rows) > 15
    assert set(named) - there == set()
