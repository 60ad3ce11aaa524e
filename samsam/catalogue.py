"""The Dutch catalogue: ids are the English screen texts, so English needs none. For developers; needs Babel.

``python -m samsam.catalogue update`` brings ``locale/nl/LC_MESSAGES/django.po`` up to date with code and templates,
``compile`` makes the ``.mo`` that is committed with it. Templates are read by Django's own ``templatize``, Python by
its own parser. No places and no clock in the files: they change when a text does.
"""

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (
    "samsam",
    "requests_app",
    "referrals",
    "volunteers",
    "villages",
    "moderation",
    "notifications",
    "accounts",
    "templates",
)
PO = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
Text = tuple[str | tuple[str, ...], str | None]  # a text, or singular and plural, and its context
BEGUN = datetime(2026, 11, 22, tzinfo=UTC)  # stands where Babel would write today
HEADER = "# SamSam in Dutch: see CONTRIBUTING.md, section Words."


def extracted(root: Path = ROOT) -> Catalog:
    """Every text in code and templates that is meant for people, as a catalogue without translations."""
    catalog = _catalog()
    for name in SOURCES:
        for path in sorted((root / name).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                for message, context in _messages(path):
                    catalog.add(message, context=context)
    return catalog


def stored(path: Path = PO) -> Catalog:
    """The catalogue as it stands in the repository."""
    if not path.exists():
        return _catalog()
    with path.open("rb") as file:
        return read_po(file, locale="nl")


def updated(old: Catalog, new: Catalog) -> Catalog:
    """The texts of ``new`` with the words of ``old``. Nothing is guessed, and what is gone is gone."""
    catalog = _catalog()
    for message in new:
        if message.id:
            known = old.get(message.id, message.context)
            catalog.add(message.id, known.string if known else "", context=message.context)
    return catalog


def as_po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=119, sort_output=True, no_location=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """What Django reads. A text that has no Dutch yet is left out, and shows in English."""
    finished = _catalog()
    for message in catalog:
        if message.id and is_translated(message):
            finished.add(message.id, message.string, context=message.context)
    file = io.BytesIO()
    write_mo(file, finished)
    return file.getvalue()


def is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _catalog() -> Catalog:
    team = "SamSam"
    return Catalog(
        "nl",
        project=team,
        version="1",
        header_comment=HEADER,
        msgid_bugs_address=team,
        last_translator=team,
        language_team=team,
        creation_date=BEGUN,
        revision_date=BEGUN,
        fuzzy=False,
    )


def _messages(path: Path) -> Iterator[Text]:
    """Each text of one file with its context; a plural text is a pair."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _in_python(source)
        return
    # In brackets, so that Python's reader does not stumble over the indentation of a page.
    page = io.BytesIO(f"({templatize(source, str(path))})".encode())
    for _line, message, _comments, context in extract("python", page, keywords=KEYWORDS):
        yield message, context


def _in_python(source: str) -> Iterator[Text]:
    """By Python's own parser, which also looks inside f-strings, in every version of Python."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name not in KEYWORDS or not words:
            continue
        context = words.pop(0) if "pgettext" in name else None
        yield tuple(words[:2]) if "ngettext" in name or "npgettext" in name else words[0], context


def main(word: str) -> None:
    if word == "update":
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(as_po(updated(stored(), extracted())))
    elif word == "compile":
        PO.with_suffix(".mo").write_bytes(as_mo(stored()))
    else:
        sys.exit("Say update or compile.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
