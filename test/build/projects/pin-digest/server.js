const { createServer } = require("node:http");

createServer((_, answer) => answer.end(`${require("node:os").userInfo().username}\n`)).listen(3000);
