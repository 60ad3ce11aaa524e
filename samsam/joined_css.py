"""The one stylesheet of a page: the files of ``static/css/``, one after the other, without a tool."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, overload

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/samsam.css"

# The cascade's layers are declared in ``tokens``, so it is always first; ``fallback`` has no layer and is last.
PARTS = (
    "tokens",
    "fonts",
    "base",
    "layout",
    "button",
    "card",
    "tag",
    "form",
    "summary",
    "timeline",
    "chat",
    "calendar",
    "hero",
    "utilities",
    "print",
    "fallback",
)


def joined() -> str:
    """The whole stylesheet, as the parts on disk make it now."""
    folder = Path(settings.STATICFILES_DIRS[0]) / "css"
    return "".join((folder / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)


class JoinedCss(BaseFinder):
    """Offers ``css/samsam.css`` as if it were a file: to ``collectstatic``, and to WhiteNoise while developing."""

    @overload
    def find(self, path: str, find_all: Literal[False] = ...) -> str | None: ...

    @overload
    def find(self, path: str, find_all: Literal[True]) -> list[str]: ...

    def find(self, path: str, find_all: bool = False) -> str | list[str] | None:  # noqa: FBT001, FBT002 (as Django's)
        found = [str(_write() / NAME)] if path == NAME else []
        # Nothing is an empty list, as Django's own finders say it: anything else counts as a match.
        return found if find_all or not found else found[0]

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        yield NAME, FileSystemStorage(location=_write())


def _write() -> Path:
    """Bring the joined file up to date; answers the folder it is in. Several processes may do this at once."""
    folder: Path = settings.VAR / "joined"
    target = folder / NAME
    content = joined()
    if not target.exists() or target.read_text(encoding="utf-8") != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as draft:
            draft.write(content)
        Path(draft.name).chmod(0o644)  # a temporary file is private; this one is for the web server
        Path(draft.name).replace(target)
    return folder
