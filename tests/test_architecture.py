"""Rules of the code that no linter knows. Who may import whom is in pyproject.toml (import-linter)."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("requests_app", "referrals", "volunteers", "villages", "moderation", "notifications", "accounts")
MODULE_LINES, TEMPLATE_LINES, FUNCTION_LINES = 300, 150, 60
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "services", "service", "managers", "manager", "misc", "common"}
# Time and choice, worked out without Django: plain values in, an explained list out.
PURE = {
    "moderation.checks",
    "requests_app.wordings",
    "requests_app.ladder",
    "requests_app.rungs",
    "requests_app.choosing",
    "requests_app.states",
    "requests_app.fitting",
    "requests_app.sensible",
    "requests_app.days",
    *(f"requests_app.lab.{name}" for name in ("worlds", "people", "picking", "measures", "simulation")),
    "requests_app.figures.months",
    "requests_app.figures.rates",
    "requests_app.figures.suppression",
    "requests_app.figures.subtracting",
    "requests_app.demands",
    "villages.daylight",
    "accounts.saying",
    "accounts.quiet",
}
PURE_MAY_IMPORT = {"holidays"}  # a table of days: no clock, no database
DOORS = {"admin", "apps", "celery", "forms", "management", "models", "tasks", "templatetags", "urls", "views"}
HTTP = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.contrib.messages", "django_htmx")
DOMAIN = ("models", "lifecycle", "transitions", "escalation", "notices", "outbox", "ladder", "choosing")


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


PATHS = {
    dotted(path): path
    for name in (*APPS, "samsam")
    for path in sorted((ROOT / name).rglob("*.py"))
    if "migrations" not in path.parts
}
MODULES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in PATHS.items()}
TEMPLATES = {str(path.relative_to(ROOT / "templates")): path for path in (ROOT / "templates").rglob("*.html")}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def app_of(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def imports(tree: ast.AST) -> set[str]:
    """Every module named in an import, also inside functions: of ``from a import b`` both ``a`` and ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imports_from(name: str, *packages: str) -> set[str]:
    """What this module imports from these packages."""
    return {
        found
        for found in imports(MODULES[name])
        if any(found == package or found.startswith(f"{package}.") for package in packages)
    }


def writes_status(node: ast.AST) -> bool:
    """Of a request: an event is written once, with the status it led to."""
    match node:
        case ast.Call(func=func) if ast.unparse(func).startswith("Event."):
            return False
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
        case ast.Call(func=ast.Attribute(attr="update" | "create" | "get_or_create"), keywords=keywords):
            return any(keyword.arg == "status" for keyword in keywords)
        case ast.Call(func=ast.Name(id="HelpRequest"), keywords=keywords):
            return any(keyword.arg == "status" for keyword in keywords)
    return False


def postpones(node: ast.AST) -> bool:
    """A promise left with the broker: ``eta`` or ``countdown`` as argument or key."""
    match node:
        case ast.keyword(arg="eta" | "countdown"):
            return True
        case ast.Dict(keys=keys):
            return any(isinstance(key, ast.Constant) and key.value in {"eta", "countdown"} for key in keys)
    return False


def public_definitions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, FUNCTIONS | ast.ClassDef) and not node.name.startswith("_")]


def test_only_the_transitions_write_the_status_of_a_request():
    writers = {name for name, tree in MODULES.items() if any(map(writes_status, ast.walk(tree)))}

    assert writers == {"requests_app.transitions"}


def test_only_doors_of_celery_know_celery():
    know = {name for name in MODULES if imports_from(name, "celery", "kombu")}
    doors = {name for name in know if name.endswith(".tasks")}

    assert know - doors - {"samsam.celery", "notifications.doorbell"} == set()


@pytest.mark.parametrize("name", sorted(PURE & MODULES.keys()))
def test_pure_module_imports_the_standard_library_only(name):
    allowed = PURE | PURE_MAY_IMPORT
    foreign = {found for found in imports(MODULES[name]) if app_of(found) not in sys.stdlib_module_names}

    assert {found for found in foreign if not any(f"{found}.".startswith(f"{it}.") for it in allowed)} == set()


def test_nobody_imports_the_package_that_assembles():
    importers = {name: imports_from(name, "samsam") for name in MODULES if app_of(name) in APPS}

    assert {name: found for name, found in importers.items() if found} == {}


def test_no_app_uses_the_doors_of_another():
    wrong = {
        (name, found)
        for name in MODULES
        if app_of(name) in APPS
        for found in imports_from(name, *APPS)
        if app_of(found) != app_of(name) and {"views", "forms", "urls", "tasks"} & set(found.split("."))
    }

    assert wrong == set()


def test_verbs_and_models_know_no_http():
    inner = [name for name in MODULES if app_of(name) in APPS and set(name.split(".")) & set(DOMAIN)]
    # "app ready": models may ask for their own address, at the moment they are asked.
    found = {name: imports_from(name, *HTTP) - {"django.urls", "django.urls.reverse"} for name in inner}

    assert {name: https for name, https in found.items() if https} == {}


def test_only_notifications_sends_mail():
    senders = {name for name in MODULES if imports_from(name, "django.core.mail", "smtplib")}

    assert {app_of(name) for name in senders} - {"notifications"} == set()


def test_no_promise_is_left_with_the_broker():
    assert {name for name, tree in MODULES.items() if any(map(postpones, ast.walk(tree)))} == set()


def test_apps_do_not_talk_by_signals():
    users = {name for name in MODULES if imports_from(name, "django.dispatch", "django.db.models.signals")}

    assert users == set()


def test_modules_are_small():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in PATHS.items()}

    assert {name: lines for name, lines in lengths.items() if lines >= MODULE_LINES} == {}


def test_templates_are_small():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in TEMPLATES.items()}

    assert {name: lines for name, lines in lengths.items() if lines >= TEMPLATE_LINES} == {}


def test_functions_can_be_seen_at_once():
    lengths = {
        f"{name}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    }

    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert {name for name in MODULES if VAGUE_NAMES & set(name.split("."))} == set()


def test_verbs_say_what_they_promise():
    silent = {
        f"{name}.{node.name}"
        for name, tree in MODULES.items()
        if app_of(name) in APPS and not DOORS & set(name.split("."))
        for node in public_definitions(tree)
        if not ast.get_docstring(node)
    }

    assert silent == set()


def test_import_inside_a_function_gives_its_reason():
    bare = {
        f"{name}:{inner.lineno}"
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
        and "#" not in PATHS[name].read_text(encoding="utf-8").splitlines()[inner.lineno - 1]
    }

    assert bare == set()


@pytest.mark.parametrize(
    "code",
    [
        "help_request.status = Status.OPEN",
        "HelpRequest.objects.filter(pk=1).update(status='open')",
        "village.requests.create(status='open')",
        "HelpRequest(status='open')",
    ],
)
def test_writing_a_status_is_seen(code):
    assert any(map(writes_status, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code", ["task.apply_async(countdown=5)", "send('x', eta=moment)", "options = {'eta': moment}"]
)
def test_postponing_is_seen(code):
    assert any(map(postpones, ast.walk(ast.parse(code))))
