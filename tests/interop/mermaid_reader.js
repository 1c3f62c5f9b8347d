// Reads a Mermaid flowchart from stdin with Mermaid's own parser; prints its nodes and edges as JSON.
// node mermaid_reader.js < history.mmd
const fs = require("fs");
const { pathToFileURL } = require("url");
const { JSDOM } = require("jsdom");

const { window } = new JSDOM("");
global.window = window;
global.document = window.document;

(async () => {
  const { default: mermaid } = await import(pathToFileURL(require.resolve("mermaid")).href);
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(fs.readFileSync(0, "utf8"));
  const nodes = [...diagram.db.getVertices().values()].map(({ id, text, type }) => ({ id, text, type }));
  const edges = diagram.db.getEdges().map(({ start, end, text }) => ({ start, end, text }));
  console.log(JSON.stringify({ nodes, edges }));
})();
