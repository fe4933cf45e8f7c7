"use strict";
// The body map: colours by layer and source, areas as buttons, and the basket of marks, which lives in the address.
(() => {
  const ready = (run) => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run();
  const make = (tag, text, parent) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  };
  const draw = (tag, given, parent) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [k, v] of Object.entries(given)) node.setAttribute(k, v);
    parent.append(node);
    return node;
  };
  const KINDS = new Set(["present", "absent"]), KEPT = new Set(["age", "sex", "top"]);
  const isStatic = document.documentElement.dataset.static === "yes";

  // ---- the basket: pairs of kind and words, in the address and nowhere else
  const given = [...new URLSearchParams(location.search || location.hash.slice(1))];
  const basket = {
    pairs: given.filter(([k, v]) => KINDS.has(k) && v.trim()).map(([k, v]) => [k, v.trim()]),
    rest: given.filter(([k, v]) => KEPT.has(k) && v.trim()),
    listeners: [],
    query() { return new URLSearchParams([...this.pairs, ...this.rest]).toString(); },
    sided(words, side) { return side === "both" ? `bilateral ${words}` : side ? `${words}, ${side}` : words; },
    has(kind, words) { return this.pairs.some(([k, w]) => k === kind && w === words); },
    add(kind, words) { if (!this.has(kind, words)) this.pairs.push([kind, words]); },
    remove(kind, words) { this.pairs = this.pairs.filter(([k, w]) => k !== kind || w !== words); },
    changed() {
      const query = this.query();
      try { history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}`); }
      catch { location.hash = query; }  // some browsers let no page from a folder change its address
      for (const listener of this.listeners) listener();
    },
  };
  // The form for words has added its finding to the page; the address does not hold it yet.
  const shown = () => [...document.querySelectorAll("#map-basket li")].map((li) => [li.className, li.querySelector(".what").textContent]);

  const start = () => {
    const svg = document.getElementById("body-map"), holder = document.getElementById("body-data");
    if (!svg || !holder) return;
    const data = JSON.parse(holder.textContent);
    for (const [k, w] of shown()) basket.add(k, w);
    const shapes = [...svg.querySelectorAll(".area")];
    const labels = [...svg.querySelectorAll(".names text")];
    const at = (id) => document.getElementById(id);
    const checked = (name) => document.querySelector(`input[name=${name}]:checked`)?.value ?? "";
    for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
    svg.setAttribute("role", "group");

    let layer = svg.dataset.layer;
    const source = at("map-source");
    const painted = (area) => data.paints[`${layer}:${source?.value ?? ""}`][area];
    const structures = () => layer === "root" ? data.roots : data.nerves;
    const key = (shape) => `${shape.dataset.area}|${shape.dataset.side}`;
    const words = (area, quality, side) => data.areas[area].words[quality] && basket.sided(data.areas[area].words[quality], side);
    const marksOf = (shape) => data.qualities.filter((q) => {
      const said = data.areas[shape.dataset.area].words[q];
      return said && (basket.has("present", words(shape.dataset.area, q, shape.dataset.side)) || basket.has("present", said) || basket.has("present", basket.sided(said, "both")));
    });

    const sources = () => {
      if (!source) return;
      const heard = new Set(Object.values(data.areas).flatMap((a) => a.says[layer].map((s) => s.source)));
      source.replaceChildren(new Option("all sources", ""), ...[...heard].map((n) => new Option(data.sources[n], String(n))).sort((a, b) => a.text.localeCompare(b.text)));
    };
    const named = (shape) => {
      const p = painted(shape.dataset.area), found = p.ids.map((i) => structures()[i].label);
      const which = !found.length ? "no source says" : (p.how === "differ" ? "maps disagree: " : "") + found.join(", ");
      const marked = marksOf(shape);
      return `${shape.dataset.label}: ${which}${marked.length ? `; marked: ${marked.join(", ")}` : ""}`;
    };
    const paint = () => {
      for (const shape of shapes) shape.setAttribute("fill", painted(shape.dataset.area).fill);
      for (const text of labels) {
        const { words } = painted(text.dataset.of), size = Number(text.dataset.room.split(" ")[Math.max(words.length, 1) - 1] ?? 0);
        text.textContent = words;
        text.setAttribute("font-size", size);
      }
      for (const list of document.querySelectorAll(".legend[data-layer]")) list.hidden = list.dataset.layer !== layer;
      legible();
      name();
    };
    // Words too small to read wait until the view is closer; pointing at the area tells them anyway.
    const LEAST = 6.5;
    const legible = () => {
      const scale = svg.getScreenCTM()?.a ?? 1;
      for (const text of labels) text.setAttribute("display", Number(text.getAttribute("font-size")) * scale >= LEAST ? "inline" : "none");
    };
    addEventListener("resize", legible);
    const name = () => {
      for (const shape of shapes) {
        shape.setAttribute("aria-label", named(shape));
        shape.setAttribute("aria-pressed", String(marksOf(shape).length > 0));
      }
    };

    // ---- marks
    const mark = () => {
      const layerOfMarks = at("marks");
      layerOfMarks.replaceChildren();
      for (const shape of shapes) {
        const found = marksOf(shape), d = shape.getAttribute("d");
        if (found.length) draw("path", { d, class: "wash" }, layerOfMarks);
        for (const q of found) draw("path", { d, fill: `url(#mark-${q})` }, layerOfMarks);
      }
      const list = at("map-basket");
      list.replaceChildren();
      for (const [kind, text] of basket.pairs) {
        const li = make("li", undefined, list);
        li.className = kind;
        make("span", kind, li).className = "sign";
        const what = make("span", text, li);
        what.className = "what";
        what.dir = "auto";
        const out = make("button", "×", li);
        out.className = "out";
        out.type = "button";
        out.setAttribute("aria-label", `Take out: ${text}`);
        out.addEventListener("click", () => { basket.remove(kind, text); basket.changed(); });
      }
      at("basket-empty").hidden = basket.pairs.length > 0;
      const query = basket.query();
      for (const a of document.querySelectorAll("[data-go]")) a.setAttribute("href", a.getAttribute("href").split("?")[0] + (query ? `?${query}` : ""));
      for (const form of document.querySelectorAll("form.words")) {
        for (const old of form.querySelectorAll("input[name=present], input[name=absent]")) old.remove();
        for (const [k, w] of basket.pairs) form.prepend(Object.assign(make("input"), { type: "hidden", name: k, value: w }));
      }
      const command = at("map-command");
      if (command) {
        command.hidden = !basket.pairs.length;
        const quoted = (w) => `"${w.replace(/["$`\\]/g, "\\$&")}"`;
        command.querySelector("code").textContent = `kg explain ${basket.pairs.map(([k, w]) => (k === "absent" ? "--absent " : "") + quoted(w)).join(" ")}`;
      }
      name();
    };
    const change = (shape, quality) => {
      const { area, side } = shape.dataset, now = marksOf(shape);
      const clear = (q) => {
        basket.remove("present", words(area, q, side));
        basket.remove("present", data.areas[area].words[q]);
        const both = words(area, q, "both");
        if (basket.has("present", both)) {
          basket.remove("present", both);
          if (side) basket.add("present", words(area, q, side === "left" ? "right" : "left"));
        }
      };
      const can = data.qualities.filter((q) => data.areas[area].words[q]);
      if (quality === "none") now.forEach(clear);
      else if (quality) {
        if (!can.includes(quality)) return say(`No movement tests the power of the ${data.areas[area].label}.`);
        now.includes(quality) ? clear(quality) : basket.add("present", words(area, quality, side));
      } else {
        const next = can[now.length ? can.indexOf(now.at(-1)) + 1 : 0];
        now.forEach(clear);
        if (next) basket.add("present", words(area, next, side));
      }
      basket.changed();
      about(shape);
    };
    basket.listeners.push(mark);

    // ---- what is pointed at
    const said = at("map-said"), panel = at("map-about");
    const say = (text) => { if (said) said.textContent = text; };
    const line = (parent, title) => { make("dt", title, parent); return make("dd", undefined, parent); };
    const rows = (parent, area, which) => {
      const facts = data.areas[area], list = make("ul", undefined, parent);
      const all = which === "root" ? data.roots : data.nerves;
      for (const s of facts.says[which]) {
        const li = make("li", undefined, list);
        make("strong", all[s.id].label, li);
        const share = s.measured === undefined ? "" : `, found in ${Math.round(100 * s.measured)} %`;
        make("span", ` ${s.strength}${share}`, li);
        make("span", ` ${data.sources[s.source]}`, li).className = "small";
      }
      if (!facts.says[which].length) make("li", "no source of the graph says", list).className = "small";
      if (facts.as?.[which]) make("p", `As for the ${facts.as[which].label}.`, parent).className = "small";
    };
    const few = (items, most = 5) => items.slice(0, most).map((x) => x.label).join(", ") + (items.length > most ? " …" : "");
    const about = (shape) => {
      const { area } = shape.dataset, facts = data.areas[area];
      const top = data.paints["root:"][area], nerves = data.paints["nerve:"][area];
      const reflexes = [...new Set(top.ids.flatMap((i) => data.roots[i].reflexes.filter((r) => r.strength === "main").map((r) => r.label)))];
      const muscles = top.ids.slice(0, 3).map((i) => [data.roots[i], data.roots[i].muscles.filter((m) => m.strength === "main")]).filter(([, m]) => m.length);
      const marked = marksOf(shape);
      if (panel) {
        panel.replaceChildren();
        make("h2", shape.dataset.label, panel).id = "about-title";
        make("p", facts.definition, panel).className = "small";
        const dl = make("dl", undefined, panel);
        const roots = line(dl, top.how === "differ" ? "Roots" : "Root");
        if (top.how === "differ") make("p", "Published maps disagree.", roots).className = "differ";
        rows(roots, area, "root");
        const n = line(dl, "Nerve");
        rows(n, area, "nerve");
        line(dl, "Reflex").textContent = reflexes.join(", ") || "none at these roots";
        const m = line(dl, "Muscles");
        for (const [root, list] of muscles) make("div", `${root.short}: ${few(list)}`, m);
        if (!muscles.length) m.textContent = "none in the graph";
        if (facts.words.weakness) line(dl, "Weakness here is noted as").textContent = facts.words.weakness;
      }
      say(`${shape.dataset.label}. ${top.how === "differ" ? "Published maps disagree. " : ""}Root: ${few(top.ids.map((i) => data.roots[i])) || "none named"}. Nerve: ${few(nerves.ids.map((i) => data.nerves[i])) || "none named"}. Reflex: ${reflexes.join(", ") || "none"}. Muscle: ${muscles.map(([, l]) => few(l, 2)).join(", ") || "none"}. ${marked.length ? `Marked: ${marked.join(", ")}.` : "Not marked."}`);
      light(new Set(top.ids), false);
    };

    // ---- what belongs together lights up
    const light = (ids, onMap) => {
      for (const tr of document.querySelectorAll(".power tbody tr")) tr.classList.toggle("lit", tr.dataset.main.split(" ").some((i) => ids.has(i)));
      for (const li of document.querySelectorAll(".legend [data-structure]")) li.classList.toggle("lit", ids.has(li.dataset.structure));
      const speaks = (area) => Object.values(data.areas[area].says).flat().some((s) => ids.has(s.id));
      for (const node of [...shapes, ...labels]) node.classList.toggle("dim", onMap && !speaks(node.dataset.area ?? node.dataset.of));
    };
    const dark = () => light(new Set(), false);
    const lights = (node, ids) => {
      for (const event of ["pointerenter", "focusin"]) node.addEventListener(event, () => light(new Set(ids), ids.length > 0));
      for (const event of ["pointerleave", "focusout"]) node.addEventListener(event, dark);
    };
    for (const tr of document.querySelectorAll(".power tbody tr")) lights(tr, tr.dataset.main.split(" ").filter(Boolean));
    for (const li of document.querySelectorAll(".legend [data-structure]")) lights(li, [li.dataset.structure]);

    // ---- keys: one stop of Tab for each figure, arrows within
    const centre = new Map(shapes.map((s) => { const b = s.getBBox(); return [s, [b.x + b.width / 2, b.y + b.height / 2]]; }));
    const plateOf = (shape) => shape.parentNode.dataset.plate;
    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const next = (shape, [dx, dy]) => {
      const [x, y] = centre.get(shape);
      let best, least = Infinity;
      for (const other of shapes) {
        if (other === shape || plateOf(other) !== plateOf(shape)) continue;
        const [ox, oy] = centre.get(other), along = (ox - x) * dx + (oy - y) * dy, aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
        if (along > 1 && along + 2.5 * aside < least) [best, least] = [other, along + 2.5 * aside];
      }
      return best;
    };
    const ring = at("ring");
    const focus = (shape) => {
      for (const other of shapes) if (plateOf(other) === plateOf(shape)) other.setAttribute("tabindex", other === shape ? "0" : "-1");
      ring.replaceChildren();
      for (const name of ["under", "over"]) draw("path", { d: shape.getAttribute("d"), class: name }, ring);
      about(shape);
    };
    const LETTERS = { p: "pain", n: "numbness", t: "tingling", w: "weakness", Delete: "none", Backspace: "none" };
    const seen = new Set();
    for (const shape of shapes) {
      shape.setAttribute("role", "button");
      shape.setAttribute("tabindex", seen.has(plateOf(shape)) ? "-1" : "0");
      seen.add(plateOf(shape));
      shape.addEventListener("focus", () => focus(shape));
      shape.addEventListener("blur", () => ring.replaceChildren());
      shape.addEventListener("pointerenter", (e) => { if (e.pointerType !== "touch") about(shape); });
      shape.addEventListener("click", () => { shape.focus({ preventScroll: true }); change(shape, checked("map-mark")); });
      shape.addEventListener("keydown", (e) => {
        if (e.ctrlKey || e.metaKey || e.altKey) return;
        const letter = LETTERS[e.key.length === 1 ? e.key.toLowerCase() : e.key];
        if (STEPS[e.key]) next(shape, STEPS[e.key])?.focus();
        else if (e.key === "Enter" || e.key === " ") change(shape, checked("map-mark"));
        else if (letter) change(shape, letter);
        else return;
        e.preventDefault();
      });
    }

    // ---- tools
    for (const input of document.querySelectorAll("input[name=map-layer]")) input.addEventListener("change", () => { layer = input.value; sources(); paint(); });
    source?.addEventListener("change", paint);
    const view = at("map-view");
    const look = () => { svg.setAttribute("viewBox", data.views[view.value].join(" ")); legible(); };
    if (view) {
      view.addEventListener("change", look);
      if (matchMedia("(max-width: 600px)").matches) { view.value = "front-above"; look(); }
    }
    sources();
    paint();
    mark();
    window.kgBasket = basket;
    document.dispatchEvent(new CustomEvent("kg:map"));
    svg.dataset.ready = "yes";
  };
  ready(start);
})();
