// Stands in for a registry that wants a token: it knows no more of the token than its hash.
const { createHash } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");

const token = /_authToken=(\S+)/.exec(readFileSync(".npmrc", "utf8"))[1];
const hash = createHash("sha256").update(token).digest("hex");
if (hash !== "366d0ecc839d9f647022be4707a593c2b681b52d546a3a56ae60a888b5ef4839") throw new Error("not allowed");
writeFileSync("chart.txt", "the sands, one fathom\n");
