"use strict";
(() => {
  // A page of its own carries its data beside this script; the web's pages hand theirs over as DRAWN.
  const data = typeof DRAWN === "undefined" ? JSON.parse(document.getElementById("data").textContent) : DRAWN;
  const el = (id) => document.getElementById(id);
  const make = (tag, text, parent) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  };
  const large = data.large;
  const byId = new Map(NODES.map((n) => [n.id, n]));
  const name = (id) => data.details[id]?.name ?? "";
  const hidden = new Set(data.hidden);
  // A drawing may begin with its middle alone: those things have a place (`first`) in that small drawing too.
  const small = NODES.some((n) => n.first) && NODES.some((n) => !n.first);
  let few = small;
  const places = new Map(NODES.map((n) => [n.id, [n.x, n.y]]));
  if (small) for (const n of NODES) {
    if (n.first) [n.x, n.y] = n.first;
    n.hidden = !n.first;
  }
  const away = (n) => hidden.has(n.group_name) || (few && !n.first);
  const kinds = Object.keys(data.looks);

  // Kinds: the legend is the filter. Its marks are drawn as the things are.
  const MARKS = {
    box: "<rect x='1' y='4' width='14' height='8' rx='1'/>", square: "<rect x='2' y='2' width='12' height='12'/>",
    pill: "<rect x='1' y='4' width='14' height='8' rx='4'/>", dot: "<circle cx='8' cy='8' r='6'/>",
    diamond: "<path d='M8 1 15 8 8 15 1 8z'/>", triangle: "<path d='M8 2 15 14H1z'/>", triangleDown: "<path d='M8 14 1 2H15z'/>",
    hexagon: "<path d='M4 2H12L15 8 12 14H4L1 8z'/>", star: "<path d='M8 1l2 5h5l-4 3.5 1.5 5.5L8 12l-4.5 3 1.5-5.5L1 6h5z'/>",
  };
  const spoken = (kind) => kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const counts = {};
  for (const n of NODES) counts[n.group_name] = (counts[n.group_name] ?? 0) + 1;
  for (const kind of kinds) {
    const [colour, shape] = data.looks[kind];
    const button = make("button", undefined, el("legend"));
    button.type = "button";
    button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true" fill="${colour}" stroke="#333">${MARKS[shape]}</svg>`;
    make("span", `${spoken(kind)} ${counts[kind]}`, button);
    button.setAttribute("aria-pressed", String(!hidden.has(kind)));
    button.addEventListener("click", () => {
      hidden.has(kind) ? hidden.delete(kind) : hidden.add(kind);
      button.setAttribute("aria-pressed", String(!hidden.has(kind)));
      if (large) return map();
      nodes.update(NODES.filter((n) => n.group_name === kind).map((n) => ({ id: n.id, hidden: away(n) })));
      fit();
      count();
    });
  }
  // A large drawing is a map without links: kind after kind flows down columns, as many as suit the window.
  const ofKind = new Map(kinds.map((kind) => [kind, NODES.filter((n) => n.group_name === kind)]));
  const WIDE = 348, HEAD = 76, GAP = 24;
  const poured = (tallest) => {
    const places = [], headings = [];
    let x = 0, y = 0, deepest = 0;
    const next = () => { x += WIDE; y = 0; };
    for (const kind of kinds) {
      if (hidden.has(kind)) continue;
      const things = ofKind.get(kind);
      if (y > 0 && y + 2 * HEAD + things[0].tall > tallest) next();
      if (y > 0) y += GAP;
      headings.push([kind, x, y + HEAD - 24]);
      y += HEAD;
      for (const n of things) {
        if (y + n.tall > tallest && y > 0) next();
        places.push({ id: n.id, x, y: y + (n.shape === "box" ? n.tall / 2 : n.size) });
        y += n.tall + GAP;
        deepest = Math.max(deepest, y);
      }
    }
    return { places, headings, wide: x + WIDE, tall: deepest };
  };
  let headings = [];
  const flow = () => {
    const box = el("canvas"), all = NODES.filter((n) => !hidden.has(n.group_name));
    const total = all.reduce((sum, n) => sum + n.tall + GAP, (HEAD + GAP) * kinds.length);
    let best, need = Infinity;
    for (let columns = 1; columns <= 90; columns += 0.25) {
      const tried = poured(total / columns);
      const needed = Math.max(tried.wide / box.clientWidth, tried.tall / box.clientHeight);
      if (needed < need) [best, need] = [tried, needed];
    }
    headings = best.headings;
    for (const { id, x, y } of best.places) Object.assign(byId.get(id), { x, y });
  };
  if (large) {
    for (const n of NODES) Object.assign(n, { x: 0, y: 0 });
    flow();
  }

  const nodes = new vis.DataSet(NODES);
  const edges = new vis.DataSet(EDGES.map((e, i) => ({ ...e, id: i })));
  const network = new vis.Network(el("canvas"), { nodes, edges }, OPTIONS);
  // Everything in the drawing can be reached by search, legend and links; the drawing itself takes no keys.
  for (const part of el("canvas").querySelectorAll("[tabindex]")) part.tabIndex = -1;
  const around = new Map(), told = new Map();
  for (const [i, verb, j] of data.relations) {
    const s = NODES[i].id, o = NODES[j].id, [words, dashes] = data.verbs[verb], link = { from: s, to: o, words, dashes };
    (around.get(s) ?? around.set(s, []).get(s)).push([words + " →", o]);
    (around.get(o) ?? around.set(o, []).get(o)).push(["← " + words + ":", s]);
    if (large) for (const end of new Set([s, o])) (told.get(end) ?? told.set(end, []).get(end)).push(link);
  }

  const count = () => {
    const shown = (id) => !away(byId.get(id));
    const gone = NODES.filter(away).length;
    const links = large ? "choose one to see its links" : `${EDGES.filter((e) => shown(e.from) && shown(e.to)).length} links`;
    el("count").textContent = `${NODES.length - gone} things shown, ${links}` +
      (few ? `; ${gone} more around them.` : gone ? `; ${gone} hidden: press their kind to show them.` : ".");
  };

  const list = (title, items, parent) => {
    if (!items?.length) return;
    make("h3", title, parent);
    const ul = make("ul", undefined, parent);
    for (const item of items) make("li", item, ul);
  };
  // Links are named where somebody looks. In a large drawing a chosen thing takes the stage: its neighbours stand
  // beside it, all else steps back; Escape or the button brings the map again.
  const STAGE = 44;
  let marked = [];
  let staged = false;
  const mark = (id) => {
    if (large) {
      edges.clear();
      edges.add((told.get(id) ?? []).filter((e) => onStage.has(e.from) && onStage.has(e.to)).map((e, i) => ({ ...e, id: i })));
    }
    const back = large ? [] : marked.map((e) => ({ id: e.id, label: "", width: 1.5 }));
    marked = id === null ? [] : edges.get({ filter: (e) => e.from === id || e.to === id });
    const labels = marked.length <= 20;
    const quiet = large || id === null ? [] : edges.getIds().map((e) => ({ id: e, label: "", width: 1, color: { color: "#8a94a0", opacity: 0.25 } }));
    edges.update([...back, ...quiet, ...marked.map((e) => ({
      id: e.id, label: labels ? e.words : "", width: 2.5, color: { color: "#444c55", opacity: 1 }, arrows: { to: { enabled: true, scaleFactor: 0.6 } },
    }))]);
    if (id === null && !large) edges.update(edges.getIds().map((e) => ({ id: e, width: 1.5, color: { color: "#8a94a0", opacity: 1 } })));
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
    el("count").textContent = `${onStage.size - 1} neighbours of ${name(id)}` + (left > 0 ? `; ${left} more links in the list beside.` : ".");
  };
  const map = () => {
    staged = false;
    onStage = new Set();
    network.unselectAll();
    mark(null);
    flow();
    nodes.update(NODES.map((n) => ({ id: n.id, x: n.x, y: n.y, hidden: hidden.has(n.group_name) })));
    el("map").hidden = true;
    fit();
    count();
  };
  // Shows some things whole, or, where that made words too small, the part around one of them.
  const frame = (ids, least = 0, centre = undefined) => {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const n of nodes.get(ids)) {
      const above = n.shape === "box" ? n.tall / 2 : n.size;
      [left, right] = [Math.min(left, n.x - n.wide / 2), Math.max(right, n.x + n.wide / 2)];
      [top, bottom] = [Math.min(top, n.y - above), Math.max(bottom, n.y - above + n.tall)];
    }
    if (left === Infinity) return;
    if (large && !staged) top = Math.min(top, 0);
    const EDGE = 24, box = el("canvas");
    network.setSize("100%", "100%");  // the space may have changed a moment ago
    [left, right, top, bottom] = [left - EDGE, right + EDGE, top - EDGE, bottom + EDGE];
    const scale = Math.max(least, Math.min(box.clientWidth / (right - left), box.clientHeight / (bottom - top), 1.1));
    const within = (at, from, to, half) => to - from <= 2 * half ? (from + to) / 2 : Math.min(Math.max(at, from + half), to - half);
    const at = centre === undefined ? { x: left, y: top } : nodes.get(centre);
    network.moveTo({
      position: { x: within(at.x, left, right, box.clientWidth / 2 / scale), y: within(at.y, top, bottom, box.clientHeight / 2 / scale) },
      scale, animation: false,
    });
  };
  const fit = () => frame(nodes.getIds({ filter: (n) => !n.hidden }));
  if (large) network.on("beforeDrawing", (context) => {
    if (staged) return;
    context.fillStyle = context.strokeStyle = "#222";
    context.textAlign = "center";
    context.font = "bold 42px system-ui, sans-serif";
    context.lineWidth = 3;
    for (const [kind, x, y] of headings) {
      context.fillText(spoken(kind), x, y);
      context.beginPath();
      context.moveTo(x - WIDE / 2 + 20, y + 12);
      context.lineTo(x + WIDE / 2 - 20, y + 12);
      context.stroke();
    }
  });
  const seen = (id) => {
    const at = network.canvasToDOM(network.getPosition(id)), box = el("canvas"), scale = Math.max(network.getScale(), 0.34);
    const inside = at.x > 60 && at.x < box.clientWidth - 60 && at.y > 40 && at.y < box.clientHeight - 60;
    if (!inside || scale > network.getScale()) network.focus(id, { scale, animation: false });
  };
  const everything = () => {
    few = false;
    nodes.update(NODES.map((n) => ({ id: n.id, x: places.get(n.id)[0], y: places.get(n.id)[1], hidden: away(n) })));
    el("more").hidden = true;
    fit();
    count();
  };
  const show = (id, move = true) => {
    const node = byId.get(id);
    const detail = data.details[id];
    if (!node || !detail) return;
    if (few && !node.first) everything();
    if (large) stage(id);
    else if (hidden.has(node.group_name)) nodes.update({ id, hidden: false });
    mark(id);
    network.selectNodes([id], false);
    if (move && !large) seen(id);
    el("name").textContent = name(id);
    const box = el("detail");
    box.replaceChildren();
    make("p", spoken(detail.kind) + (detail.also.length ? " · also: " + detail.also.join("; ") : ""), box).className = "kind";
    make("p", detail.what ?? "", box);
    if (data.pages?.[id]) make("a", "Open its page", make("p", undefined, box)).href = data.pages[id];
    const near = [...(around.get(id) ?? [])].sort((a, b) => a[0].localeCompare(b[0]) || name(a[1]).localeCompare(name(b[1])));
    if (near.length) make("h3", "Links", box);
    const ul = make("ul", undefined, box);
    ul.className = "links";
    const add = (some) => {
      for (const [words, other] of some) {
        const button = make("button", `${words} ${name(other)}`, make("li", undefined, ul));
        button.type = "button";
        button.addEventListener("click", () => { show(other); rest(); });
      }
    };
    const FIRST = 60;
    add(near.slice(0, FIRST));
    if (near.length > FIRST) {
      const more = make("button", `Show all ${near.length} links`, make("li", undefined, ul));
      more.type = "button";
      more.addEventListener("click", () => {
        more.parentElement.remove();
        add(near.slice(FIRST));
        ul.children[FIRST].firstChild.focus();
      });
    }
    list("Figures", detail.figures, box);
    list("Treatment and tests", detail.advice, box);
    list("Sources", detail.sources, box);
  };
  const rest = () => { el("panel").scrollTop = 0; el("panel").focus(); };
  network.on("selectNode", (e) => show(e.nodes[0], false));
  network.on("deselectNode", () => large || mark(null));

  // Search by label and synonym.
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const index = NODES.map((n) => [n.id, name(n.id), [name(n.id), ...data.details[n.id].also].map(plain)]);
  // How well a thing answers: its name, one of its names, the beginning of its name, words of its name, any words.
  const grade = (names, sought, words) =>
    names[0] === sought ? 0 : names.includes(sought) ? 1 : names[0].startsWith(sought) ? 2 : words.every((w) => names[0].includes(w)) ? 3 : 4;
  const find = () => {
    const sought = plain(el("search").value).trim(), words = sought.split(/\s+/).filter(Boolean);
    el("results").replaceChildren();
    if (!words.length) return [];
    const found = index.filter(([, , names]) => words.every((w) => names.some((n) => n.includes(w))))
      .map(([id, label, names]) => [id, label, grade(names, sought, words)]);
    found.sort((a, b) => a[2] - b[2] || a[1].length - b[1].length || a[1].localeCompare(b[1]));
    for (const [id, label] of found.slice(0, 12)) {
      const button = make("button", label, make("li", undefined, el("results")));
      button.type = "button";
      button.addEventListener("click", () => { el("results").replaceChildren(); show(id); rest(); });
    }
    if (found.length > 12) make("li", `… and ${found.length - 12} more: type further letters.`, el("results"));
    if (!found.length) make("li", "Nothing here has this name.", el("results"));
    return found;
  };
  el("search").addEventListener("input", find);
  el("search").addEventListener("keydown", (e) => {
    if (e.key === "Enter") { const found = find(); if (found.length) { el("results").replaceChildren(); show(found[0][0]); rest(); } }
    if (e.key === "Escape") { el("search").value = ""; find(); }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    if (large) return map();
    network.unselectAll();
    mark(null);
  });
  el("map").addEventListener("click", map);

  el("fit").addEventListener("click", fit);
  const zoom = (by) => network.moveTo({ scale: network.getScale() * by, animation: false });
  el("larger").addEventListener("click", () => zoom(1.4));
  el("smaller").addEventListener("click", () => zoom(1 / 1.4));
  const download = (address, ending) => {
    const link = make("a");
    link.href = address;
    link.download = "back-leg-pain-graph." + ending;
    link.click();
  };
  el("save").addEventListener("click", () => {
    const drawn = el("canvas").querySelector("canvas"), copy = make("canvas"), context = copy.getContext("2d");
    [copy.width, copy.height] = [drawn.width, drawn.height];
    context.fillStyle = "#fff";
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(drawn, 0, 0);
    download(copy.toDataURL("image/png"), "png");
  });
  if (data.words.length) for (const words of data.words) make("li", words, el("words"));
  else el("outline")?.remove();

  // What only a page of the web has: the rest of a neighbourhood, a vector picture, large type, the whole screen, and
  // reasons elsewhere on the page whose chains light up here.
  if (el("more") && small) {
    el("more").hidden = false;
    el("more").textContent = `Show all ${NODES.length}`;
    el("more").addEventListener("click", everything);
  }
  el("save-svg")?.addEventListener("click", () => {
    const picture = window.kgPicture(network, nodes, edges);
    const address = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
    download(address, "svg");
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  el("big")?.addEventListener("click", () => {
    const on = document.documentElement.classList.toggle("big");
    el("big").setAttribute("aria-pressed", String(on));
    setTimeout(fit, 50);
  });
  el("full")?.addEventListener("click", () => document.fullscreenElement ? document.exitFullscreen() : el("picture").requestFullscreen?.());
  document.addEventListener("fullscreenchange", () => {
    el("full")?.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
    setTimeout(fit, 100);
  });
  document.addEventListener("kg:light", (e) => {
    const lit = new Set(e.detail.map(([s, o]) => `${s} ${o}`)), on = new Set(e.detail.flat());
    const chosen = edges.get({ filter: (x) => lit.has(`${x.from} ${x.to}`) || lit.has(`${x.to} ${x.from}`) });
    network.unselectAll();
    mark(null);
    const dark = (n) => !lit.size || on.has(n.id);
    nodes.update(NODES.map((n) => ({ id: n.id, opacity: dark(n) ? 1 : 0.2, font: dark(n) || n.shape === "box" ? n.font : { ...n.font, color: "#b4bac0", strokeWidth: 0 } })));
    if (!lit.size) return;
    marked = chosen;
    edges.update([
      ...edges.getIds().map((id) => ({ id, label: "", font: { size: 20, color: "#222222", strokeWidth: 5, vadjust: 0 }, width: 1, color: { color: "#8a94a0", opacity: 0.15 } })),
      ...chosen.map((x) => ({ id: x.id, label: x.words, font: { size: 26, color: "#8a0018", strokeWidth: 8, vadjust: -16 }, width: 5, color: { color: "#b00020", opacity: 1 } })),
    ]);
  });
  count();
  if (innerWidth < 760) {
    // A phone cannot show all at a readable size: start in the middle, with the words open below.
    frame(nodes.getIds({ filter: (n) => !n.hidden }), large ? 0.4 : 0.5, data.middle[0]);
    el("outline")?.setAttribute("open", "");
  } else fit();
  document.documentElement.dataset.ready = "yes";
})();
