const { createServer } = require("node:http");

createServer((_, answer) => answer.end("High water at six\n")).listen(3000);
