"use strict";
// The query page: editor with completion, examples, and the result as table, chart, CSV and Python.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const ROWS_AT_ONCE = 500;
  const BARS = 40;
  let words = [];
  let shown = null; // {query, head, rows} | {query, truth} | {query, triples}
  let running = null;
  let tab = "table";

  // The editor

  const curie = (iri) => {
    for (const [prefix, start] of Object.entries(data.prefixes)) {
      if (iri.startsWith(start) && iri.length > start.length) return `${prefix}:${iri.slice(start.length)}`;
    }
    return null;
  };

  const completer = {
    name: "kg",
    bulk: false,
    autoShow: false,
    isValidCompletionPosition: (yasqe) => {
      const token = yasqe.getCompleteToken();
      return !/^[?$#"']/.test(token.string) && token.type !== "comment";
    },
    get: (yasqe, token) => {
      const typed = (token ? token.string : "").trim().replace(/^</, "").toLowerCase();
      const prefix = /^([\w-]*):/.exec(typed);
      const part = prefix ? typed.slice(prefix[0].length) : typed;
      const found = [];
      for (const [iri, label, kind] of words) {
        const short = curie(iri);
        if (!short || (prefix && !short.toLowerCase().startsWith(prefix[0]))) continue;
        const local = short.split(":")[1].toLowerCase();
        const at = Math.min(...[local.indexOf(part), label.toLowerCase().indexOf(part)].map((n) => (n < 0 ? 999 : n)));
        if (at < 999) found.push([at + (kind === "thing" ? 0.5 : 0), short]);
      }
      return found.sort((a, b) => a[0] - b[0] || a[1].localeCompare(b[1])).slice(0, 60).map((f) => f[1]);
    },
    postprocessHints: (yasqe, hints) => {
      const label = Object.fromEntries(words.map((w) => [curie(w[0]), `${w[1]} (${w[2]})`]));
      return hints.map((h) => ({ ...h, displayText: `${h.text}  ${label[h.text] || ""}` }));
    },
  };

  document.body.classList.add("scripted");
  const area = byId("query");
  const Editor = window.Yasqe.default || window.Yasqe.Yasqe || window.Yasqe;
  // The editor's own completers of classes and properties would ask a server on the internet.
  Editor.defaults.autocompleters = [];
  Editor.registerAutocompleter(completer, false);
  const editor = new Editor(byId("editor"), {
    value: area.value,
    persistenceId: null,
    showQueryButton: false,
    resizeable: false,
    syntaxErrorCheck: false, // it would mark known prefixes as faults; the endpoint says what is wrong
    viewportMargin: Infinity,
    autocompleters: ["kg", "variables"],
    createShareableLink: null, // the address of the page is the link
    consumeShareLink: null,
    extraKeys: {
      "Ctrl-Space": () => editor.autocomplete(),
      "Ctrl-Enter": () => run(),
      "Cmd-Enter": () => run(),
      "Ctrl-/": () => editor.commentLines(),
      Esc: () => editor.getInputField().blur(),
      Tab: false, // so that the keyboard can leave the editor
      "Shift-Tab": false,
    },
  });
  editor.getInputField().setAttribute("aria-label", "Query");
  fetch("query/words.json").then((r) => r.json()).then((found) => { words = found; }, () => {});

  // Questions

  const members = {};
  async function membersOf(kind) {
    const query = `SELECT DISTINCT ?iri ?label { ?iri a ${kind} ; skos:prefLabel|rdfs:label ?label } ORDER BY ?label`;
    const headers = { Accept: "application/sparql-results+json" };
    const answer = await fetch("sparql", { method: "POST", body: new URLSearchParams({ query }), headers });
    return (await answer.json()).results.bindings.map((row) => [curie(row.iri.value), row.label.value]);
  }
  const panel = window.questionPanel({
    place: byId("question"),
    choices: (kind) => (members[kind] ||= membersOf(kind)),
    setValue: (name, term) => {
      const place = new RegExp(`(VALUES \\?${name} \\{)[^{}]*(\\})`, "g");
      editor.setValue(editor.getValue().replace(place, (_, start, end) => `${start} ${term} ${end}`));
      run();
    },
  });

  // Asking

  const say = (text, fault = false) => {
    byId("status").textContent = text;
    byId("status").classList.toggle("fault", fault);
  };
  const kindOf = (query) => {
    const bare = query.replace(/<[^>\s]*>|"[^"\n]*"|'[^'\n]*'|#.*$/gm, " ");
    const found = /\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.exec(bare);
    return found ? found[1].toUpperCase() : "SELECT";
  };
  const triplesWanted = (query) => /CONSTRUCT|DESCRIBE/.test(kindOf(query));

  async function run() {
    const query = editor.getValue();
    if (running) running.abort();
    running = new AbortController();
    const mine = running;
    byId("stop").hidden = false;
    say("Asking …");
    history.replaceState(null, "", `${location.pathname}?query=${encodeURIComponent(query)}`);
    const began = performance.now();
    try {
      const answer = await fetch("sparql", {
        method: "POST",
        body: new URLSearchParams({ query }),
        headers: { Accept: triplesWanted(query) ? "text/turtle" : "application/sparql-results+json" },
        signal: mine.signal,
      });
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      if (!answer.ok) {
        const fault = await answer.json().catch(() => ({ detail: `The server answered ${answer.status}.` }));
        byId("result").hidden = true;
        say(fault.detail, true);
        return;
      }
      if (triplesWanted(query)) {
        shown = { query, triples: await answer.text() };
        say(`Triples in ${seconds} s`);
      } else {
        const found = await answer.json();
        shown = "boolean" in found
          ? { query, truth: found.boolean }
          : { query, head: found.head.vars, rows: found.results.bindings };
        panel.mark(query, shown.rows ? shown.rows.map((row) => shown.head.map((name) => text(row[name]))) : [[String(shown.truth)]]);
        say("boolean" in found ? `Answer in ${seconds} s` : `${shown.rows.length} ${shown.rows.length === 1 ? "row" : "rows"} in ${seconds} s`);
      }
      byId("result").hidden = false;
      show(tab);
    } catch (error) {
      say(error.name === "AbortError" ? "Stopped." : "The server cannot be reached.", error.name !== "AbortError");
    } finally {
      if (running === mine) { running = null; byId("stop").hidden = true; }
    }
  }

  // Showing. Everything from the data is set as text, never as markup.

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
    made.append(...children);
    return made;
  };
  const NUMBER = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/;
  const isNumber = (cell) => Boolean(cell && cell.type === "literal" && NUMBER.test(cell.datatype || "") && isFinite(cell.value));
  const text = (cell) => (!cell ? "" : cell.type === "uri" ? curie(cell.value) || cell.value : cell.value);

  function cellOf(cell) {
    if (!cell || cell.type !== "uri") return element("td", isNumber(cell) ? { class: "number" } : {}, text(cell));
    const short = curie(cell.value);
    const own = short && short.startsWith("id:");
    const href = own ? `id/${encodeURIComponent(short.slice(3))}` : cell.value;
    return element("td", {}, /^https?:/.test(cell.value) ? element("a", { href }, short || cell.value) : cell.value);
  }

  function table(result) {
    const order = { by: null, down: false };
    const made = element("table");
    const fill = (most) => {
      const rows = order.by === null ? result.rows : [...result.rows].sort((a, b) => {
        const [x, y] = [a[order.by], b[order.by]];
        const way = isNumber(x) && isNumber(y) ? x.value - y.value : text(x).localeCompare(text(y));
        return order.down ? -way : way;
      });
      const heads = result.head.map((name) => {
        const button = element("button", { type: "button", title: "Sort" }, name);
        button.onclick = () => { order.down = order.by === name && !order.down; order.by = name; fill(most); };
        const sort = order.by !== name ? "none" : order.down ? "descending" : "ascending";
        return element("th", { scope: "col", "aria-sort": sort }, button);
      });
      const body = rows.slice(0, most).map((row) => element("tr", {}, ...result.head.map((name) => cellOf(row[name]))));
      const parts = [element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...body)];
      made.replaceChildren(...parts);
      more.hidden = rows.length <= most;
      more.textContent = `Show all ${rows.length} rows`;
    };
    const more = element("button", { type: "button" });
    more.onclick = () => fill(Infinity);
    fill(ROWS_AT_ONCE);
    return result.rows.length ? [made, more] : [element("p", {}, "No rows: nothing in the graph fits.")];
  }

  function chart(result) {
    if (!result.rows.length) return [element("p", {}, "No rows to draw.")];
    const numbers = result.head.filter((h) => result.rows.some((r) => isNumber(r[h])));
    const names = result.head.filter((h) => !numbers.includes(h));
    const pick = (label, options) => {
      const select = element("select", {}, ...options.map(([v, t]) => element("option", { value: v }, t)));
      select.onchange = draw;
      return [element("label", {}, `${label} `, select), select];
    };
    const labels = (names.length ? names : result.head).map((n) => [n, n]);
    const [nameLabel, nameSelect] = pick("Bars for", labels);
    const [sizeLabel, sizeSelect] = pick("Length", [...numbers.map((n) => [n, n]), ["", "number of rows"]]);
    const place = element("div");
    function draw() {
      const sums = new Map();
      for (const row of result.rows) {
        const key = text(row[nameSelect.value]) || "(none)";
        const value = sizeSelect.value ? Number(isNumber(row[sizeSelect.value]) ? row[sizeSelect.value].value : 0) : 1;
        sums.set(key, sizeSelect.value ? Math.max(sums.get(key) ?? -Infinity, value) : (sums.get(key) || 0) + value);
      }
      const bars = [...sums].sort((a, b) => b[1] - a[1]).slice(0, BARS);
      place.replaceChildren(drawing(bars), element("p", { class: "small" }, note(sums.size)));
    }
    const note = (all) => `${all > BARS ? `The ${BARS} longest of ${all}. ` : ""}${sizeSelect.value ? "Where a name stands in several rows, its largest value is drawn." : ""}`;
    draw();
    return [element("div", { class: "choices" }, nameLabel, sizeLabel), place];
  }

  function drawing(bars) {
    const SVG = "http://www.w3.org/2000/svg";
    const svg = (name, attributes, ...children) => {
      const made = document.createElementNS(SVG, name);
      for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
      made.append(...children);
      return made;
    };
    const width = Math.max(300, byId("panel").clientWidth - 8);
    const left = Math.min(280, width * 0.45);
    const top = Math.max(...bars.map((b) => b[1]), 0);
    const row = 24;
    const letters = Math.floor(left / 8.2);
    const parts = bars.flatMap(([name, value], i) => {
      const length = top > 0 ? Math.max(1, (width - left - 70) * Math.max(0, value) / top) : 1;
      const short = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
      return [
        svg("text", { x: left - 6, y: i * row + 16, "text-anchor": "end" }, svg("title", {}, name), short),
        svg("rect", { x: left, y: i * row + 4, width: length, height: row - 8 }),
        svg("text", { x: left + length + 6, y: i * row + 16 }, String(+value.toFixed(4))),
      ];
    });
    const words = bars.map((b) => `${b[0]}: ${+b[1].toFixed(4)}`).join("; ");
    return svg("svg", { width, height: bars.length * row + 4, role: "img", "aria-label": `Bar chart. ${words}` }, ...parts);
  }

  function python(query) {
    const quoted = `"""${query.replace(/\\/g, "\\\\").replace(/"""/g, '\\"\\"\\"').trim()}\n"""`;
    const endpoint = new URL("sparql", location.href).href;
    const kind = kindOf(query);
    const ways = {
      SELECT: "rows = g.select(query)  # dictionaries; all variables stand in rows.columns\n\n# as a table with types, with pip install 'backleg-kg[frames]':\n# rows.to_pandas()\n# rows.to_polars()",
      ASK: "truth = g.sparql(query)",
    };
    const own = `import kg\n\nquery = ${quoted}\ng = kg.load()\n${ways[kind] || "triples = g.construct(query)  # an rdflib graph"}`;
    const wire = `# the same over the network, with pip install sparqlwrapper\nfrom SPARQLWrapper import SPARQLWrapper, ${triplesWanted(query) ? "TURTLE" : "JSON"}\n\nendpoint = SPARQLWrapper("${endpoint}")\nendpoint.setQuery(query)\nendpoint.setReturnFormat(${triplesWanted(query) ? "TURTLE" : "JSON"})\nanswer = endpoint.query().convert()`;
    const code = `${own}\n\n${wire}\n`;
    const copy = element("button", { type: "button" }, "Copy");
    copy.onclick = () => navigator.clipboard.writeText(code).then(() => { copy.textContent = "Copied"; });
    return [element("pre", {}, code), element("p", {}, copy)];
  }

  function show(kind) {
    tab = kind;
    for (const name of ["table", "chart", "python"]) {
      const button = byId(`tab-${name}`);
      button.setAttribute("aria-selected", String(name === kind));
      button.tabIndex = name === kind ? 0 : -1;
    }
    if (!shown) return;
    const format = shown.triples === undefined ? "csv" : "turtle";
    byId("download").href = `sparql?format=${format}&query=${encodeURIComponent(shown.query)}`;
    byId("download").download = `result.${format === "csv" ? "csv" : "ttl"}`;
    byId("download").textContent = format === "csv" ? "CSV" : "Turtle";
    let parts;
    if (kind === "python") parts = python(shown.query);
    else if (shown.triples !== undefined) parts = kind === "table" ? [element("pre", {}, shown.triples)] : [element("p", {}, "A chart needs rows: this query gives triples.")];
    else if (shown.truth !== undefined) parts = [element("p", {}, shown.truth ? "Yes." : "No.")];
    else parts = kind === "table" ? table(shown) : chart(shown);
    byId("panel").replaceChildren(...parts);
    byId("panel").setAttribute("aria-labelledby", `tab-${kind}`);
  }

  // Wiring

  byId("ask").addEventListener("submit", (e) => { e.preventDefault(); run(); });
  byId("stop").onclick = () => running && running.abort();
  const tabs = ["table", "chart", "python"];
  for (const name of tabs) {
    byId(`tab-${name}`).onclick = () => show(name);
    byId(`tab-${name}`).onkeydown = (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(name) + step + tabs.length) % tabs.length];
      show(next);
      byId(`tab-${next}`).focus();
    };
  }
  byId("examples").addEventListener("click", (e) => {
    const link = e.target.closest("[data-example]");
    if (!link) return;
    e.preventDefault();
    open(link.dataset.example, true);
  });
  function open(name, scroll) {
    const example = data.questions.find((q) => q.name === name);
    if (!example) return;
    panel.open(example);
    editor.setValue(example.text);
    if (scroll) byId("work").scrollIntoView();
    run();
  }
  byId("find-question").addEventListener("input", (e) => {
    const wanted = e.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of document.querySelectorAll("#examples details")) {
      let any = false;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = !wanted.every((w) => item.textContent.toLowerCase().includes(w));
        any = any || !item.hidden;
      }
      group.hidden = !any;
      group.open = any && wanted.length > 0;
    }
  });
  const given = new URLSearchParams(location.search);
  if (given.get("example")) open(given.get("example"), false);
  else if (given.get("query")) { editor.setValue(given.get("query")); run(); }
})();
