"use strict";
// Adds up what findings say of places, exactly as the program does, and keeps sheet, map and bars in step.
(() => {
  const MOST = 8, SIDES = ["left", "right"], TWO = "bilateral ";
  const parted = (table, text) => {
    const known = (words) => Object.hasOwn(table.phrases, words) ? table.phrases[words] : undefined;
    if (text.startsWith(TWO) && known(text.slice(TWO.length))) return [known(text.slice(TWO.length)), "both"];
    for (const side of SIDES) {
      const words = text.endsWith(`, ${side}`) && text.slice(0, -side.length - 2);
      if (words && known(words)) return [known(words), side];
    }
    return [known(text), ""];
  };

  // Pairs of status and phrase → { localization, unmatched, alarms }.
  window.kgLocalize = (table, pairs, top = MOST) => {
    const useful = [], unmatched = [], said = new Map();
    for (const status of ["present", "absent"]) {
      for (const [kind, text] of pairs) {
        if (kind !== status) continue;
        const [phrase, side] = parted(table, text);
        if (!phrase) { unmatched.push(text); continue; }
        for (const finding of phrase.findings) useful.push({ status, text, side, finding });
        if (status === "present") for (const id of phrase.means) if (!said.has(id)) said.set(id, text);
      }
    }
    const present = useful.filter((u) => u.status === "present");
    const organs = new Set(present.flatMap((u) => u.finding.organs));
    const bothSides = organs.size > 1 || present.some((u) => u.side === "both" || u.finding.both);
    const localization = [];
    table.places.forEach((place, n) => {
      let total = 0;
      const explains = new Set();
      for (const { status, text, finding } of useful) {
        const [points, explained] = finding[status].at[n] ?? [finding[status].else, false];
        total += points;
        if (explained) explains.add(text);
      }
      if (!explains.size) return;
      const charged = place.cost + (place.one_sided && bothSides ? table.both_sides : 0);
      localization.push({ id: place.id, label: place.label, kind: place.kind, score: Number((total - charged).toFixed(2)), explains: [...explains] });
    });
    localization.sort((a, b) => b.score - a.score || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
    const order = ["emergency", "same_day", "soon", "routine"];
    const alarms = table.flags.filter((f) => f.criteria.some((c) => c.every((s) => s.some((id) => said.has(id)))))
      .sort((a, b) => order.indexOf(a.urgency) - order.indexOf(b.urgency) || (a.label < b.label ? -1 : 1));
    return { localization: localization.slice(0, top), unmatched, alarms };
  };

  const make = (tag, given, parent, text) => {
    const node = tag === "svg" || tag === "rect" ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [k, v] of Object.entries(given)) node.setAttribute(k, v);
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  };
  const address = (id) => `${document.documentElement.dataset.root}id/${encodeURIComponent(id.split("/").at(-1))}.html`;
  const URGENCY = { emergency: "Emergency: now", same_day: "Same day", soon: "Soon: within days", routine: "Routine" };
  const here = (table, pairs) => {
    const found = window.kgLocalize(table, pairs), box = document.createElement("div");
    if (found.alarms.length) {
      const region = make("section", { class: "alarms", role: "region", "aria-label": "Alarms" }, box);
      make("h2", {}, region, "Alarms");
      const list = make("ul", {}, region);
      for (const a of found.alarms) {
        const li = make("li", { class: a.urgency }, list), h = make("h3", {}, li);
        make("span", { class: `tag ${a.urgency}` }, h, URGENCY[a.urgency]);
        h.append(" ");
        make("a", { href: address(a.id) }, h, a.label);
        make("p", { class: "action" }, li, a.action);
      }
    }
    if (found.localization.length) {
      const list = make("ol", { class: "places-now" }, box), most = Math.max(found.localization[0].score, 1);
      for (const s of found.localization) {
        const li = make("li", { "data-id": s.id }, list), head = make("span", {}, li);
        make("a", { href: address(s.id) }, head, s.label);
        head.append(" ");
        make("span", { class: "tag" }, head, s.kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase());
        make("span", { class: "number" }, li, (s.score < 0 ? "" : "+") + s.score.toFixed(2));
        const bar = make("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, li);
        make("rect", { class: "track", width: "100", height: "8" }, bar);
        make("rect", { class: s.score < 0 ? "fill minus" : "fill", width: Math.min(100, Math.abs(100 * s.score / most)).toFixed(1), height: "8" }, bar);
        make("span", { class: "small", dir: "auto" }, li, `explains ${s.explains.join("; ")}`);
      }
      make("p", { class: "small" }, box, "Log10 of how much better a lesion there explains the pattern than chance, what is spared included: +1 is ten times. Bars of another colour speak against. A score compares places; it is no diagnosis. Red flags that depend on age need the program.");
    } else make("p", {}, box, pairs.length ? "No place of the graph explains these findings." : "Mark the map or fill in the sheet: places appear here, best first.");
    if (found.unmatched.length) make("p", { class: "unmatched", dir: "auto" }, box, `Not in these tables, and not used: ${found.unmatched.join(" · ")}`);
    return box;
  };

  // Bars grow from where they were.
  const swap = (places, fresh) => {
    const bars = (root) => new Map([...root.querySelectorAll("[data-id]")].map((li) => [li.dataset.id, li.querySelector(".fill")]));
    const before = new Map([...bars(places)].map(([id, bar]) => [id, bar.getAttribute("width")]));
    const now = bars(fresh), after = new Map([...now].map(([id, bar]) => [id, bar.getAttribute("width")]));
    for (const [id, bar] of now) bar.setAttribute("width", before.get(id) ?? "0");
    places.replaceChildren(...fresh.childNodes);
    requestAnimationFrame(() => requestAnimationFrame(() => { for (const [id, bar] of now) bar.setAttribute("width", after.get(id)); }));
    const first = places.querySelector(".places-now a"), alarm = places.querySelector(".alarms h3 a");
    document.getElementById("places-said").textContent = (alarm ? `Alarm: ${alarm.textContent}. ` : "") + (first ? `Best place: ${first.textContent}.` : "No place yet.");
    places.dataset.done = String(Number(places.dataset.done ?? 0) + 1);
  };

  document.addEventListener("kg:map", () => {
    const places = document.getElementById("places"), basket = window.kgBasket;
    if (!places) return;
    const rows = [...document.querySelectorAll(".exam select")];
    let asked = 0;
    const show = async () => {
      if (window.KG_LOCALIZE) return swap(places, here(window.KG_LOCALIZE, basket.pairs));
      const turn = ++asked, query = basket.query();
      try {
        const text = await (await fetch(`localize${query ? `?${query}` : ""}`, { headers: { Accept: "text/html" } })).text();
        const page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("places");
        if (turn !== asked) return;
        if (!fresh) throw new Error("no answer");
        swap(places, fresh);
        const recipe = page.querySelector("section.recipe"), old = document.querySelector("section.recipe");
        if (old && recipe) old.replaceWith(recipe);
        else if (recipe) document.getElementById("main").append(recipe);
      } catch {
        places.replaceChildren();
        make("p", {}, places, "The program does not answer. Is kg serve still running?");
      }
    };
    const fill = () => {
      for (const select of rows) {
        const words = select.dataset.words, has = (kind, text) => basket.has(kind, text);
        const found = ["both", ...SIDES, ""].filter((side) => has("present", basket.sided(words, side)));
        const side = SIDES.every((s) => found.includes(s)) ? "both" : found[0];
        const value = side !== undefined ? `+${basket.sided(words, side)}` : has("absent", words) ? `-${words}` : "";
        select.value = value;
        select.closest(".item").classList.toggle("set", value !== "");
      }
    };
    for (const select of rows) {
      select.addEventListener("change", () => {
        const words = select.dataset.words, { value } = select;
        for (const side of ["both", ...SIDES, ""]) basket.remove("present", basket.sided(words, side));
        basket.remove("absent", words);
        if (value) basket.add(value[0] === "+" ? "present" : "absent", value.slice(1));
        basket.changed();
      });
    }
    basket.listeners.push(fill, show);
    fill();
    if (window.KG_LOCALIZE && basket.pairs.length) show();
  });
})();
