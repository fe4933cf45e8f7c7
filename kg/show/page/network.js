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
      if (staged) return map();
      nodes.update(NODES.filter((n) => n.group_name === kind).map((n) => ({ id: n.id, hidden: hidden.has(kind) })));
      fit();
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
  // Links are named where somebody looks. In a large drawing a chosen thing takes the stage: its neighbours stand
  // beside it, all else steps back; Escape or the button brings the map again.
  const large = data.headings.length > 0;
  const STAGE = 44;
  let marked = [];
  let staged = false;
  const mark = (id) => {
    const back = marked.map((e) => ({ id: e.id, label: "", hidden: large, width: 1.5 }));
    marked = id === null ? [] : edges.get({ filter: (e) => e.from === id || e.to === id });
    if (large) marked = marked.filter((e) => onStage.has(e.from) && onStage.has(e.to));
    const many = marked.length > 30;
    edges.update([...back, ...marked.map((e) => ({ id: e.id, label: many || large ? "" : e.words, hidden: false, width: 2.5 }))]);
  };
  let onStage = new Set();
  const stage = (id) => {
    const near = around.get(id) ?? [];
    const sides = { "←": [], "→": [] };
    for (const [words, other] of near) {
      const side = sides[words.startsWith("←") ? "←" : "→"];
      if (side.length < STAGE / 2 && !side.includes(other)) side.push(other);
    }
    onStage = new Set([id, ...sides["←"], ...sides["→"]]);
    staged = true;
    nodes.update(NODES.map((n) => ({ id: n.id, hidden: !onStage.has(n.id) })));
    const put = (ids, x) => ids.map((other, i) => {
      const column = Math.floor(i / 11), rows = Math.min(11, ids.length - column * 11);
      return { id: other, x: x * (420 + column * 320), y: (i % 11 - (rows - 1) / 2) * 110 };
    });
    nodes.update([{ id, x: 0, y: 0 }, ...put(sides["→"], 1), ...put(sides["←"], -1)]);
    frame([...onStage]);
    el("map").hidden = false;
    const left = near.length - (onStage.size - 1);
    el("count").textContent = `${onStage.size - 1} neighbours of ${flat(byId.get(id).label)}` + (left > 0 ? `; ${left} more links in the list beside.` : ".");
  };
  const map = () => {
    staged = false;
    onStage = new Set();
    mark(null);
    nodes.update(NODES.map((n) => ({ id: n.id, x: n.x, y: n.y, hidden: hidden.has(n.group_name) })));
    el("map").hidden = true;
    fit();
    count();
  };
  const frame = (ids) => {
    const at = ids.map((id) => nodes.get(id)), xs = at.map((n) => n.x), ys = at.map((n) => n.y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const box = el("canvas"), slant = large && !staged ? 500 : 0;
    const scale = Math.min(box.clientWidth / (right - left + 320), box.clientHeight / (bottom - top + 190 + slant), 1.1);
    network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom - slant) / 2 }, scale, animation: false });
  };
  const fit = () => frame(nodes.getIds({ filter: (n) => !n.hidden }));
  if (large) network.on("beforeDrawing", (context) => {
    context.fillStyle = "#222";
    context.textAlign = "center";
    if (staged) return;
    for (const [kind, x, y] of data.headings) {
      if (!NODES.some((n) => n.group_name === kind && !hidden.has(kind))) continue;
      context.font = "bold 120px system-ui, sans-serif";
      context.save();
      context.translate(x + 50, y - 120);
      context.rotate(-Math.PI / 5);
      context.textAlign = "left";
      context.fillText(spoken(kind), 0, 0);
      context.restore();
    }
  });
  const show = (id, move = true) => {
    const node = byId.get(id);
    const detail = data.details[id];
    if (!node || !detail) return;
    if (large) stage(id);
    else if (hidden.has(node.group_name)) nodes.update({ id, hidden: false });
    mark(id);
    network.selectNodes([id], false);
    if (move && !large) network.focus(id, { scale: Math.max(network.getScale(), 0.8), animation: false });
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
  network.on("deselectNode", () => large || mark(null));

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
      button.addEventListener("click", () => { el("results").replaceChildren(); show(id); });
    }
    if (!found.length) make("li", "Nothing here has this name.", el("results"));
    return found;
  };
  el("search").addEventListener("input", find);
  el("search").addEventListener("keydown", (e) => {
    if (e.key === "Enter") { const found = find(); if (found.length) { el("results").replaceChildren(); show(found[0][0]); el("panel").focus(); } }
    if (e.key === "Escape") { el("search").value = ""; find(); }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    network.unselectAll();
    large ? map() : mark(null);
  });
  el("map").addEventListener("click", map);

  el("fit").addEventListener("click", fit);
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
  fit();
  if (el("canvas").clientWidth < 700 && !large) {
    // A phone cannot show all at a readable size: start in the middle, with the words open below.
    network.moveTo({ position: network.getPosition(data.middle[0] ?? NODES[0].id), scale: 0.5, animation: false });
    el("outline")?.setAttribute("open", "");
  }
  document.documentElement.dataset.ready = "yes";
})();
