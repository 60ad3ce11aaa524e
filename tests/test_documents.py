"""What the documents point to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_points_to_files_that_are_there(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_decision_stands_in_the_list():
    notes = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}

    assert set(re.findall(r"\((0\d+[\w-]+\.md)\)", (ROOT / "docs" / "adr" / "README.md").read_text())) == notes
