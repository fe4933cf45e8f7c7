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
    until very was we were when where which while who whose will with within would you your several aspect surface
    maybe possible possibly perhaps probable probably query suspected apparently approximately around roughly ca
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
    "wont": "cannot",
    "havent": "not",
    "hadnt": "not",
    "wasnt": "not",
    "arent": "not",
    "werent": "not",
    "aint": "not",
    "wouldnt": "not",
    "hasnt": "not",
    "non": "not",
    "nil": "no",
    "feeling": "feel",
    "felt": "feel",
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
    "swollen": "swelling",
    "thighs": "thigh",
    "calves": "calf",
    "inner": "medial",
    "inside": "medial",
    "outer": "lateral",
    "outside": "lateral",
    "bringing": "bring",
    "brings": "bring",
    "lt": "left",
    "rt": "right",
    "bilateral": "both",
    "bilaterally": "both",
    "toes": "toe",
    "abdominal": "abdomen",
    "peroneal": "fibular",
    "peroneus": "fibularis",
}
STRONG = "gradedstrong"  # what a power of five out of five becomes; no name holds this word
MENDED_FROM = 6  # letters from which one wrong letter in a word is taken for a slip
WORD = re.compile(r"[a-z0-9]+")
# What clinicians shorten with signs in it, and short forms that stand for several words or for a side.
SHORT = {
    "b/l": "bilateral",
    "h/o": "history of",
    "c/o": "",
    "o/e": "",
    "w/o": "without",
    "s/p": "status post",
    "f/h": "family history of",
    "r>l": "both",
    "l>r": "both",
    "r=l": "both",
    "l=r": "both",
    "+ve": "positive",
    "-ve": "negative",
    "neg": "negative",
    "pos": "positive",
    "bl": "bilateral",
    "ca": "cancer",
    "lle": "left leg",
    "rle": "right leg",
    "ble": "both legs",
    "bles": "both legs",
    "hx": "history",
    "phx": "previous history",
    "fhx": "family history of",
    "fh": "family history of",
    "wt": "weight",
    "prev": "previous",
    "aj": "ankle reflex",
    "kj": "knee reflex",
    "ajs": "ankle reflexes",
    "kjs": "knee reflexes",
    "bilat": "bilateral",
    "abdo": "abdominal",
    "sens": "sensation",
    "symm": "symmetrical",
    "wnl": "normal",
    "n/v": "nausea or vomiting",
    "n&v": "nausea and vomiting",
    "n/v/d": "nausea or vomiting or diarrhoea",
    "f/c": "fever or chills",
    "f/c/n/v": "fever or chills or nausea or vomiting",
    "f/c/s": "fever or chills or night sweats",
    "r > l": "both",
    "l > r": "both",
}
_SHORT = re.compile(
    r"(?<![\w/])(?:ca\b(?!\.? ?\d)|"
    + "|".join(re.escape(s) for s in sorted(SHORT, key=len, reverse=True))
    + r")(?![\w/])"
)
_AND = r"[\s,+/]*(?:\b(?:and|plus|with)\b[\s,]*)?"
# Manoeuvres told by their movements, written together before commas part them.
MANOEUVRES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\bflexion{_AND}adduction{_AND}(?:and )?(?:internal rotation|ir)\b(?: of the hip)?"), "fadir"),
    (re.compile(rf"\bflexion{_AND}abduction{_AND}(?:and )?(?:external rotation|er)\b(?: of the hip)?"), "faber"),
)
_PART = r"loin|flank|back|bum|buttock|hip|groin|thigh|knee|shin|calf|ankle|heel|foot"
_RANGE = r"(?:hip|lumbar|knee) (?:flexion|extension|abduction|adduction|(?:internal|external) rotation|ir|er)"
_ROOT = r"(?:l[1-5]|s[1-3])"
_LESS = r"reduced|decreased|diminished|lost"
_RELATIVE = (
    r"(?:mother|father|mum|mom|dad|brother|sister|parent|aunt|uncle|cousin|(?:grand|half)\w+|son|daughter|sibling"
    r"|relative)s?"
)
# Whole phrases read before commas and signs part them.
TURNED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:leg|thigh|buttock)(?: pain)? ?> ?(?:back|lbp)\b(?: pain)?"), "leg pain worse than back pain"),
    (re.compile(r"\b(?:back(?: pain)?|lbp) ?> ?(?:leg|thigh|buttock)\b(?: pain)?"), "back pain worse than leg pain"),
    (
        re.compile(r"\b(slr|straight leg rais\w+)\b[^,;]*\bhamstrings? (?:tightness|stretch|discomfort)\b(?: only)?"),
        r"\1 negative, hamstring tightness",
    ),
)
AGE = re.compile(
    r"^\W*(?:an? )?\d{1,3}[ -]?(?:years?|yrs?|yo?)[ -]?(?:old|/o|o)?\b (?:wo)?(?:man|male|female|gentleman"
    r"|lady|boy|girl|patient|m|f)\b,?(?: (?:with|c/o|complaining of|presents with|presenting with))?"
)
REFLEX_LIST = re.compile(r"^ *(?:(?:tendon )?reflexes|jerks|dtrs?)\b(?= ?:? ?(?:left |right |both )?(?:knee|ankle))")
JERKED = re.compile(r"\b(knee|ankle)s?\b(?! (?:reflex|jerk))")
_LIMB = r"(?:\w+ ){0,3}?(?:thighs?|legs?|knees?|calf|calves|pelvis|hips?|lower leg|limbs?)\b"
# Turns of phrase made equal before single words are: places ("back of the thigh"), positions, pain that spreads.
REPHRASED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), into)
    for pattern, into in (
        (rf"\b(?:the )?(?:backs?|rear) of (?={_LIMB})", "posterior "),
        (rf"\b(?:the )?fronts? of (?={_LIMB})", "anterior "),
        (rf"\b(?:the )?(?:inner|inside|medial)(?: side| aspect)? of (?={_LIMB})", "medial "),
        (rf"\b(?:the )?(?:outer|outside|lateral)(?: side| aspect)? of (?={_LIMB})", "lateral "),
        (rf"\b(?:the )?sides? of (?={_LIMB})", "lateral "),
        (r"\b(?:flat )?on (?:his|her|my|the|their|your|ones) back\b(?! of)", "supine"),
        (
            r"\b(go|goes|going|went|gone|came|come|coming|got|get|getting|put|turned|is|was"
            r"|been) back\b(?= (?:to|at|into|on)\b)",
            r"\1",
        ),
        (
            r"\b(?:runs?|running|travels?|travelling|traveling|tracks|tracking|extends|extending"
            r"|spreads|spreading|radiates|radiated|radiating) (?=(?:\w+ )?(?:down|into|to|along|from|through|up"
            r"|towards?|round|across)\b)",
            "radiates ",
        ),
        (
            r"\b(?:goes|going|moves|moving|passes|passing) (?=(?:right |all the way |straight )?(?:down|into"
            r"|along|through|round|past|below)\b)"
            r"(?!(?:down|up)(?: the)? (?:stairs|steps|hill|slope))",
            "radiates ",
        ),
        (r"\bradiation of (?:the |his |her |my )?(?:\w+ ){0,2}?pain\b", "radiating pain"),
        (
            r"\b(knee|ankle|hip|toe|femoral|popliteal|pedal|foot) (?:and|or) (knee|ankle|hip|toe|femoral"
            r"|popliteal|pedal|foot) "
            r"(jerks?|reflex(?:es)?|flexion|extension|pulses?)\b",
            r"\1 \3 and \2 \3",
        ),
        (r"\b(ankle|knee|achilles|patellar?|adductor|hamstring|tendon) jerks?\b", r"\1 reflex"),
        (r"\b(?:one|single) leg(?:ged)?\b", "singleleg"),
        (r"\bon (?:and )?off\b|\bcom(?:es|ing) and go(?:es|ing)\b", "intermittent"),
        (r"\b(?:getting|gets|got|gotten|become|becomes|becoming|became|growing) (\w+ )?worse\b", r"\1worsening"),
        (rf"\b({_PART}) to ({_PART}) pain\b", r"\1 pain radiates to \2"),
        (rf"\b(?:{_LESS}|loss of|lacks|lacking) (?={_RANGE}\b)", "restricted "),
        (rf"\b({_RANGE})((?: is| was)? )(?:{_LESS})\b", r"\1\2restricted"),
        (r"\ball over\b(?! (?:the|his|her|my) (?:leg|foot|thigh|back|calf))", "everywhere"),
        (rf"\b({_ROOT}) (?:dermatomes?|distribution|territory|pattern|area|region)\b", r"\1 rootarea"),
        (
            rf"\b((?:sensation|feeling|pinprick|touch|numb\w*|hyp\w*esth?esia) (?:(?!{_ROOT})\w+ ){{0,4}}?{_ROOT})\b"
            rf"(?! (?:rootarea|root|nerve|vertebra|spinous|level|(?:to |and |or )?{_ROOT}))",
            r"\1 rootarea",
        ),
        (r"\b(full|normal|good) (?:range )?(?:and )?(?:pain ?free|painless)\b", r"\1"),
        (r"\b(pain|symptom|tenderness|fever) free\b(?! (?:walking|interval|period|distance|for))", r"no \1"),
        (r"\b(?:come|comes|coming|came) (?=(?:down|up|out|off|home|back)\b)", "moving "),
        (
            r"\b(bladder|bowels?|waterworks|sphincters?)((?: (?:and|or) (?:bladder|bowels?))?)(?: (?:function|control"
            r"|is|are|was|were|all|both|working))* (?:normal|intact|unaffected|unchanged|fine|ok|okay)\b(?= *$)",
            r"no \1\2 disturbance",
        ),
        (  # "leg swollen from the groin down": how far is no place of its own
            r"\b(legs?)((?: \w+){0,2} (?:swollen|red|blue|cold|white|numb|weak|painful)(?: and \w+)?) (?:from"
            r"|(?:right |all the way )?(?:up )?to) (?:the )?(?:groin|thigh|hip|buttock|knee)"
            r"(?: (?:down|up)(?:wards)?)?\b",
            r"\1\2",
        ),
        (r"\boff (?:(?:my|his|her|their|the) )?food\b", "no appetite"),
        (r"\b(?:fine|ok|okay|alright|all right)(?= *$)", "normal"),
        (
            rf"\b(?:(?:my|his|her|their|the) )?{_RELATIVE} (?:also |all |both )?(?:has|had|have|having|with|died of"
            r"|died from|suffers? from|suffered|got)\b",
            "family history of",
        ),
        (r"\b(?:not able|not been able|hasnt been able|havent been able|unable|inability) to\b", "cannot"),
    )
)


# "R", "L" in capitals are sides; "L5", "L 5", "g/L" and "10^9/L" are none.
ONE_LETTER = re.compile(r"(?<![\w/^<>=])(?<![<>=] )([LR])(?![\w/]| ?\d| ?[<>=])")


APOSTROPHE = re.compile(r"['’`´]")
DASH = re.compile(r"[-–—‐‑]")


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
    if word.endswith(("isation", "ization")) and len(word) > 9:  # lumbarisation is not lumbar
        return word[:-7] + "izat"
    return str(_stemmer().stemWord(word))  # type: ignore[attr-defined]


def plain(text: str) -> str:
    """Lower case, accents and apostrophes gone, dashes as blanks.

    >>> plain("Lasègue’s  sign–positive")
    'lasegues  sign positive'
    """
    return DASH.sub(" ", bare(text))


def bare(text: str) -> str:
    """Lower case without accents and apostrophes; dashes stay."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return APOSTROPHE.sub("", text)


def spelled(text: str) -> str:
    """Bare text with short forms written out.

    >>> spelled("H/o SLR +ve b/l, wt loss")
    'history of slr positive bilateral, weight loss'
    """
    text = bare(ONE_LETTER.sub(lambda m: {"L": "left", "R": "right"}[m[1]], text))
    for pattern, name in MANOEUVRES:
        text = pattern.sub(name, text)
    text = AGE.sub("", text)
    for pattern, name in TURNED:
        text = pattern.sub(name, text)
    if head := REFLEX_LIST.match(text):  # "reflexes: knees normal, ankles absent"
        text = JERKED.sub(r"\1 reflex", text[head.end() :].lstrip(" :"))
    return _SHORT.sub(lambda m: SHORT[m[0]], text)


def rephrased(text: str) -> str:
    """Plain text with turns of phrase made equal.

    >>> rephrased("pain running down the back of my leg")
    'pain radiates down posterior my leg'
    """
    for pattern, into in REPHRASED:
        text = pattern.sub(into, text)
    return text


def all_words(text: str) -> list[str]:
    """Every word of a text, short forms and turns of phrase made equal."""
    return WORD.findall(rephrased(DASH.sub(" ", spelled(text))))


def tokens(text: str) -> tuple[Token, ...]:
    """The meaning words of a text, in order."""
    words = all_words(text)
    return tuple(Token(w, stem(w), i) for i, w in enumerate(words) if w not in STOP)
