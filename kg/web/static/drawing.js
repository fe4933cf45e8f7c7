"use strict";
// Hands the drawing's data, written into the page as plain JSON, to the script that draws it.
const { nodes: NODES, edges: EDGES, options: OPTIONS, data: DRAWN } = JSON.parse(document.getElementById("drawing-data").textContent);
