"use strict";
// The drawing as it stands → SVG text: the same shapes, links and words, sharp at any size.
window.kgPicture = (network, nodes, edges) => {
  const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const shown = nodes.get({ filter: (n) => !n.hidden });
  const at = network.getPositions(shown.map((n) => n.id));
  const inside = new Set(shown.map((n) => n.id));
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const n of shown) {
    const { x, y } = at[n.id];
    [left, right] = [Math.min(left, x - n.wide / 2), Math.max(right, x + n.wide / 2)];
    [top, bottom] = [Math.min(top, y - n.tall), Math.max(bottom, y + n.tall)];
  }
  const shape = (n, x, y) => {
    const s = n.size, points = (...p) => `<polygon points="${p.map(([a, b]) => `${(x + a * s).toFixed(1)},${(y + b * s).toFixed(1)}`).join(" ")}"`;
    const star = [...Array(10)].map((_, i) => [Math.sin(i * Math.PI / 5) * (i % 2 ? 0.5 : 1.2), -Math.cos(i * Math.PI / 5) * (i % 2 ? 0.5 : 1.2)]);
    return {
      box: () => `<rect x="${x - n.wide / 2}" y="${y - n.tall / 2}" width="${n.wide}" height="${n.tall}" rx="${n.shapeProperties?.borderRadius ?? 5}"`,
      dot: () => `<circle cx="${x}" cy="${y}" r="${s}"`,
      square: () => points([-1, -1], [1, -1], [1, 1], [-1, 1]),
      diamond: () => points([0, -1], [1, 0], [0, 1], [-1, 0]),
      triangle: () => points([0, -1], [1, 0.75], [-1, 0.75]),
      triangleDown: () => points([0, 1], [1, -0.75], [-1, -0.75]),
      hexagon: () => points([-0.5, -0.87], [0.5, -0.87], [1, 0], [0.5, 0.87], [-0.5, 0.87], [-1, 0]),
      star: () => points(...star),
    }[n.shape]();
  };
  const words = (text, x, y, size, fill, rim) => String(text).split("\n").map((line, i) =>
    `<text x="${x}" y="${(y + i * size * 1.1).toFixed(1)}" font-size="${size}" fill="${fill}" text-anchor="middle"${rim ? ' stroke="#fff" stroke-width="5" paint-order="stroke"' : ""}>${escaped(line)}</text>`).join("");
  const lines = edges.get({ filter: (e) => !e.hidden && inside.has(e.from) && inside.has(e.to) }).map((e) => {
    const a = at[e.from], b = at[e.to], bend = (b.x - a.x) * 0.4;
    const colour = e.color?.color ?? "#8a94a0", opacity = e.color?.opacity ?? 1;
    return `<path d="M${a.x} ${a.y}C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${e.width ?? 1.5}"${e.dashes ? ' stroke-dasharray="5 5"' : ""}/>` +
      (e.label ? words(e.label, (a.x + b.x) / 2, (a.y + b.y) / 2, 20, "#222", true) : "");
  });
  const things = shown.map((n) => {
    const { x, y } = at[n.id], size = n.font.size, rows = n.label.split("\n").length;
    const label = n.shape === "box" ? words(n.label, x, y - (rows - 1) * size * 0.55 + size * 0.35, size, n.font.color, false) : words(n.label, x, y + n.size + size, size, n.font.color, true);
    return `${shape(n, x, y)} fill="${n.color.background}" stroke="${n.color.border}" stroke-width="${n.borderWidth}"/>${label}`;
  });
  const edge = 30, box = [left - edge, top - edge, right - left + 2 * edge, bottom - top + 2 * edge].map((v) => v.toFixed(1)).join(" ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" font-family="system-ui, Arial, sans-serif"><rect x="${left - edge}" y="${top - edge}" width="100%" height="100%" fill="#fff"/>${lines.join("")}${things.join("")}</svg>`;
};
