"""Numbers in a phrase: quantities with units, power and reflex grades, pain scores, angles, times.

A number is read off and taken out of the text, or turned into the word it stands for ("4/5" is "weak"), so that the
steps after this one meet words alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.reason.lexicon import Lexicon
from kg.reason.reading import Counted, Measurement
from kg.reason.tokens import STOP, STRONG, spelled, stem

WEAK = "weak"  # what a power grade below five becomes

BELOW = re.compile(r"\b(?:below|under|less than) ?$")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
UNIT = (
    r"(?:x ?)?10 ?[\^*]? ?9 ?/ ?l|/ ?(?:u|µ|μ)l|/ ?mm3|k\b|mg ?/ ?dl|mg ?/ ?l|g ?/ ?dl|g ?/ ?l|[uµμ]mol ?/ ?l"
    r"|micromol ?/ ?l"
    r"|mmol ?/ ?mol|mmol ?/ ?l|nmol ?/ ?l|ng ?/ ?ml|[uµμ]g ?/ ?l|[uµμ]g ?/ ?ml|ng ?/ ?l|mm ?/ ?h(?:r|our)?"
    r"|mm ?hg|bpm|i?u ?/ ?l"
    r"|ml|cc|% ?|(?:° ?|deg(?:rees?)? ?)?(?:celsius|fahrenheit|[cf])\b"
)
NUMBER = re.compile(
    rf"(?P<sign>[<>≥≤~]?) ?(?<![\w./])(?P<number>\d+(?:\.\d+)?)(?: ?/ ?\d+(?![/\d]))?(?! ?\+)(?! ?(?:/ ?(?:10|5)\b))"
    rf" ?(?P<unit>{UNIT})?(?![\w.]*\d)"
)
A_WORD = re.compile(r"[a-z0-9]+")
FILLERS = {
    stem(w)
    for w in (
        "up over under level count raised high low elevated normal reading today now rose risen peaked fell maximum max"
        " minimum value result total above below measured recorded equals reached"
    ).split()
}


class Scale(NamedTuple):
    """How one way of writing a quantity becomes the unit of its limit: value × factor + shift.

    Attributes:
        unit: pattern of the written unit.
        above: without a unit, numbers above this can only be in this one; None where they cannot be told apart.
    """

    quantity: str
    unit: str
    above: float | None
    factor: float
    shift: float = 0.0


# The limits in the data are in mg/L for CRP, g/dL for haemoglobin, mg/dL for creatinine and urea nitrogen, 10⁹/L for
# cells, mmol/L for calcium, glucose, lactate and potassium, ng/mL for D-dimer, nmol/L for vitamin D, % for HbA1c.
SCALES = (
    Scale("temp", r"f", 80, 5 / 9, -160 / 9),
    Scale("crp", r"mg ?/ ?dl", None, 10),
    Scale("hb", r"g ?/ ?l", 30, 0.1),
    Scale("creatinin", r"[uµμ]mol|micromol", 20, 1 / 88.4),
    Scale("wbc", r"^/ ?[uµμm]", 300, 0.001),
    Scale("platelet", r"^/ ?[uµμm]", 2000, 0.001),
    Scale("hba1c", r"mmol", 20, 0.0915, 2.15),
    Scale("dimer", r"mg ?/ ?l|[uµμ]g ?/ ?ml", None, 1000),
    Scale("calcium", r"mg ?/ ?dl", 5, 0.2495),
    Scale("glucos", r"mg ?/ ?dl", 40, 1 / 18.02),
    Scale("lactat", r"mg ?/ ?dl", None, 1 / 9.01),
    Scale("bun", r"mmol", None, 2.8),
    Scale("urea", r"mg ?/ ?dl", 80, 0.357),
    Scale("vitamin", r"ng ?/ ?ml", None, 2.496),
)
# Where a number cannot be the quantity, the short name before it meant something else ("T 10" is a vertebra).
PLAUSIBLE = {"temp": (30.0, 45.0), "heart": (20.0, 300.0), "respiratori": (4.0, 90.0), "bp": (30.0, 320.0)}

POWER = re.compile(
    r"\b(?P<grade>[0-5])(?: ?[+-])?(?: ?-? ?[0-5](?: ?[+-])?)? ?/ ?5\b[+-]?(?! ?(?:days|weeks|months|years))"
)
MRC = re.compile(
    r"\b(?:(?:mrc|power|strength|grade)(?: (?:mrc|power|strength|grade|is|was|of|only"
    r"|about))* ?(?P<a>[0-5])\b(?! ?/ ?10|[./]\d|\d)[+-]?|m(?P<b>[0-4])\b[+-]?)"
)
SCORE = re.compile(
    r"\b(?:(?:nrs|vas|nprs|nprs|pain score|scored?|rated|pain)(?: (?:of|is|at|was|up|to|about"
    r"|as))* )?(?P<score>\d{1,3}(?:\.\d)?)"
    r"(?: ?(?:-|to) ?(?P<high>\d{1,2}))? ?(?:/|out of) ?(?P<of>100|10)\b(?! ?[/\d])"
    r"|\b(?:nrs|vas|nprs|pain score)(?: (?:of|is|at|was|up|to"
    r"|about))*:? ?(?P<plain>\d{1,2})\b(?! ?[/.\d])(?: (?:on|at|during) \w+)?"
)
NAMED = re.compile(r"\b(?!(?:power|strength|motor|left|right|was|is|has|of|with)\b)[a-z]\w+")
REFLEX_WORD = re.compile(r"\b(?:reflex(?:es)?|jerks?|dtrs?|pulses?)\b")
REFLEX_GRADE = re.compile(
    r"(?<![\w./])(?P<sign>\+{1,4})(?!\w)|(?<![\w./])(?P<n>[0-4]) ?(?:\+{1,3}"
    r"|/ ?4\b)?(?![\w./])"
)
ANGLE = re.compile(
    r"(?:\b(?:at|to|beyond|past|from|of|up to|above|below|under|about|over) )?"
    r"(?P<low>\d{1,3})(?: ?(?:-|to) ?\d{1,3})? ?(?:°|deg(?:ree)?s?\b)"
)
STRAIGHT_LEG = re.compile(r"\b(?:slr|straight leg rais\w+|lasegue\w*)\b")
OTHER_SIDE = re.compile(
    r"\s*(?:(?:on the )?(?:left|right) )?\d{1,3} ?(?:°|deg(?:ree)?s?\b)?(?: (?:on the )?(?:left|right))?\s*"
)
LOST_WEIGHT = re.compile(
    r"\b(?:lost|loss of|down|dropped) (?:about |over |around |nearly |some |approximately )?(?:\d+(?:\.\d+)?|a"
    r"|one|two|three|half a) ?"
    r"(?:kg|kgs|kilos?|kilograms?|lbs?|pounds?|stones?|st)\b"
)

WORD_NUMBERS = {
    w: float(n) for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1.0, "an": 1.0, "several": 4.0, "few": 3.0, "couple of": 2.0, "many": 10.0, "half a": 0.5, "some": 3.0}
DAYS = {"h": 0.04, "d": 1.0, "w": 7.0, "m": 30.0, "y": 365.0}
_COUNT = r"(?:\d+(?:\.\d+)?|" + "|".join(sorted(WORD_NUMBERS, key=len, reverse=True)) + r")"
TIME = re.compile(
    rf"(?<![\w./])(?P<count>{_COUNT})(?: ?(?:-|to|or) ?(?P<high>{_COUNT}))?(?: |-)?(?P<unit>hours?|hrs?|days?|weeks?"
    rf"|wks?|months?|mths?|mo|years?|yrs?)\b(?! ?:? ?\d)"
)
SLASH_TIME = re.compile(r"(?<![\w./])(\d{1,2}) ?/ ?(7|52|12)\b(?! ?/)")
VAGUE_TIME = re.compile(
    r"\b(?:for|over|after|since) (?:(?:many|several|some|a few|the (?:last|past)|the last few) )?(?P<unit>years"
    r"|months|weeks|days)\b(?! ?(?:ago|old))"
)
NOT_LASTING = re.compile(
    r"^ ?(?:ago|old|later|before|earlier|after|post|pregnant|gestation|break|of (?:age|pregnancy|gestation"
    r"|physio|rest|nsaid|antibiotic|treatment|soft)"
    r"|prior|apart|into|per|at a time|s? ?(?:post|of age))|^ ?- ?old"
)
NOT_SPAN = re.compile(
    r"(?:\bafter|\bwithin|\bevery|\bafter about|\bonly|\bat|\bpost|\baged?|\buntil|\bin|\blast|\bevery|\bonce"
    r"|\bsays|\bage of|\bloss|\bthan|\bby|\bnext)(?: about| the(?: first)?)?(?: a)? ?$"
)
STIFF = re.compile(r"\b(?:stiff\w*|morning|loosen|get going|get moving)\b")  # there hours are of the day
ATTACK = re.compile(r"\b(?:bouts?|attacks?|episodes?|spells?|flares?)\b[^,;]* (?:lasting|lasts?|of|for)\b")
BEGAN = re.compile(
    r"\b(?:start(?:ed|ing)|began|begun|came on|onset|since|first (?:noticed|felt|began|started)|commenced"
    r"|developed)\b"
)


def counted(text: str, lexicon: Lexicon) -> Counted:
    """Read the numbers of a phrase.

    Args:
        text: the phrase as typed.
    """
    text = THOUSANDS.sub("", spelled(text))
    text = LOST_WEIGHT.sub(" weight loss ", text)
    text = SLASH_TIME.sub(lambda m: f"{m[1]} {({'7': 'days', '52': 'weeks', '12': 'months'})[m[2]]}", text)
    text, pain = _pain_score(text)
    text, grades = _power(text)
    text = _reflexes(text)
    text = _angles(text)
    ago = _since(text)
    text, days = _lasting(text)
    text, readings = _quantities(text, lexicon)
    return Counted(text, tuple(readings), pain, days, tuple(grades), ago)


def _pain_score(text: str) -> tuple[str, float | None]:
    found: list[float] = []

    def take(m: re.Match[str]) -> str:
        score = float(m["high"] or m["score"] or m["plain"])
        top = float(m["of"] or (10 if score <= 10 else 100))
        if score > top:
            return m[0]
        found.append(score / top)
        return " "

    left = SCORE.sub(take, text)
    if found and not re.search(r"\b(?:pain|ache|hurt|sore|sciatica)", left) and re.search(r"\w", left):
        left = f"pain {left}"
    return left, max(found, default=None)


def _power(text: str) -> tuple[str, list[float]]:
    grades: list[float] = []

    def take(m: re.Match[str]) -> str:
        named = m.groupdict()
        grade = int(named.get("grade") or named.get("a") or named.get("b") or 0)
        grades.append(grade / 5)
        return f" §{STRONG if grade == 5 else WEAK} "

    text = MRC.sub(take, POWER.sub(take, text))
    return "".join(_one_grade_each(p) for p in re.split(r"([,;:.]+)", text)), grades


def _one_grade_each(piece: str) -> str:
    """Commas so that "TA 4/5 EHL 3/5" and "4/5 TA, 5/5 EHL" are clauses with one grade each.

    >>> _one_grade_each("ta §weak ehl §weak"), _one_grade_each("§weak ta and §gradedstrong ehl")
    ('ta weak, ehl weak', 'weak ta and, gradedstrong ehl')
    """
    if piece.count("§") > 1:
        first = piece.lstrip().startswith("§") or not NAMED.search(piece[: piece.index("§")])
        piece = re.sub(r" ?(?<!^)§", ", §", piece) if first else re.sub(r"(§\w+\b)(?= *\w)", r"\1,", piece)
    return piece.replace("§", "")


def _reflexes(text: str) -> str:
    """Reflex and pulse grades as words, in the comma-free pieces that speak of reflexes or pulses."""
    if not REFLEX_WORD.search(text):
        return text

    def take(m: re.Match[str]) -> str:
        grade = len(m["sign"]) if m["sign"] else int(m["n"])
        return " reduced " if grade < 2 else " normal " if grade == 2 else " brisk "

    pieces = re.split(r"([,;.]+(?!\d))", text)
    return "".join(REFLEX_GRADE.sub(take, p) if REFLEX_WORD.search(p) else p for p in pieces)


def _angles(text: str) -> str:
    """Angles out of the text; a straight leg that stops at seventy degrees or less is a positive test."""
    pieces = re.split(r"([,;]+)", text)
    for i, piece in enumerate(pieces):
        if OTHER_SIDE.fullmatch(piece) and i > 1 and STRAIGHT_LEG.search(pieces[i - 2]):
            piece = f" slr{piece}"  # "SLR 30 left, 80 right"
        angle = ANGLE.search(piece)
        if angle is None:
            bare = STRAIGHT_LEG.search(piece) and re.search(r"(?<![\w./])(\d{2})(?![\w./]|\.\d)", piece)
            angle = bare or None
            low = int(bare[1]) if bare else 0
        else:
            low = int(angle["low"])
        if angle is None:
            continue
        word = " "
        if STRAIGHT_LEG.search(piece) and not re.search(r"\b(?:positive|negative|normal|pain\w*)\b", piece):
            word = " positive " if low <= 70 else " negative "
        pieces[i] = ANGLE.sub(" ", piece[: angle.start()] + word + piece[angle.end() :])
    return "".join(pieces)


def _lasting(text: str) -> tuple[str, float | None]:
    """How many days the complaint has lasted, and the text without that time."""
    found: list[float] = []

    def take(m: re.Match[str]) -> str:
        before, after = text[: m.start()], text[m.end() :]
        if (m["unit"][0] == "h" and STIFF.search(text)) or ATTACK.search(before):
            return m[0]
        ago = re.match(r" ?(?:ago|earlier)\b", after) and BEGAN.search(before) and "," not in before[-25:]
        if (
            not ago
            and (NOT_LASTING.match(after) or NOT_SPAN.search(before))
            and not re.search(r"\b(?:over|for|in) the (?:last|past) ?$|\b(?:last|past) ?$", before)
        ):
            return m[0]
        found.append(_count(m["high"] or m["count"]) * DAYS[m["unit"][0]])
        return " "

    out = TIME.sub(take, text)
    if not found and (vague := VAGUE_TIME.search(out)):
        found.append({"y": 730.0, "m": 120.0, "w": 45.0, "d": 4.0}[vague["unit"][0]])
        out = out[: vague.start()] + " " + out[vague.end() :]
    return out, max(found, default=None)


def _since(text: str) -> float | None:
    """How many days ago the latest event of a phrase was.

    >>> _since("a rash 3 months before"), _since("for 3 months")
    (90.0, None)
    """
    found = [
        _count(m["count"]) * DAYS[m["unit"][0]]
        for m in TIME.finditer(text)
        if re.match(r" ?(?:ago|before|earlier|previously)\b", text[m.end() :])
    ]
    return min(found, default=None)


def _count(word: str) -> float:
    return WORD_NUMBERS[word] if word in WORD_NUMBERS else float(word)


def _quantities(text: str, lexicon: Lexicon) -> tuple[str, list[Measurement]]:
    found: list[Measurement] = []
    gone: list[tuple[int, int]] = []
    start = 0
    for number in NUMBER.finditer(text):
        before = _words(text, max(start, number.start() - 60), number.start())
        hit = _named_before(before, lexicon) or _named_after(_words(text, number.end(), number.end() + 40), lexicon)
        if hit is None:
            continue
        names, first, last = hit
        value = _in_usual_unit(names, number)
        if value is None:
            continue
        unit = (number["unit"] or "").strip()
        same = [
            Measurement(q.id, q.holds(value), round(value, 3), unit)
            for q in lexicon.measured
            if names & frozenset(q.names)
        ]
        # A pressure of 176 is high; that it is not low goes without saying.
        found += [r for r in same if r.holds] or same
        gone.append((min(first, number.start()), max(last, number.end())))
        start = number.end()
    for first, last in reversed(gone):
        text = text[:first] + " , " + text[last:]
    return text, found


def _words(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """(stem, start, end) of the meaning words in a stretch, up to the nearest end of a clause."""
    return [
        (stem(m[0]), m.start(), m.end()) for m in A_WORD.finditer(text, start, min(end, len(text))) if m[0] not in STOP
    ]


def _named_before(
    words: list[tuple[str, int, int]], lexicon: Lexicon
) -> tuple[frozenset[tuple[str, ...]], int, int] | None:
    """The longest name of a quantity just before a number, small words between left out."""
    while words and words[-1][0] in FILLERS:
        words = words[:-1]
    stems = tuple(w[0] for w in words)
    fits = {n for q in lexicon.measured for n in q.names if n and stems[-len(n) :] == n}
    if not fits:
        return None
    length = max(map(len, fits))
    return _family(fits, lexicon), words[-length][1], words[-1][2]


def _named_after(
    words: list[tuple[str, int, int]], lexicon: Lexicon
) -> tuple[frozenset[tuple[str, ...]], int, int] | None:
    stems = tuple(w[0] for w in words)
    fits = {n for q in lexicon.measured for n in q.names if n and len("".join(n)) > 2 and stems[: len(n)] == n}
    if not fits:
        return None
    length = max(map(len, fits))
    return _family(fits, lexicon), words[0][1], words[length - 1][2]


def _family(fits: set[tuple[str, ...]], lexicon: Lexicon) -> frozenset[tuple[str, ...]]:
    """All names of the quantities that have the longest of these names."""
    longest = max(fits, key=lambda n: (len(n), n))
    return frozenset(n for q in lexicon.measured if longest in q.names for n in q.names)


def _in_usual_unit(names: frozenset[tuple[str, ...]], number: re.Match[str]) -> float | None:
    words = {w for n in names for w in n}
    value, unit = float(number["number"]), (number["unit"] or "").strip()
    low = number["sign"] == "<" or BELOW.search(number.string, 0, number.start())
    value += -1e-6 if low else 1e-6 if number["sign"] == ">" else 0.0
    for scale in SCALES:
        if scale.quantity in words and (
            re.search(scale.unit, unit) if unit else scale.above is not None and value > scale.above
        ):
            value = value * scale.factor + scale.shift
            break
    for word, (low, high) in PLAUSIBLE.items():
        if word in words and not low <= value <= high:
            return None
    return value
