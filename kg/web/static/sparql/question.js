"use strict";
// An example question above the editor: its words, a field for each parameter, and what its answer must hold.
window.questionPanel = ({ place, choices, setValue }) => {
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
    made.append(...children);
    return made;
  };
  const fold = (text) => text.trim().toLowerCase();
  let asked = null;

  // The term that SPARQL takes for what was typed; null where it is none.
  function termOf(kind, typed, offered) {
    if (kind === "xsd:integer") return /^[+-]?\d+$/.test(typed) ? typed : null;
    if (kind === "xsd:decimal") return /^[+-]?\d+(\.\d+)?$/.test(typed) ? typed : null;
    if (kind.startsWith("xsd:")) return JSON.stringify(typed);
    const found = offered.find(([short, label]) => fold(label) === fold(typed) || fold(short) === fold(typed));
    return found ? found[0] : null;
  }

  function field(parameter) {
    const list = `values-${parameter.name}`;
    const input = element("input", { list, value: parameter.value.replace(/^"|"$/g, ""), autocomplete: "off" });
    const options = element("datalist", { id: list });
    const fault = element("span", { class: "fault", role: "alert" });
    const offered = parameter.kind.startsWith("xsd:") ? Promise.resolve([]) : choices(parameter.kind);
    offered.then((found) => {
      options.replaceChildren(...found.map(([, label]) => element("option", { value: label })));
      const own = found.find(([short]) => short === parameter.value);
      if (own && input.value === parameter.value) input.value = own[1];
    }, () => {});
    input.onchange = async () => {
      const term = termOf(parameter.kind, input.value.trim(), await offered);
      fault.textContent = term === null ? `Nothing of the kind ${parameter.kind} is called so.` : "";
      if (term !== null) setValue(parameter.name, term);
    };
    return element("div", {}, element("label", {}, `${parameter.name} `, input), options, fault);
  }

  return {
    open(question) {
      asked = question;
      const fields = element("div", { class: "choices" }, ...question.parameters.map(field));
      const rows = question.expect.map((cells) => element("li", {}, cells.join(" · "), " ", element("span")));
      const expected = element("details", {}, element("summary", {}, "What the answer must hold"), element("ul", {}, ...rows));
      place.replaceChildren(element("h2", {}, question.question), fields, expected);
      place.hidden = false;
    },
    // Marks what the rows of an answer hold; only the question as it was asked promises that.
    mark(query, rows) {
      if (!asked || query.trim() !== asked.text.trim()) {
        for (const mark of place.querySelectorAll("li span")) mark.textContent = "";
        return;
      }
      const cells = rows.map((row) => row.map(fold));
      const inOrder = (row, wanted) => {
        let at = 0;
        for (const cell of row) if (at < wanted.length && (cell === wanted[at] || cell.split(", ").includes(wanted[at]))) at += 1;
        return at === wanted.length;
      };
      place.querySelectorAll("li span").forEach((mark, i) => {
        const held = cells.some((row) => inOrder(row, asked.expect[i].map(fold)));
        mark.textContent = held ? "✓ held" : "✗ missing";
      });
    },
  };
};
