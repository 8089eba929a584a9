#!/usr/bin/env node
// Stands in for the bundler of the same name, of which the build needs no more than its folder of results.
const { cpSync } = require("node:fs");

cpSync("src", "dist", { recursive: true });
