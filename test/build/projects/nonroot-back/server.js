require("node:fs").writeFileSync("/var/cache/harbour/note", "kept\n");
console.log(require("node:os").userInfo().username);
