#!/usr/bin/env node
// Stands in for the server of the same name: `serve -s dist -l 8080`, the one page for every address.
const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");

createServer((_, answer) => answer.end(readFileSync("dist/index.html"))).listen(8080);
