#!/usr/bin/env node
// Stands in for a compiler: it writes what it reads.
const { cpSync } = require("node:fs");

cpSync(process.argv[2], process.argv[3], { recursive: true });
