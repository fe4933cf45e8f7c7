"use strict";
// The quiz: loads a set, asks, marks by what the set says, and keeps what was missed in this browser.
(() => {
  const page = document.documentElement, root = page.dataset.root, isStatic = page.dataset.static === "yes";
  const at = (id) => document.getElementById(id);
  const start = at("quiz-start");
  if (!start) return;
  const make = (tag, parent, text, given = {}) => {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    for (const [k, v] of Object.entries(given)) node.setAttribute(k, v);
    parent?.append(node);
    return node;
  };
  const LEVELS = ["recall", "hop", "weigh", "case"], DAYS = [1, 2, 4, 8, 16];
  const thing = (iri) => `${root}id/${encodeURIComponent(iri.split("/").pop())}${isStatic ? ".html" : ""}`;
  const percent = (x) => (x >= 0.005 ? `${Math.round(100 * x)} %` : "<1 %");
  const tell = (words) => { at("quiz-problem").textContent = words; at("quiz-problem").hidden = !words; };

  // Leitner's boxes, as the command keeps them in a file; see kg/read/progress.py.
  const KEY = "backleg-kg-quiz";
  const today = () => { const d = new Date(); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`; };
  const later = (days) => { const d = new Date(); d.setDate(d.getDate() + days); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`; };
  const sound = (kept) => kept?.format === 1 && kept.misses && Object.values(kept.misses).every((m) => m.box >= 1 && m.box <= DAYS.length && /^\d{4}-\d\d-\d\d$/.test(m.due) && Array.isArray(m.exercise?.choices));
  const load = () => {
    let text = null;
    try { text = localStorage.getItem(KEY); } catch { return {}; } // a browser may forbid it
    if (text === null) return {};
    try {
      const kept = JSON.parse(text);
      if (sound(kept)) return kept.misses;
    } catch { /* said below */ }
    try { localStorage.setItem(`${KEY}.damaged`, text); localStorage.removeItem(KEY); } catch { /* nothing to be done */ }
    tell(`The list of missed questions was damaged. It is set aside in this browser as “${KEY}.damaged”, and a new one begins.`);
    return {};
  };
  const keep = (exercise, right) => {
    const misses = load(), held = misses[exercise.id];
    delete misses[exercise.id];
    const box = right ? (held ? held.box + 1 : 0) : 1;
    if (box >= 1 && box <= DAYS.length) misses[exercise.id] = { box, due: later(DAYS[box - 1]), exercise };
    try { localStorage.setItem(KEY, JSON.stringify({ format: 1, misses })); }
    catch { tell("This browser does not let the page keep what you missed."); }
    showDue();
  };
  const due = () => Object.values(load()).filter((m) => m.due <= today()).sort((a, b) => (a.due < b.due ? -1 : 1)).map((m) => m.exercise);
  const showDue = () => {
    const count = due().length;
    at("quiz-due").hidden = !count;
    at("quiz-due").textContent = `Ask again what I missed (${count})`;
  };

  const loaded = (name) => new Promise((resolve, reject) => {
    if (window.KG_QUIZ?.[name]) return resolve(window.KG_QUIZ[name]);
    const script = make("script");
    script.src = `${root}quiz/${name}.js`;
    script.onload = () => resolve(window.KG_QUIZ[name]);
    script.onerror = () => reject(new Error(name));
    document.head.append(script);
  });

  let run = null;
  const begin = (exercises, name) => {
    run = { exercises, name, n: 0, right: 0, share: 0, missed: [] };
    tell("");
    start.hidden = at("quiz-end").hidden = true;
    at("quiz-run").hidden = false;
    ask();
  };
  const ask = () => {
    const exercise = run.exercises[run.n], form = at("quiz-question");
    at("quiz-place").textContent = `Question ${run.n + 1} of ${run.exercises.length} · ${exercise.level_words}`;
    at("quiz-bar").max = run.exercises.length;
    at("quiz-bar").value = run.n;
    at("quiz-answer").hidden = at("quiz-next").hidden = true;
    at("quiz-answer").replaceChildren();
    at("quiz-alarms").replaceChildren();
    form.replaceChildren();
    (exercise.steps.length ? askCase : askChoice)(exercise, form);
    form.scrollIntoView({ block: "nearest" });
  };
  const told = (exercise, form) => {
    if (!exercise.shown.length) return;
    const list = make("ul", form, undefined, { class: "told" });
    for (const words of exercise.shown) make("li", list, words, { "data-sign": exercise.level === "case" ? "" : "→" });
  };
  const askChoice = (exercise, form) => {
    told(exercise, form);
    const field = make("fieldset", form);
    make("legend", field, exercise.text);
    const options = make("div", field, undefined, { class: "options" });
    exercise.choices.forEach((choice, i) => {
      const label = make("label", options);
      const radio = make("input", label, undefined, { type: "radio", name: "answer", value: i });
      radio.required = true;
      make("span", label, choice.label);
    });
    make("button", form, "Check", { type: "submit", class: "main" });
    form.onsubmit = (event) => {
      event.preventDefault();
      const chosen = Number(new FormData(form).get("answer")), right = exercise.choices[chosen].right;
      [...options.children].forEach((label, i) => {
        label.firstChild.disabled = true;
        const sign = exercise.choices[i].right ? "✓ right" : i === chosen ? "✗ not this" : "";
        if (!sign) return;
        label.classList.add(exercise.choices[i].right ? "was-right" : "was-wrong");
        make("span", label, sign, { class: "sign" });
      });
      form.lastChild.remove();
      marked(exercise, right, Number(right));
    };
    options.querySelector("input").focus({ preventScroll: true });
  };

  const alarms = (step) => {
    const box = at("quiz-alarms");
    box.replaceChildren();
    if (!step.alarms.length) return;
    const section = make("section", box, undefined, { class: "alarms", role: "region", "aria-labelledby": "quiz-alarms-title" });
    make("h2", section, "Alarms", { id: "quiz-alarms-title" });
    const list = make("ul", section);
    for (const alarm of step.alarms) {
      const item = make("li", list);
      make("a", make("h3", item), alarm.label, { href: thing(alarm.id) });
      make("p", item, alarm.action, { class: "action" });
      make("p", item, `Because of: ${alarm.because.join("; ")}.`, { class: "small" });
    }
  };
  const askCase = (exercise, form) => {
    make("h2", form, exercise.text, { class: "asked" });
    told(exercise, form);
    make("h3", form, "Findings");
    const list = make("ul", form, undefined, { class: "told findings", "aria-live": "polite" });
    let shown = 0;
    const more = make("button", form, "Next finding", { type: "button" });
    const reveal = () => {
      const step = exercise.steps[shown++];
      make("li", list, step.status === "present" ? step.finding : `not found: ${step.finding}`, { "data-sign": step.status === "present" ? "+" : "−", dir: "auto" });
      alarms(step);
      more.textContent = `Next finding (${exercise.steps.length - shown} left)`;
      more.disabled = shown === exercise.steps.length;
    };
    more.onclick = () => { reveal(); if (more.disabled) form.querySelector(".ranking button:not(:disabled)").focus(); };
    make("h3", form, "Your ranking, likeliest first");
    const said = make("p", form, "", { class: "unseen", role: "status" });
    const ranking = make("ol", form, undefined, { class: "ranking" });
    const order = exercise.choices.map((_, i) => i);
    const draw = (moved, up) => {
      ranking.replaceChildren();
      order.forEach((c, place) => {
        const item = make("li", ranking), label = exercise.choices[c].label;
        make("span", item, label, { class: "what" });
        for (const [words, step] of [["↑", -1], ["↓", 1]]) {
          const button = make("button", item, words, { type: "button", "aria-label": `Move ${label} ${step < 0 ? "up" : "down"}` });
          button.disabled = place + step < 0 || place + step >= order.length;
          button.onclick = () => {
            order.splice(place, 1);
            order.splice(place + step, 0, c);
            draw(c, step < 0);
            said.textContent = `${label} is now number ${place + step + 1} of ${order.length}.`;
          };
          if (c === moved && up === step < 0) (button.disabled ? item.lastChild : button).focus();
        }
        if (c === moved && !item.contains(document.activeElement)) item.querySelector("button:not(:disabled)").focus();
      });
    };
    draw();
    make("button", form, "Mark my ranking", { type: "submit", class: "main" });
    form.onsubmit = (event) => {
      event.preventDefault();
      const seen = shown;
      while (shown < exercise.steps.length) reveal();
      for (const button of form.querySelectorAll("button")) button.remove();
      const place = order.findIndex((c) => exercise.choices[c].right) + 1;
      marked(exercise, place === 1, 1 / place, { order, seen, place });
    };
    reveal();
    more.focus({ preventScroll: true });
  };

  const chain = (links, parent) => {
    const list = make("ol", parent, undefined, { class: "chain", "aria-label": "Chain" });
    for (const link of links) make("li", list, link.label);
  };
  const reasons = (exercise, which, parent) => {
    const list = make("ul", parent, undefined, { class: "told reasons" });
    for (const e of exercise.reasons[which]) {
      const times = (10 ** Math.abs(e.log10_lr)).toPrecision(2), basis = { published: "published figure", derived: "follows from anatomy", estimate: "estimate" }[e.kind];
      make("li", list, `${e.finding}: ${Number(times)} times ${e.effect === "for" ? "likelier" : "less likely"} (${basis})`, { "data-sign": e.effect === "for" ? "+" : "−" });
    }
    if (!list.children.length) make("li", list, "nothing clear for or against it", { "data-sign": "·" });
  };
  const caseAnswer = (exercise, { order, seen, place }, box) => {
    make("p", box, `You put it in place ${place} after ${seen} of ${exercise.steps.length} findings.`);
    const last = exercise.steps[exercise.steps.length - 1].beliefs;
    make("h3", box, "For and against, in your order");
    for (const c of order) {
      const details = make("details", box);
      details.open = exercise.choices[c].right || c === order[0];
      make("summary", details, `${exercise.choices[c].label}: the model's belief ${percent(last[c])}`);
      reasons(exercise, c, details);
      make("p", details).append(make("a", null, `All about ${exercise.choices[c].label}`, { href: thing(exercise.choices[c].id) }));
    }
    make("h3", box, "How the belief moved");
    const wide = make("div", box, undefined, { class: "wide", tabindex: "0", role: "region", "aria-label": "How the belief moved" });
    const table = make("table", wide, undefined, { class: "moved" }), head = make("tr", make("thead", table));
    make("th", head, "After", { scope: "col" });
    for (const choice of exercise.choices) make("th", head, choice.label, { scope: "col" });
    const body = make("tbody", table);
    for (const step of exercise.steps) {
      const row = make("tr", body);
      make("th", row, step.status === "present" ? step.finding : `not found: ${step.finding}`, { scope: "row" });
      for (const belief of step.beliefs) make("td", row, percent(belief));
    }
    make("p", box, "The percentages are the model's own belief over all conditions it knows; they are no diagnosis.", { class: "small" });
  };
  const marked = (exercise, right, share, ranked) => {
    run.right += Number(right);
    run.share += share;
    if (!right) run.missed.push(exercise);
    keep(exercise, right);
    const box = at("quiz-answer"), answer = exercise.choices.find((c) => c.right);
    make("h2", box, right ? "Right." : `No: ${answer.label}.`, { class: `quiz-verdict ${right ? "right" : "wrong"}` });
    make("p", box, exercise.explanation);
    if (ranked) caseAnswer(exercise, ranked, box);
    if (exercise.paths.length) {
      make("h3", box, "The chain");
      const shown = make("div", box, undefined, { class: "shown" });
      const words = make("div", shown);
      exercise.paths.slice(0, 2).forEach((path) => chain(path, words));
      if (exercise.pictures?.[0]) make("img", shown, undefined, { src: exercise.pictures[0], alt: "Drawing of the first chain" });
    }
    const list = make("ul", box, undefined, { class: "small", "aria-label": "Sources" });
    for (const source of exercise.sources.slice(0, 4)) make("li", list, source);
    if (!list.children.length) list.remove();
    const links = make("p", box, "Look it up: ", { class: "small" });
    exercise.about.forEach((t, i) => {
      if (i) links.append(" · ");
      make("a", links, t.label, { href: thing(t.id) });
    });
    box.hidden = at("quiz-next").hidden = false;
    at("quiz-bar").value = run.n + 1;
    at("quiz-next").textContent = run.n + 1 < run.exercises.length ? "Next question" : "See how it went";
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };
  at("quiz-next").onclick = () => {
    run.n += 1;
    if (run.n < run.exercises.length) return ask();
    at("quiz-run").hidden = true;
    at("quiz-alarms").replaceChildren();
    const end = at("quiz-end");
    end.replaceChildren();
    make("h2", end, `${run.right} of ${run.exercises.length} right`, { id: "quiz-end-title" });
    if (run.share > run.right) make("p", end, `${run.share.toFixed(1)} points with what was nearly right.`);
    if (run.missed.length) {
      make("p", end, "Missed, and coming back tomorrow:");
      const list = make("ul", end);
      for (const e of run.missed) make("li", list, `${e.text} → ${e.choices.find((c) => c.right).label}`);
    } else make("p", end, "Nothing missed.");
    const again = make("button", make("p", end), "Choose another", { type: "button", class: "main" });
    again.onclick = () => { end.hidden = true; start.hidden = false; start.elements.set.focus(); };
    end.hidden = false;
    end.focus();
  };

  const fetchSet = async (level, number) => {
    const name = `${level}-${number}`;
    try { begin((await loaded(name)).exercises, name); }
    catch { tell(`Set ${number} could not be loaded. ${isStatic ? `These pages hold sets 1 to ${start.dataset.sets}.` : "Is the program still running?"}`); }
  };
  start.onsubmit = (event) => {
    event.preventDefault();
    const level = new FormData(start).get("level"), number = start.elements.set.valueAsNumber;
    const asked = new URLSearchParams({ level, set: number });
    try { history.replaceState(null, "", `?${asked}`); } catch { /* a file may refuse */ }
    fetchSet(level, number);
  };
  at("quiz-due").onclick = () => begin(due(), "due");

  const wanted = new URLSearchParams(location.search), level = wanted.get("level"), number = Number(wanted.get("set"));
  if (LEVELS.includes(level)) start.elements.level.value = level;
  if (Number.isInteger(number) && number >= 1 && number <= Number(start.dataset.sets)) start.elements.set.value = number;
  showDue();
  page.dataset.quiz = "ready";
})();
