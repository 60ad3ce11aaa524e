"""The Dutch catalogue: complete, up to date, compiled, and in the voice of the copy guide."""

import re
from statistics import mean

import pytest
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import translation

from samsam import catalogue
from samsam.library_words import IN_ADMIN, IN_LOGIN
from tests.copy_rules import AVERAGE_SENTENCE, SHORTEST_COUNTED, faults, sentences

STORED = [message for message in catalogue.stored() if message.id]
UPDATE = "Run `make messages`, fill in the Dutch, run `make compile`."

# Texts that only staff read, in Django admin, and library texts: id to the reason why a rule does not hold.
EXCEPT: dict[str, str] = {
    "Accounts": "the name of the app in admin; the Dutch says it in other words",
}


def forms(text):
    """A text as its forms: one, or singular and plural."""
    return list(text) if isinstance(text, (tuple, list)) else [text]


def ids(catalog):
    return {(message.context, *forms(message.id)) for message in catalog if message.id}


def dutch_texts():
    return [(forms(message.id)[0], form) for message in STORED for form in forms(message.string)]


def english_texts():
    return [(forms(message.id)[0], form) for message in STORED for form in forms(message.id)]


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)[a-z]|\{\w*\}|%[a-z]", text))


def test_catalogue_holds_the_texts_of_code_and_templates_and_no_others():
    now, kept = ids(catalogue.extracted()), ids(STORED)

    assert sorted(map(str, now - kept)) == [], f"texts that are missing. {UPDATE}"
    assert sorted(map(str, kept - now)) == [], f"texts that are gone. {UPDATE}"


def test_catalogue_has_dutch_for_every_text():
    assert [message.id for message in STORED if not catalogue.is_translated(message)] == [], UPDATE


def test_catalogue_holds_no_guesses():
    assert [message.id for message in STORED if message.fuzzy] == []


def test_catalogue_is_written_as_the_update_writes_it():
    assert catalogue.PO.read_bytes() == catalogue.as_po(catalogue.updated(catalogue.stored(), catalogue.extracted()))


def test_catalogue_is_compiled():
    assert catalogue.PO.with_suffix(".mo").read_bytes() == catalogue.as_mo(catalogue.stored()), "Run `make compile`."


def test_translations_have_the_placeholders_of_their_ids():
    pairs = [pair for message in STORED for pair in zip(forms(message.id), forms(message.string), strict=True)]

    assert [(id_, text) for id_, text in pairs if placeholders(id_) != placeholders(text)] == []


def test_dutch_texts_keep_the_rules_of_the_copy_guide():
    broken = {text: found for id_, text in dutch_texts() if (found := faults(text, dutch=True)) and id_ not in EXCEPT}

    assert broken == {}


def test_english_texts_keep_the_rules_of_the_copy_guide():
    broken = {
        text: found for id_, text in english_texts() if (found := faults(text, dutch=False)) and id_ not in EXCEPT
    }

    assert broken == {}


def test_every_exception_to_the_rules_is_still_needed():
    needed = {id_ for id_, text in dutch_texts() if faults(text, dutch=True)}
    needed |= {id_ for id_, text in english_texts() if faults(text, dutch=False)}

    assert set(EXCEPT) - needed == set()


@pytest.mark.parametrize("texts", [dutch_texts, english_texts])
def test_sentences_are_short_on_average(texts):
    lengths = [len(words) for _, text in texts() for words in sentences(text) if len(words) >= SHORTEST_COUNTED]

    assert mean(lengths) <= AVERAGE_SENTENCE


# The copy guide's own list, sections 1 and 2, word by word as it stands there; a line is a line of its table.
NEVER = """
eenzaam, eenzaamheid, isolement
kwetsbaar, hulpbehoevend, zwak, zielig
cliënt, klant, patiënt, zorgvrager, doelgroep
hulpbehoefte, zorgvraag, problematiek, casus
mantelzorger, ouderen, bejaard, senior, 65-plus
zelfredzaam, participatie, burgerkracht, inzet
verplicht, je moet, moeten, verwachten
match, matchen, aanbod, hulpaanbieder
gratis hulp, dankbaar zijn
no-show, niet nagekomen
signaleren, melding van zorg
gebruiker, account, dashboard, profielscore
autochtoon, allochtoon, nationaliteit
binnenkort, zo snel mogelijk, helaas, u dient, u, uw
m.b.t., o.a., incl., evt., d.m.v., enz., tel.
hij, zij, haar, met zijn
rekent op je, 19:00 uur, €7, 😀
"""


@pytest.mark.parametrize("word", [word for line in NEVER.split("\n") for word in line.split(", ") if word])
@pytest.mark.parametrize("sentence", ["Dit is {} vandaag", "{} staat vooraan", "Aan het eind staat {}"])
def test_every_word_of_the_copy_guide_that_we_never_use_is_seen(word, sentence):
    assert faults(sentence.format(word.capitalize() if sentence[0] == "{" else word), dutch=True) != []


@pytest.mark.parametrize(
    "word", ["OK", "Verzenden", "Submit", "Klik hier", "Akkoord", "Annuleren", "annuleren.", "Click here"]
)
def test_every_button_of_the_copy_guide_that_says_nothing_is_seen(word):
    assert "button that says nothing" in faults(word, dutch=True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Voor eenzame ouderen", "forbidden"),
        ("Log in op je account", "forbidden"),
        ("Je moet een dag kiezen", "forbidden"),
        ("Kies een dag, bijv. donderdag", "shortened"),
        ("Je hoort binnenkort van ons", "vague"),
        ("Dat kan helaas niet", "vague"),
        ("Vul uw naam in", "formal"),
        ("Riet zegt dat zij graag komt", "he or she"),
        ("Joris neemt de hond van zijn buur mee", "he or she"),
        ("Je vraag staat nu op het prikbord!", "exclamation mark"),
        ("Annuleren", "button"),
        (" ".join(["woord"] * 21), "long sentence"),
    ],
)
def test_dutch_rule_is_seen_when_broken(text, rule):
    assert faults(text, dutch=True)[0].startswith(rule)


@pytest.mark.parametrize(
    "text",
    [
        "Choose a day, e.g. Thursday",
        "You must choose a day",
        "Riet says she would like that",
        "Go to your account",
        "Your request is on the board!",
        "Click here",
    ],
)
def test_english_rule_is_seen_when_broken(text):
    assert len(faults(text, dutch=False)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Niets moet. Er zijn nu geen vragen.",
        "Vertel kort wat er moet gebeuren",
        "Donderdag om 19.00 uur, in het dorpshuis",
        "Bedankt voor je hulp!",
        "Bijvoorbeeld 12-3-2026, of € 7. Een minuut of 20 is genoeg.",
        "J. de Boer komt om 9.00 uur. Het telt niet mee.",
        "%(name)s komt donderdag. Bel gerust.",
    ],
)
def test_good_dutch_passes(text):
    assert faults(text, dutch=True) == []


def test_missing_dutch_shows_in_english_and_is_not_compiled():
    catalog = catalogue.stored()
    catalog.add("Not in Dutch yet", "")
    catalog.add(("one", "more"), ("", ""))

    compiled = catalogue.as_mo(catalog)

    assert b"Not in Dutch yet" not in compiled
    assert b"one\0more" not in compiled


def test_extraction_reads_templates_and_code(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        """
        {% translate "Plain" %} {{ _("In braces") }} {{ x|default:_("In a filter") }}
          {% translate "new" context "messages" %}
      {% blocktranslate trimmed count n=places %}
        {{ n }} place
      {% plural %}
        {{ n }} places
      {% endblocktranslate %}
        {% comment %}{% translate "Not shown" %}{% endcomment %}
        """
    )
    (tmp_path / "samsam").mkdir()
    (tmp_path / "samsam" / "code.py").write_text(
        '_("Code")\npgettext("month", "May")\nngettext_lazy("one", "%(n)s more", "n")\nnpgettext("x", "a", "b", 2)\n'
        "words = f\"{_('In an f-string')} {name}\"\ntranslation.gettext('By module ' 'and in two')\n_(not_a_text)\n"
    )

    found = ids(catalogue.extracted(tmp_path))

    assert found == {
        (None, "Plain"),
        (None, "In braces"),
        (None, "In a filter"),
        ("messages", "new"),
        (None, "%(n)s place", "%(n)s places"),
        (None, "Code"),
        (None, "In an f-string"),
        (None, "By module and in two"),
        ("month", "May"),
        (None, "one", "%(n)s more"),
        ("x", "a", "b"),
    }


def test_update_keeps_what_is_translated_and_drops_what_is_gone():
    old = catalogue.stored()
    old.add("Gone", "Weg")
    new = catalogue.extracted()
    new.add("Just written")

    merged = catalogue.updated(old, new)

    assert merged.get("Gone") is None
    assert merged.get("Just written").string == ""
    assert merged.get("Notice board").string == "Prikbord"


@pytest.mark.parametrize(("language", "words"), [("nl", "Prikbord"), ("en", "Notice board")])
def test_django_speaks_the_language_of_the_reader(language, words):
    with translation.override(language):
        assert translation.gettext("Notice board") == words


def test_texts_of_libraries_are_said_in_our_words():
    with translation.override("nl"):
        theirs = [text for text in IN_ADMIN if translation.gettext(text) in {text, "Weet u het zeker?"}]

    assert theirs == []


def test_wrong_code_and_a_sign_that_cannot_be_kept_say_what_to_do():
    with translation.override("nl"):
        code, sign = translation.gettext(IN_LOGIN[0]), str(ProhibitNullCharactersValidator().message)

    assert code == "Deze code klopt niet. Typ de nieuwste code over."
    assert sign == "In je tekst staat een teken dat we niet kunnen bewaren. Typ het nog een keer"


def test_words_of_make_write_the_catalogue_and_what_runs_of_it(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "PO", tmp_path / "nl" / "django.po")

    catalogue.main("update")
    catalogue.main("compile")

    assert ids(catalogue.stored(catalogue.PO)) == ids(STORED)
    assert catalogue.PO.with_suffix(".mo").read_bytes() == catalogue.as_mo(catalogue.stored(catalogue.PO))


def test_word_that_is_not_known_is_said():
    with pytest.raises(SystemExit, match=r"Say update or compile\."):
        catalogue.main("")
