"""The rules of the copy guide that a test can see (CONTRIBUTING.md, section Words). Each rule names itself."""

import re

# Words that label people, count favours or sound like an office. The endings catch plurals and compounds.
NEVER_IN_DUTCH = re.compile(
    r"""\b(
        eenza\w+ | isolement
      | kwetsba\w+ | hulpbehoe\w+ | zwak(ke\w*)? | zielig\w*
      | cli[ëe]nt\w* | klant\w* | pati[ëe]nt\w* | zorgvra\w+ | doelgroep\w*
      | problematiek | casus\w*
      | mantelzorg\w* | ouderen | bejaard\w* | senior\w* | 65-plus\w*
      | zelfredza\w+ | particip\w+ | burgerkracht | inzet\w* | ingezet
      | verplicht\w* | moeten | je\s+moet | moet\s+je | verwacht\w* | rekenen\s+op | rekent\s+op
      | (ge)?match\w* | aanbod | hulpaanbieder\w*
      | gratis\s+hulp | dankbaar
      | no-show\w* | niet\s+nagekomen
      | (ge)?signale\w+ | melding\s+van\s+zorg
      | gebruiker\w* | accounts? | dashboard\w* | profielscore | hulpvra\w+
      | autochto\w+ | allochto\w+ | nationaliteit\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
NEVER_IN_ENGLISH = re.compile(
    r"""\b(
        lonel\w+ | vulnerable | needy | frail
      | clients? | customers? | patients? | elderly | seniors? | carers?
      | you\s+must | must\s+you | obliged | mandatory | grateful | no-shows?
      | match(es|ing|ed)? | users? | (?<!bank\ )accounts? | dashboards?
      | unfortunately | as\s+soon\s+as\s+possible | soon
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
VAGUE = re.compile(r"\b(binnenkort|zo\s+(snel|spoedig)\s+mogelijk|helaas|u\s+dient)\b", re.IGNORECASE)
FORMAL = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
SHORTENED = re.compile(
    r"\b([a-z]\.[a-z]\b|(incl|excl|evt|bijv|enz|etc|max|min|nr|tel|ca|vs)\.(?!\w)|(evt|etc)\b|t/m)",
    re.IGNORECASE,
)
# "19.00 uur" and "€ 7"; pictures are for cards, by name, never in a text.
OFFICE_FIGURES = re.compile(r"\d:\d\d|€\d")
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
# "Zijn" is a verb too: as a possessive it is only caught after a preposition.
HE_OR_SHE = re.compile(r"\b(hij|zij|haar|(aan|met|van|voor|bij|in|op)\s+zijn)\b", re.IGNORECASE)
HE_OR_SHE_IN_ENGLISH = re.compile(r"\b(he|she|his|hers?|him|himself|herself)\b", re.IGNORECASE)
BUTTONS_THAT_SAY_NOTHING = {"ok", "verzenden", "submit", "klik hier", "click here", "akkoord", "annuleren"}
THANKS = re.compile(r"\b(bedankt|dank|thanks?)\b", re.IGNORECASE)

LONGEST_SENTENCE = 20
AVERAGE_SENTENCE = 12
SHORTEST_COUNTED = 4  # a label of a few words is no sentence


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a placeholder is one word, and so is a time like 19.00."""
    text = re.sub(r"%\(\w+\)[sd]|\{\w*\}", "X", text)
    return [words for part in re.split(r"[.?!:]+(?=\s|$)|\n", text) if (words := re.findall(r"[\w'’-]+", part))]


def faults(text: str, *, dutch: bool) -> list[str]:
    """Which rules this text breaks, each with the words that do."""
    rules = [("forbidden", NEVER_IN_DUTCH if dutch else NEVER_IN_ENGLISH), ("shortened", SHORTENED)]
    rules += [("vague", VAGUE), ("formal", FORMAL), ("figures of an office", OFFICE_FIGURES)] if dutch else []
    rules += [("emoji", EMOJI)]
    rules += [("he or she", HE_OR_SHE if dutch else HE_OR_SHE_IN_ENGLISH)]
    found = [f"{name}: {match.group()}" for name, pattern in rules if (match := pattern.search(text))]
    if any(len(words) > LONGEST_SENTENCE for words in sentences(text)):
        found.append("long sentence")
    if "!" in text and not THANKS.search(text):
        found.append("exclamation mark")
    if text.strip(" .").lower() in BUTTONS_THAT_SAY_NOTHING:
        found.append("button that says nothing")
    return found
