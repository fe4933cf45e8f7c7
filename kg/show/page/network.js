"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const el = (id) => document.getElementById(id);
  const make = (tag, text, parent) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  };
  const flat = (label) => label.replaceAll("\n", " ");
  const byId = new Map(NODES.map((n) => [n.id, n]));
  const hidden = new Set(data.hidden);
  const nodes = new vis.DataSet(NODES);
  const edges = new vis.DataSet(EDGES.map((e, i) => ({ ...e, id: i })));
  const network = new vis.Network(el("canvas"), { nodes, edges }, OPTIONS);
  const around = new Map();
  for (const [s, words, o] of data.relations) {
    (around.get(s) ?? around.set(s, []).get(s)).push([words + " →", o]);
    (around.get(o) ?? around.set(o, []).get(o)).push(["← " + words, s]);
  }

  // Kinds: the legend is the filter. Its marks are drawn as the things are.
  const MARKS = {
    box: "<rect x='1' y='4' width='14' height='8' rx='2'/>", square: "<rect x='2' y='2' width='12' height='12'/>",
    dot: "<circle cx='8' cy='8' r='6'/>", ellipse: "<ellipse cx='8' cy='8' rx='7' ry='5'/>",
    diamond: "<path d='M8 1 15 8 8 15 1 8z'/>", triangle: "<path d='M8 2 15 14H1z'/>", triangleDown: "<path d='M8 14 1 2H15z'/>",
    hexagon: "<path d='M4 2H12L15 8 12 14H4L1 8z'/>", star: "<path d='M8 1l2 5h5l-4 3.5 1.5 5.5L8 12l-4.5 3 1.5-5.5L1 6h5z'/>",
  };
  const spoken = (kind) => kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const counts = {};
  for (const n of NODES) counts[n.group_name] = (counts[n.group_name] ?? 0) + 1;
  for (const kind of Object.keys(data.looks)) {
    const [colour, shape] = data.looks[kind];
    const button = make("button", undefined, el("legend"));
    button.type = "button";
    button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true" fill="${colour}" stroke="#333">${MARKS[shape]}</svg>`;
    make("span", `${spoken(kind)} ${counts[kind]}`, button);
    button.setAttribute("aria-pressed", String(!hidden.has(kind)));
    button.addEventListener("click", () => {
      hidden.has(kind) ? hidden.delete(kind) : hidden.add(kind);
      button.setAttribute("aria-pressed", String(!hidden.has(kind)));
      nodes.update(NODES.filter((n) => n.group_name === kind).map((n) => ({ id: n.id, hidden: hidden.has(kind) })));
      count();
    });
  }
  const count = () => {
    const away = NODES.filter((n) => hidden.has(n.group_name)).length;
    el("count").textContent = `${NODES.length - away} things shown, ${EDGES.length} links` +
      (away ? `; ${away} hidden: press their kind above to show them.` : ".");
  };

  const list = (title, items, parent) => {
    if (!items?.length) return;
    make("h3", title, parent);
    const ul = make("ul", undefined, parent);
    for (const item of items) make("li", item, ul);
  };
  const show = (id, move = true) => {
    const node = byId.get(id);
    const detail = data.details[id];
    if (!node || !detail) return;
    if (hidden.has(node.group_name)) nodes.update({ id, hidden: false });
    network.selectNodes([id]);
    if (move) network.focus(id, { scale: Math.max(network.getScale(), 0.8), animation: false });
    el("name").textContent = flat(node.label);
    const box = el("detail");
    box.replaceChildren();
    make("p", spoken(detail.kind) + (detail.also.length ? " · also: " + detail.also.join("; ") : ""), box).className = "kind";
    make("p", detail.what ?? "", box);
    const near = around.get(id) ?? [];
    if (near.length) make("h3", "Links", box);
    const ul = make("ul", undefined, box);
    ul.className = "links";
    for (const [words, other] of near.slice(0, 80)) {
      const button = make("button", `${words} ${flat(byId.get(other)?.label ?? "")}`, make("li", undefined, ul));
      button.type = "button";
      button.addEventListener("click", () => show(other));
    }
    list("Figures", detail.figures, box);
    list("Treatment and tests", detail.advice, box);
    list("Sources", detail.sources, box);
  };
  network.on("selectNode", (e) => show(e.nodes[0], false));

  // Search by label and synonym.
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const index = NODES.map((n) => [n.id, flat(n.label), plain([n.label, ...data.details[n.id].also].join(" ").replaceAll("\n", " "))]);
  const find = () => {
    const words = plain(el("search").value).split(/\s+/).filter(Boolean);
    el("results").replaceChildren();
    if (!words.length) return [];
    const found = index.filter(([, , text]) => words.every((w) => text.includes(w)));
    found.sort((a, b) => a[1].length - b[1].length || a[1].localeCompare(b[1]));
    for (const [id, label] of found.slice(0, 12)) {
      const button = make("button", label, make("li", undefined, el("results")));
      button.type = "button";
      button.addEventListener("click", () => show(id));
    }
    if (!found.length) make("li", "Nothing here has this name.", el("results"));
    return found;
  };
  el("search").addEventListener("input", find);
  el("search").addEventListener("keydown", (e) => {
    if (e.key === "Enter") { const found = find(); if (found.length) { show(found[0][0]); el("panel").focus(); } }
    if (e.key === "Escape") { el("search").value = ""; find(); network.unselectAll(); }
  });

  el("fit").addEventListener("click", () => network.fit({ animation: false }));
  const zoom = (by) => network.moveTo({ scale: network.getScale() * by, animation: false });
  el("larger").addEventListener("click", () => zoom(1.4));
  el("smaller").addEventListener("click", () => zoom(1 / 1.4));
  el("save").addEventListener("click", () => {
    const link = make("a");
    link.href = el("canvas").querySelector("canvas").toDataURL("image/png");
    link.download = "back-leg-pain-graph.png";
    link.click();
  });
  if (data.words.length) for (const words of data.words) make("li", words, el("words"));
  else el("outline").remove();
  count();
  network.fit({ animation: false });
  document.documentElement.dataset.ready = "yes";
})();
