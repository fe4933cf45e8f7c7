"""Plain words → stems: the one way in which names and phrases are made comparable.

>>> [t.stem for t in tokens("Can't lift the LEFT foot (paraesthesiae)")]
['cannot', 'lift', 'left', 'foot', 'paresthesia']
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

# Words that carry no finding of their own. Words of place and denial (down, back, no, without) do and stay in.
STOP = frozenset(
    """
    a about after again all also am an and any are as at be been being both bit but by did do does doing during
    either else etc ever few for from get gets getting got had has have having he her here hers him his i if in
    into is it its itself just last later left like made make makes me mild more most much my now of off often
    on once one only onto or other our out over own patient quite rather right s she side since slightly so some
    sometimes still such than that the their them then there these they this those though through to too under
    until very was we were when where which while who whose will with within would you your several
    """.split()
) - {"left", "right", "both", "side", "after", "off", "over", "under", "out", "more", "with"}
LINKING = frozenset({"with", "more", "after", "over", "under", "off", "out", "side"})
AS_ONE = {
    "cant": "cannot",
    "unable": "cannot",
    "couldnt": "cannot",
    "dont": "not",
    "doesnt": "not",
    "didnt": "not",
    "isnt": "not",
    "wont": "not",
    "wouldnt": "not",
    "hasnt": "not",
    "non": "not",
    "nil": "no",
    "feeling": "feel",
    "felt": "feel",
    "worsens": "worse",
    "worsened": "worse",
    "worsening": "worse",
    "aggravated": "worse",
    "exacerbated": "worse",
    "eases": "eased",
    "easing": "eased",
    "relieves": "eased",
    "relieved": "eased",
    "better": "eased",
    "legs": "leg",
    "feet": "foot",
    "ache": "aching",
    "aches": "aching",
    "achy": "aching",
    "oedema": "edema",
    "lt": "left",
    "rt": "right",
    "bl": "both",
    "bilateral": "both",
    "bilaterally": "both",
    "toes": "toe",
    "abdominal": "abdomen",
    "peroneal": "fibular",
    "peroneus": "fibularis",
}
WORD = re.compile(r"[a-z0-9]+")


class Token(NamedTuple):
    """One word of a phrase: as written, its stem, and where it stands among the words."""

    text: str
    stem: str
    place: int


@cache
def _stemmer() -> object:
    from snowballstemmer import stemmer

    return stemmer("english")


@cache
def stem(word: str) -> str:
    """The stem of one lower-case word, spellings of British and American English made equal."""
    word = AS_ONE.get(word, word)
    word = word.replace("aesth", "esth").replace("haem", "hem").replace("oedema", "edema").replace("oesoph", "esoph")
    word = word.replace("paed", "ped").replace("gynaec", "gynec").replace("ischaem", "ischem").replace("anaem", "anem")
    word = (
        word.replace("diarrhoea", "diarrhea")
        .replace("faec", "fec")
        .replace("defaec", "defec")
        .replace("tumour", "tumor")
    )
    if word.endswith("iae") and len(word) > 6:
        word = word[:-1]
    return str(_stemmer().stemWord(word))  # type: ignore[attr-defined]


def plain(text: str) -> str:
    """Lower case, accents and apostrophes gone, dashes as blanks.

    >>> plain("Lasègue’s  sign–positive")
    'lasegues  sign positive'
    """
    text = unicodedata.normalize("NFKD", text.lower())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[-–—‐‑]", " ", re.sub(r"['’`´]", "", text))


def tokens(text: str) -> tuple[Token, ...]:
    """The meaning words of a text, in order."""
    words = WORD.findall(plain(text))
    return tuple(Token(w, stem(w), i) for i, w in enumerate(words) if w not in STOP)
