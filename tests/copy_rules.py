"""The rules of the copy guide that a test can see (CONTRIBUTING.md, section Words). Each rule names itself."""

import re

# Words that label people, count favours or sound like an office. The endings catch plurals and compounds.
NEVER_IN_DUTCH = re.compile(
    r"""\b(
        eenza\w+ | isolement
      | kwetsba\w+ | hulpbehoe\w+ | zwakke? | zielig\w*
      | cliënt\w* | klant\w* | patiënt\w* | zorgvra\w+ | doelgroep\w*
      | problematiek | casus\w*
      | mantelzorg\w* | ouderen | bejaard\w* | senior\w* | 65-plus\w*
      | zelfredza\w+ | participatie | burgerkracht | inzet\w*
      | verplicht\w* | moeten | je\s+moet | moet\s+je | verwacht\w* | rekenen\s+op | rekent\s+op
      | match\w* | aanbod | hulpaanbieder\w*
      | gratis\s+hulp | dankbaar
      | no-show\w* | niet\s+nagekomen
      | signale\w+ | melding\s+van\s+zorg
      | gebruiker\w* | accounts? | dashboard\w* | profielscore | hulpvra\w+
      | autochto\w+ | allochto\w+ | nationaliteit
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
SHORTENED = re.compile(r"\b(m\.b\.t|o\.a|incl\.|evt\.?|bijv\.|d\.w\.z|i\.v\.m|t/m|e\.g\.|i\.e\.|etc\b)", re.IGNORECASE)
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
    rules += [("vague", VAGUE), ("formal", FORMAL)] if dutch else []
    rules += [("he or she", HE_OR_SHE if dutch else HE_OR_SHE_IN_ENGLISH)]
    found = [f"{name}: {match.group()}" for name, pattern in rules if (match := pattern.search(text))]
    if any(len(words) > LONGEST_SENTENCE for words in sentences(text)):
        found.append("long sentence")
    if "!" in text and not THANKS.search(text):
        found.append("exclamation mark")
    if text.strip(" .").lower() in BUTTONS_THAT_SAY_NOTHING:
        found.append("button that says nothing")
    return found
