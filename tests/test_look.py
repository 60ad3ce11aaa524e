"""What every page has: one small stylesheet, nothing inline, icons that exist, and a frame that says who to call."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from whitenoise.middleware import WhiteNoiseMiddleware

from requests_app import happened
from requests_app.categories import Category
from requests_app.views import asking
from samsam import joined_css
from samsam.templatetags import ui

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = {path.relative_to(ROOT / "templates").as_posix(): path for path in (ROOT / "templates").rglob("*.html")}
CODE = [path for path in ROOT.glob("*/**/*.py") if "tests" not in path.parts and ".venv" not in path.parts]
CSS_RAW, CSS_WIRE, FIRST_VISIT = 40_000, 14_000, 50_000  # bytes (design guide, and figure 5)


def static_text(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")


def on_the_wire(*texts: str) -> int:
    return sum(len(gzip.compress(text.encode())) for text in texts)


def icons() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', static_text("img/icons.svg")))


def show(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context)


class Errand(forms.Form):
    category = forms.ChoiceField(label="What?", choices=[("ride", "A lift"), ("pet", "Pet")], widget=forms.RadioSelect)
    when = forms.ChoiceField(label="When?", choices=[("any", "Any time\nWithin 7 days")], widget=forms.RadioSelect)
    text = forms.CharField(label="Tell us", help_text="1 sentence.", widget=forms.Textarea(attrs={"placeholder": "x"}))
    title = forms.CharField(label="Title", required=False)
    agreed = forms.BooleanField(label="Then it's settled", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_stylesheet_is_its_parts_one_after_the_other():
    parts = [static_text(f"css/{part}.css") for part in joined_css.PARTS]

    assert static_text("css/samsam.css") == "".join(parts)


def test_stylesheet_has_every_part():
    parts = {path.stem for path in (ROOT / "static" / "css").glob("*.css")} - {
        "admin",
        "charts",
        "paper",
    }  # stylesheets of their own

    assert parts == set(joined_css.PARTS)


def test_stylesheet_follows_a_changed_part(tmp_path, settings):
    settings.VAR = tmp_path
    (tmp_path / "joined" / "css").mkdir(parents=True)
    (tmp_path / "joined" / "css" / "samsam.css").write_text("of yesterday")

    found = finders.find("css/samsam.css")

    assert Path(found).read_text(encoding="utf-8") == joined_css.joined()
    assert finders.find("css/samsam.css", find_all=True) == [found]


def test_stylesheet_keeps_its_budget():
    css = static_text("css/samsam.css")

    assert len(css.encode()) <= CSS_RAW
    assert on_the_wire(css) <= CSS_WIRE


def test_script_is_small():
    assert len(static_text("js/samsam.js")) < 4_000


def test_first_visit_keeps_its_budget():
    files = ["css/samsam.css", "img/icons.svg", "img/mark.svg", "js/samsam.js", "django_htmx/htmx-2.min.js"]
    street = TEMPLATES["components/illustration.html"].read_text(encoding="utf-8")

    frame = render_to_string("404.html")

    # The rest of a page, without its frame, has 10 kB.
    assert on_the_wire(*map(static_text, files), frame, street) <= FIRST_VISIT - 10_000


# Mail has no stylesheet to point at: its style stands in it, in one place.
@pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - {"mail/letter.html"}))
def test_template_holds_nothing_inline(name):
    source = TEMPLATES[name].read_text(encoding="utf-8")

    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", source) == []


def test_icons_that_templates_name_exist():
    named = {icon for path in TEMPLATES.values() for icon in re.findall(r'{% icon "([\w-]+)"', path.read_text())}

    assert named - icons() == set()


def test_every_category_has_an_icon():
    assert set(Category.values) - icons() == set()


def test_every_line_of_the_timeline_has_an_icon_that_exists():
    assert set(happened.ICONS.values()) - icons() == set()


def test_icon_without_a_name_is_the_one_for_something_else():
    assert "#other" in show("{% icon name %}", name="")


def test_every_template_is_used():
    sources = [path.read_text(encoding="utf-8") for path in [*TEMPLATES.values(), *CODE]]
    named = {name for source in sources for name in re.findall(r"[\"']([\w/.-]+\.html)[#\"']", source)}
    steps = {f"requests_app/{step}.html" for step in asking.STEPS}
    errors = {name for name in TEMPLATES if re.fullmatch(r"\d{3}(_csrf)?\.html", name)}
    libraries = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    instead_of_theirs = {name for name in TEMPLATES if any((folder / name).exists() for folder in libraries)}

    assert set(TEMPLATES) - named - steps - errors - instead_of_theirs == set()


def test_field_has_its_label_hint_and_error_tied_to_it():
    form = Errand({"category": "ride", "when": "any"})

    html = show("{{ form.text.as_field_group }}", form=form)

    assert '<label class="label" for="id_text">Tell us</label>' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-required="true"' in html
    assert 'id="id_text_helptext">1 sentence.' in html
    assert 'id="id_text_error"' in html
    assert not re.search(r"\srequired|placeholder", html)


def test_choices_are_rows_with_the_question_above_them():
    html = show("{{ form.when.as_field_group }}", form=Errand())

    assert '<legend class="legend">When?</legend>' in html
    assert "<span><b>Any time</b>Within 7 days</span>" in html


def test_choices_of_which_one_is_explained_all_weigh_the_same():
    class Limit(forms.Form):
        often = forms.ChoiceField(
            choices=[("1", "Once a week"), ("2", "More\nNever twice a day")], widget=forms.RadioSelect
        )
        month = forms.ChoiceField(choices=[("2", "Two"), ("4", "Four")], widget=forms.RadioSelect)

    html = show("{{ form }}", form=Limit())

    assert re.findall(r"<b>(.*?)</b>", html) == ["Once a week", "More"]
    assert "<span>Two</span>" in html
    assert not re.search(r"\srequired", html)


def test_tiles_have_the_icon_of_their_choice():
    source = '{% include "components/field.html" with field=form.category look="tiles" heading=True %}'

    html = show(source, form=Errand())

    assert '<legend class="legend"><h1>What?</h1></legend>' in html
    assert re.findall(r'class="tile".*?svg#(\w+)', html) == ["ride", "pet"]


def test_form_shows_all_its_fields_and_which_may_be_left_empty(english):
    html = show("{{ form }}", form=Errand())

    assert [*dict.fromkeys(re.findall(r'name="(\w+)"', html))] == [
        "secret",
        "category",
        "when",
        "text",
        "title",
        "agreed",
    ]
    assert re.findall(r"(\w+) \(optional\)", html) == ["Title"]


def test_error_summary_leads_to_each_field():
    form = Errand({})
    form.is_valid()
    form.add_error(None, "Together it does not fit")

    html = show('{% include "components/error_summary.html" %}', form=form)

    assert re.findall(r'href="#(\w+)"', html) == ["id_category_0", "id_when_0", "id_text"]
    assert "Together it does not fit" in html
    assert 'role="alert"' in html


def test_error_that_any_field_may_have_names_its_field_in_the_summary(english):
    form = Errand({"category": "money", "when": "any"})
    form.is_valid()
    form.add_error("title", "Make your title shorter")

    html = show('{% include "components/error_summary.html" %}', form=form)

    assert "What? Please choose one of these</a>" in html
    assert "Tell us: please fill this in</a>" in html
    assert ">Make your title shorter</a>" in html  # its own words are enough


def test_form_without_errors_has_no_summary():
    assert "alert" not in show('{% include "components/error_summary.html" %}', form=Errand())


@pytest.mark.parametrize(
    ("said", "title", "more"),
    [
        ("Saved. We keep to it.", "Saved", "We keep to it."),
        ("Did it work? Ask again. Or not.", "Did it work?", "Ask again. Or not."),
        ("You help Riet. Thank you! The address is here.", "You help Riet", "Thank you! The address is here."),
        ("J. de Boer hears it at 9.00 uur. We look on.", "J. de Boer hears it at 9.00 uur", "We look on."),
        ("Anna J. Smit hears it", "Anna J. Smit hears it", ""),
        ("Saved.", "Saved.", ""),
        ("", "", ""),
    ],
)
def test_first_of_several_sentences_is_the_heading_of_a_message(said, title, more):
    heading = ui.first_sentence(said) if more else said
    assert (heading, ui.more_sentences(said)) == (title, more)


@pytest.mark.parametrize(
    ("typed", "shown"), [("17.00 uur", "17.00 uur."), ("Bel. ", "Bel."), ("Hi!", "Hi!"), ("", "")]
)
def test_words_of_others_end_as_a_sentence(typed, shown):
    assert ui.sentence(typed) == shown


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("new", "New"),
        ("group", "2 more people needed"),
        ("volunteers", "Waiting for a volunteer"),
        ("contact", "Marieke is helping to look"),
        ("found", "Someone found"),
        ("open", ""),
    ],
)
def test_card_says_its_state_in_words(english, state, expected):
    card = {
        "title": "Soep",
        "url": "/1/",
        "category": "ride",
        "state": state,
        "places_left": 2,
        "contact_name": "Marieke",
    }

    html = show('{% include "components/request_card.html" %}', card=card)

    tag = re.search(r'class="tag.*?</svg>(.*?)</span>', html)
    assert (tag.group(1) if tag else "") == expected


def test_visitors_card_has_no_link_and_no_state():
    card = {"title": "Groceries", "category": "groceries", "when": "In the morning", "length": "About 1 hour"}

    html = show('{% include "components/request_card.html" %}', card=card)

    assert "Groceries" in html
    assert "<a " not in html
    assert "tag" not in html


def test_timeline_says_what_is_done_now_and_next(english):
    steps = [{"state": state, "icon": "check", "title": state} for state in ("done", "now", "next", "last")]

    html = show('{% include "components/timeline.html" %}', steps=steps)

    assert re.findall(r'<span class="vh">(\w+):', html) == ["Done", "Now", "Next", "Finally"]
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize("path", ["/static/css/none.css", "/static/\0", "/static/css/\xff"])
def test_file_that_is_not_there_is_no_fault_while_developing(settings, path):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True

    assert WhiteNoiseMiddleware(lambda _request: None).find_file(path) is None
