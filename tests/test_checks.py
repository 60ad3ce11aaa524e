"""The gentle check of texts: what it sees, what it leaves alone, and that it never fails or takes long."""

import time
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import checks
from moderation.checks import Sort
from tests.copy_rules import faults

DATA = Path(__file__).parent / "data"
ORDINARY = (DATA / "ordinary_sentences.txt").read_text(encoding="utf-8").splitlines()
NOTICED = [
    (Sort(sort), kind, sentence)
    for sort, kinds in tomllib.loads((DATA / "sentences_to_notice.toml").read_text(encoding="utf-8")).items()
    for kind, sentences in kinds.items()
    for sentence in sentences
]
RULES = [(sort, rule) for sort in Sort for rule in checks._file(sort)["rule"]]
# What patterns trip over: digits, separators, halves of what they look for, and letters that are not what they seem.
PIECES = ["0", "6", "12", " ", "-", ".", "@", "a", "straat", "ik ", "wil ", "niet ", "nl91 ", "abna ", "pin", "(", "é"]
PIECES += ["\0", "\u200b", "\u0301", "ﬃ", "İ", "ß", "\ud800", "\U0001f600", "٣", "６", "ik ben eenzaam", "\n", "zelf"]

LONG_PIECES = ["a", "6", "é", "\0", "a.", "0-", "1 a ", "nl91 abna ", "ik zie ", "(a", "ik ben zo erg "]


def found(text: str) -> set[tuple[str, str]]:
    return {(one.sort, one.kind) for sort in Sort for one in checks.find(text, sort)}


def test_there_are_sentences_enough():
    assert len(set(ORDINARY)) >= 220
    assert len(NOTICED) >= 60


@pytest.mark.parametrize("sentence", ORDINARY)
def test_in_an_ordinary_sentence_nothing_is_seen(sentence):
    assert found(sentence) == set()


@pytest.mark.parametrize(("sort", "kind", "sentence"), NOTICED)
def test_sentence_is_seen_by_its_rule(sort, kind, sentence):
    assert (sort, kind) in found(sentence)


def test_every_rule_has_a_sentence_that_needs_it():
    assert {(sort, rule["kind"]) for sort, rule in RULES} == {(sort, kind) for sort, kind, _ in NOTICED}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bel me op 06 12345678.", "Bel me op."),
        ("Bel 06 12345678 of mail riet@samsam.example, dan kom ik", "Bel of mail, dan kom ik"),
        ("Ik woon Voorstraat 12 in Beesd", "Ik woon in Beesd"),
        ("06 12345678", ""),
        ("Eerst dit.\n06 12345678\nDan dat.", "Eerst dit.\n\nDan dat."),
        ("Niets geheims hier", "Niets geheims hier"),
    ],
)
def test_what_is_private_is_taken_out_and_the_rest_stays(text, left):
    assert checks.without(text, checks.private_in(text)) == left


def test_bank_number_that_does_not_add_up_is_not_one():
    assert checks.private_in("BE68 5390 0754 7035") == []
    assert checks.private_in("Het nummer 111222334 klopt niet") == []


def test_place_may_have_a_house_number_and_nothing_else_that_is_private():
    text = "Voorstraat 12, bel 06 12345678"

    assert [one.kind for one in checks.private_in(text, leave={"house"})] == ["phone"]


@pytest.mark.parametrize(
    ("text", "softer"),
    [
        ("Ik ben zo eenzaam. Wie komt er langs?", "Ik vind gezelschap fijn. Wie komt er langs?"),
        ("Wie komt, omdat ik kanker heb", "Wie komt, omdat het me nu niet alleen lukt"),
        ("I'm so lonely", "I would enjoy some company"),
        ("Mijn moeder is dement", "Mijn moeder is dement"),
    ],
)
def test_softer_wording_comes_in_the_place_of_the_phrase(text, softer):
    (finding,) = checks.soft_in(text)

    assert checks.softened(text, finding.kind) == softer


def test_one_hint_a_kind_with_the_words_that_can_be_softer():
    text = "De eenzaamheid is groot, en ik ben eenzaam"

    assert [(one.kind, text[one.start : one.end]) for one in checks.soft_in(text)] == [("company", "ik ben eenzaam")]


def test_softer_wordings_are_not_heavy_themselves():
    words = [one["say"] for _, rule in RULES for one in rule.get("instead", [])]

    assert [(say, found(say)) for say in words if found(say)] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_hints_keep_the_rules_of_the_copy_guide(language):
    hints = [checks.advice(rule["kind"], language) for sort, rule in RULES if sort in {Sort.HEAVY, Sort.UNFRIENDLY}]

    assert [(hint, wrong) for hint in hints if (wrong := faults(hint, dutch=language == "nl"))] == []


def test_hint_of_a_kind_that_is_not_there_is_a_mistake_in_our_code():
    with pytest.raises(KeyError):
        checks.advice("weather", "nl")


def test_accents_and_invisible_letters_hide_nothing_and_places_stay_right():
    text = "Zeg é\u0301\u200b: ﬃ 06\u200b 123\u00ad45678 klaar"
    (finding,) = checks.private_in(text)

    assert text[finding.start : finding.end] == "06\u200b 123\u00ad45678"


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map("".join))
def test_any_text_is_taken(text):
    for sort in Sort:
        findings = checks.find(text, sort)
        assert all(0 <= one.start < one.end <= len(text) for one in findings)
        assert all(one.end <= other.start for one, other in pairwise(findings))
    assert len(checks.without(text, checks.private_in(text))) <= len(text)
    for finding in checks.soft_in(text):
        checks.softened(text, finding.kind)
        assert checks.advice(finding.kind, "nl")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_taking_out_what_is_private_once_is_enough_of_it(piece):
    text = f"{piece} bel 06 12345678 {piece}"

    assert "06 12345678" not in checks.without(text, checks.private_in(text))


@pytest.mark.parametrize("piece", LONG_PIECES)
@pytest.mark.parametrize("sort", Sort)
def test_long_text_takes_no_longer_than_its_length(piece, sort):
    text = (piece * 100_000)[:100_000]
    begin = time.process_time()

    checks.find(text, sort)
    long = time.process_time() - begin

    assert long < 3  # seconds; a pattern that goes back and forth would take minutes


def test_text_of_a_request_is_checked_in_a_wink():
    text = ORDINARY[0] * 5
    for sort in Sort:
        checks.find(text, sort)  # reads the rules once
    begin = time.process_time()

    for sort in Sort:
        checks.find(text[:300], sort)

    assert time.process_time() - begin < 0.1
