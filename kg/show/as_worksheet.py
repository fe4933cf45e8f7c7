"""Exercises → a worksheet to print: one HTML file, the answers on pages of their own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape

from kg.model import Exercise, Step
from kg.notice import DISCLAIMER
from kg.show.as_cards import alarms_html
from kg.show.as_chain import chain_svg
from kg.show.as_quiz import LETTERS, LEVEL_WORDS, SOURCES, reason_words

STYLE = """
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 11.5pt/1.4 system-ui, "Segoe UI", Arial, sans-serif; color: #14171b; background: #fff; margin: 0 auto;
  max-width: 46rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5em; margin: 0; } h2 { font-size: 1.15em; border-bottom: 1px solid #6b7580; margin: 1.6em 0 .4em; }
.notice { border-left: .3em solid #a3001c; padding: .2em .7em; background: #fdecee; }
.alarm { border: 2px solid #a3001c; padding: .2em .7em; margin: .4em 0; }
.name { display: flex; gap: 2em; margin: 1em 0; } .name span { flex: 1; border-bottom: 1px solid #14171b; }
.question { break-inside: avoid; margin: 1em 0 1.4em; } .question > p { margin: .2em 0; font-weight: 600; }
ol.choices { list-style: none; padding: 0; margin: .4em 0 0; }
ol.choices li { padding: .15em 0 .15em 1.9em; position: relative; }
ol.choices li::before { content: ""; position: absolute; left: .2em; top: .35em; width: .95em; height: .95em;
  border: 1.5px solid #14171b; border-radius: .2em; }
.answers { break-before: page; } .answer { break-inside: avoid; margin: .9em 0; } .answer p { margin: .2em 0; }
.answer svg { width: 15rem; height: auto; } .small { font-size: .85em; color: #4a525b; }
ul { margin: .3em 0; padding-left: 1.3em; }
footer { margin-top: 2em; border-top: 1px solid #6b7580; font-size: .85em; }
"""


def policy() -> str:
    """What the sheet may load: nothing but its own styles."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'"


def worksheet(
    exercises: Sequence[Exercise], seed: int, version: str, labels: Mapping[str, str], level: str = "recall"
) -> str:
    """The whole page; it needs no other file.

    Args:
        version: of the data; with seed and level it is printed so that a sheet can be made again.
    """
    questions, answers = [], []
    for part, words in LEVEL_WORDS.items():
        chosen = [(n, e) for n, e in enumerate(exercises, 1) if e.level == part]
        if chosen:
            questions.append(f"<h2>{words}</h2>{''.join(_question(n, e) for n, e in chosen)}")
            answers.append(f"<h2>{words}</h2>{''.join(_answer(n, e, labels) for n, e in chosen)}")
    line = f"kg quiz --export worksheet --level {level} --seed {seed} --count {len(exercises)} -o sheet.html"
    made = f"Seed {seed}, data {escape(version)}. The same again: <code>{escape(line)}</code>."
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy()}">
<title>Worksheet – back–leg pain</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>Back–leg pain: worksheet</h1><p class="notice"><strong>{escape(DISCLAIMER)}</strong></p>
<p class="name">Name <span></span> Date <span></span></p></header>
<main>{"".join(questions)}
<section class="answers" aria-labelledby="answers"><h1 id="answers">Answers</h1>{"".join(answers)}</section></main>
<footer><p>{escape(DISCLAIMER)}</p><p>{made} Content CC BY 4.0, the Back–Leg Pain Knowledge Graph.</p></footer>
</body>
</html>
"""


def _question(number: int, exercise: Exercise) -> str:
    told = "".join(f"<li>{escape(s)}</li>" for s in exercise.shown) + "".join(map(_finding, exercise.steps))
    facts = f"<ul>{told}</ul>" if told else ""
    choices = "".join(f"<li>{LETTERS[i]}) {escape(c.label)}</li>" for i, c in enumerate(exercise.choices))
    head = f"<p>{number}. {escape(exercise.text)}</p>"
    return f'<div class="question">{alarms_html(exercise)}{head}{facts}<ol class="choices">{choices}</ol></div>'


def _finding(step: Step) -> str:
    return f"<li>{'' if step.status == 'present' else 'not found: '}{escape(step.finding)}</li>"


def _answer(number: int, exercise: Exercise, labels: Mapping[str, str]) -> str:
    at = next(i for i, c in enumerate(exercise.choices) if c.right)
    head = f"<p><strong>{number}. {LETTERS[at]}) {escape(exercise.right.label)}</strong></p>"
    reasons = "".join(f"<li>{escape(reason_words(e))}</li>" for e in exercise.reasons[at]) if exercise.reasons else ""
    picture = "".join(chain_svg(p, labels) for p in exercise.paths[:1])
    cited = "".join(f'<p class="small">{escape(s)}</p>' for s in exercise.sources[:SOURCES])
    body = f"<p>{escape(exercise.explanation)}</p>{f'<ul>{reasons}</ul>' if reasons else ''}{picture}{cited}"
    return f'<div class="answer">{head}{body}</div>'
