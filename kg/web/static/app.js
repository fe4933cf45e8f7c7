"use strict";
// Type-ahead, basket, copy buttons, and reasons that light up in the picture. Pages work without it.
(() => {
  const page = document.documentElement;
  const root = page.dataset.root, isStatic = page.dataset.static === "yes";
  const make = (tag, text, parent) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  };
  const ready = (run) => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run();

  // All names, loaded when first needed. A script, because a page opened from a folder may load no data file.
  let loading;
  const names = () => loading ??= new Promise((resolve, reject) => {
    const script = make("script");
    const version = [...document.scripts].find((s) => /static\/app\.js/.test(s.src))?.src.split("?")[1];
    script.src = `${root}static/names.js` + (version ? `?${version}` : "");
    script.onload = () => resolve(window.KG_NAMES.map(([label, kind, slug, others]) => {
      const texts = [label, ...others];
      return { label, kind, slug, texts, plain: texts.map(plain) };
    }));
    script.onerror = reject;
    document.head.append(script);
  });
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f'’`]/g, "").replace(/[-–—_]/g, " ").toLowerCase();
  const FINDINGS = new Set(["Symptom", "Sign", "ClinicalTest", "LabFinding", "HistoryItem", "RiskFactor", "Finding"]);
  const MOST = 12;
  // Same name, beginning of the name, beginning of each word, anywhere; short names first.
  const grade = (name, sought, words) =>
    name === sought ? 0 : name.startsWith(sought) ? 1 : words.every((w) => (" " + name).includes(" " + w)) ? 2 : words.every((w) => name.includes(w)) ? 3 : 9;
  const found = (all, text, onlyFindings) => {
    const sought = plain(text).trim(), words = sought.split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const out = [];
    for (const thing of all) {
      if (onlyFindings && !FINDINGS.has(thing.kind)) continue;
      let best = 9, which = 0;
      for (let i = 0; i < thing.plain.length && best > 0; i++) {
        const g = grade(thing.plain[i], sought, words);
        if (g < best) [best, which] = [g, i];
      }
      if (best < 9) out.push({ thing, best, name: thing.texts[which], own: which === 0 });
    }
    out.sort((a, b) => a.best - b.best || a.own < b.own || a.name.length - b.name.length || a.name.localeCompare(b.name));
    return out.slice(0, MOST);
  };

  let serial = 0;
  const typeAhead = (input, onlyFindings, choose) => {
    const list = make("ul");
    list.className = "suggestions";
    list.id = `suggestions-${++serial}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", onlyFindings ? "Findings" : "Things");
    list.hidden = true;
    input.after(list);
    for (const [k, v] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(k, v);
    let shown = [], at = -1;
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (i) => {
      at = i;
      [...list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === i)));
      if (i < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[i].id);
      list.children[i].scrollIntoView({ block: "nearest" });
    };
    const show = async () => {
      const text = input.value, all = await names();
      if (text !== input.value) return;
      shown = found(all, text, onlyFindings);
      list.replaceChildren();
      shown.forEach(({ thing, name, own }, i) => {
        const li = make("li", undefined, list);
        li.id = `${list.id}-${i}`;
        li.setAttribute("role", "option");
        make("span", name, li);
        const kind = thing.kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
        make("span", " " + (own ? kind : `→ ${thing.label} · ${kind}`), li).className = "small";
        li.addEventListener("mousedown", (e) => { e.preventDefault(); close(); choose(shown[i]); });
      });
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      point(-1);
    };
    input.addEventListener("focus", names, { once: true });
    input.addEventListener("input", show);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (e) => {
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        if (list.hidden) return void show();
        e.preventDefault();
        const n = shown.length, step = e.key === "ArrowDown" ? 1 : -1;
        point(at < 0 && step < 0 ? n - 1 : (at + step + n + 1) % (n + 1) === n ? -1 : (at + step + n + 1) % (n + 1));
      } else if (e.key === "Escape" && !list.hidden) {
        e.preventDefault();
        e.stopPropagation();
        close();
      } else if (e.key === "Enter" && !list.hidden && at >= 0) {
        e.preventDefault();
        const chosen = shown[at];
        close();
        choose(chosen);
      } else if (e.key === "Enter" && isStatic && input.dataset.suggest === "go") {
        e.preventDefault();
        show().then(() => { if (shown.length) choose(shown[0]); });
      }
    });
  };
  const go = ({ thing }) => { location.href = `${root}id/${encodeURIComponent(thing.slug)}${isStatic ? ".html" : ""}`; };

  const basket = (form) => {
    const input = form.querySelector("[data-suggest=finding]");
    const asked = () => form.querySelector("[data-as]:checked").value;
    const send = () => {
      const side = form.querySelector("[data-side]").value;
      if (input.value.trim() && side) input.value = `${side} ${input.value.trim()}`;
      input.name = asked();
      for (const field of form.querySelectorAll("[data-as]")) field.disabled = true;  // they say how, and are no part of the case
      for (const field of form.querySelectorAll("input[name], select[name]")) if (!field.value.trim()) field.disabled = true;
      if (form.querySelector("input[name=present]:enabled, input[name=absent]:enabled")) form.submit();
      else for (const field of form.elements) field.disabled = false;
    };
    form.addEventListener("submit", (e) => { e.preventDefault(); send(); });
    typeAhead(input, true, ({ name }) => { input.value = name; send(); });
  };

  const copies = () => {
    for (const button of document.querySelectorAll(".copy")) {
      const words = button.textContent;
      button.addEventListener("click", async () => {
        const node = button.dataset.copy && document.getElementById(button.dataset.copy);
        const text = node ? (node.tagName === "OL" ? [...node.children].map((li) => li.firstChild.textContent.trim()).join("\n") : node.textContent) : location.href;
        button.textContent = await copied(text) ? "Copied" : "Select and copy by hand";
        setTimeout(() => { button.textContent = words; }, 2000);
      });
    }
  };
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {  // no clipboard for pages from a folder: the old way
      const area = make("textarea", undefined, document.body);
      area.value = text;
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const reasons = () => {
    for (const details of document.querySelectorAll("details[data-chain]")) {
      details.addEventListener("toggle", () => {
        const from = JSON.parse(details.dataset.chain), to = JSON.parse(details.dataset.ends);
        const links = details.open ? from.map((s, i) => [s, to[i]]) : [];
        document.dispatchEvent(new CustomEvent("kg:light", { detail: links }));
      });
      details.querySelector("[data-look]")?.addEventListener("click", () => document.getElementById("picture").scrollIntoView());
    }
  };
  const narrow = () => {
    for (const input of document.querySelectorAll("[data-narrow]")) {
      const items = [...document.getElementById(input.dataset.narrow).children].map((li) => [li, plain(li.textContent)]);
      input.addEventListener("input", () => {
        const words = plain(input.value).split(/\s+/).filter(Boolean);
        for (const [li, text] of items) li.hidden = !words.every((w) => text.includes(w));
      });
    }
  };

  // A folder of files has no server to search: the page does it.
  const searchHere = async () => {
    const input = document.getElementById("static-find"), list = document.querySelector("ul.results");
    const text = new URLSearchParams(location.search).get("q");
    if (!input || !list || !text) return;
    input.value = text;
    for (const { thing, name, own } of found(await names(), text, false)) {
      const li = make("li", undefined, list);
      make("a", name, li).href = `${root}id/${encodeURIComponent(thing.slug)}.html`;
      if (!own) make("span", ` → ${thing.label}`, li).className = "small";
    }
    if (!list.children.length) make("li", "Nothing has this name. Try fewer or other words.", list);
  };

  ready(() => {
    for (const form of document.querySelectorAll("[data-basket]")) basket(form);
    for (const input of document.querySelectorAll("[data-suggest=go]")) typeAhead(input, false, go);
    copies();
    reasons();
    narrow();
    if (isStatic) searchHere();
    page.dataset.alive = "yes";
  });
})();
