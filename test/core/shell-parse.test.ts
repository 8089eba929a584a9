import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinLines, toSourceSpan } from "../../server/src/core/shell/body";
import { parseShell, type ShellScript } from "../../server/src/core/shell/parse";
import { runs } from "../property/runs";

const names = (text: string) => parseShell(text).commands.map((command) => command.name);
const cut = (script: ShellScript, piece: { from: number; to: number }) => script.text.slice(piece.from, piece.to);

describe("commands", () => {
  it.each([
    ["a && b || c; d & e", ["a", "b", "c", "d", "e"]],
    ["! a | b", ["a", "b"]],
    ["(a; { b; }) | c", ["a", "b", "c"]],
    ["if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]],
    ["for i in $(a); do b; done; while c; do d; done", ["a", "b", "c", "d"]],
    ["case $(a) in x) b;; *) c;; esac", ["a", "b", "c"]],
    ["f() { a; }; f", ["a", "f"]],
    ['a "$(b `c`)" ${X:-$(d)} <(e)', ["a", "b", "c", "d", "e"]],
    ["X=$(a) b", ["b", "a"]],
    ["X=$(a)", [null, "a"]],
    ["$X y", [null]],
    ["cat <<EOF\n$(id -u)\nEOF\nb", ["cat", "id", "b"]],
    ["cat <<'EOF'\n$(id -u)\nEOF\nb", ["cat", "b"]],
    ["[[ -n $(a) && $x == y ]] && b", ["[[", "a", "b"]],
    ["(( $(a) + 1 )); echo $(( $(b) ))", ["a", "echo", "b"]],
    ["/usr/bin/apt-get update", ["/usr/bin/apt-get"]],
    ["'ap'\"t\" x", ["apt"]],
    ["time -p a; coproc b", ["a", "b"]],
    ["", []],
    ["# only a comment", []],
  ])("%s", (text, expected) => {
    const script = parseShell(text);
    expect(names(text)).toEqual(expected);
    expect(script.wellFormed).toBe(true);
    expect(script.commands.map((command) => command.index)).toEqual(script.commands.map((_, index) => index));
  });

  it("says what a command stands in", () => {
    const script = parseShell("if a; then (b $(c)); fi; ! d; while e; do f; done; g() { h; }");
    expect(script.commands.map((command) => `${command.name}:${command.context.join(".")}`)).toEqual([
      "a:if.condition",
      "b:if.subshell",
      "c:if.subshell.substitution",
      "d:negated",
      "e:loop.condition",
      "f:loop",
      "h:function.group",
    ]);
    expect(script.commands.map((command) => command.item)).toEqual([0, 0, 0, 1, 2, 2, 3]);
  });

  it("knows its pipe and its neighbours", () => {
    const script = parseShell("a | b |& c && d &");
    const [a, b, c, d] = script.commands;
    expect([a, b, c, d].map((one) => [one?.pipeline.index, one?.pipeline.length])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
      [0, 1],
    ]);
    expect(b?.pipeline.id).toBe(a?.pipeline.id);
    expect(d?.pipeline.id).not.toBe(a?.pipeline.id);
    expect([a?.before, a?.after, d?.before, d?.after]).toEqual([null, "&&", "&&", "&"]);
  });

  it("keeps assignments, redirections and here-documents apart from words", () => {
    const script = parseShell("A=1 B=\"x $Y\" cmd z >/dev/null 2>&1 <<-'E'\n\tx $N\n\tE\n");
    const [command] = script.commands;
    expect(command?.words.map((word) => word.text)).toEqual(["cmd", "z"]);
    expect(command?.assignments.map((one) => [one.name, one.value?.value, cut(script, one)])).toEqual([
      ["A", "1", "A=1"],
      ["B", null, 'B="x $Y"'],
    ]);
    expect(command?.redirections.map((one) => [one.operator, one.descriptor, one.target?.value ?? null])).toEqual([
      [">", null, "/dev/null"],
      [">&", 2, "1"],
      ["<<-", null, null],
    ]);
    const heredoc = command?.redirections[2]?.heredoc;
    expect(heredoc?.text).toBe("\tx $N\n");
    expect(heredoc?.quoted).toBe(true);
    expect(heredoc && cut(script, heredoc)).toBe(heredoc?.text);
    expect(script.variables.map((one) => one.name)).toEqual(["Y"]);
  });

  it("gives compound commands' redirections to the script", () => {
    expect(parseShell("{ a; } > x; for i in b; do c; done < y").redirections.map((one) => one.target?.value)).toEqual([
      "x",
      "y",
    ]);
  });
});

describe("words", () => {
  const word = (text: string) => parseShell(`x ${text}`).commands[0]?.words[1];

  it.each([
    ["plain", "plain", "none"],
    ["a\\ b", "a b", "none"],
    ["'a $b'", "a $b", "single"],
    ['"a b"', "a b", "double"],
    ['"a \\$b"', "a $b", "double"],
    ["a'b'", "ab", "mixed"],
    ["'a''b'", "ab", "mixed"],
    ["$'a\\n'", "a\n", "mixed"],
    ["*.deb", "*.deb", "none"],
    ["$x", null, "none"],
    ['"$x"', null, "double"],
    ["$(x)", null, "none"],
    ["lib{a,b}", null, "none"],
    ["$((1+1))", null, "none"],
    ["a\\\nb", "ab", "none"],
  ])("%s", (text, value, quoted) => {
    expect(word(text)).toMatchObject({ text, value, quoted, from: 2, to: 2 + text.length });
  });

  it("lists the variables within, also in substitutions, not in single quotes", () => {
    const found = word(`"$A\${B:-x}$(c $D)"'$E'\${F#$G}\${#H}$((I+$J))`)?.variables;
    expect(found?.map((one) => [one.name, one.operator, one.defaultValue, one.quoted])).toEqual([
      ["A", null, null, true],
      ["B", ":-", "x", true],
      ["D", null, null, false],
      ["F", "#", null, false],
      ["G", null, null, false],
      ["H", "length", null, false],
      ["I", null, null, true],
      ["J", null, null, true],
    ]);
  });

  it("points at the name of a variable", () => {
    const script = parseShell("a $X ${Y:-1} ${#Z} $((W + $V))");
    expect(script.variables.map((one) => script.text.slice(one.nameFrom, one.nameTo))).toEqual([..."XYZWV"]);
    expect(script.variables.map((one) => cut(script, one))).toEqual(["$X", "${Y:-1}", "${#Z}", "W", "$V"]);
  });

  it("takes `export A=$B` as words", () => {
    const script = parseShell("export A=$B C='d e'");
    expect(script.commands[0]?.words.map((one) => [one.text, one.value, one.quoted])).toEqual([
      ["export", "export", "none"],
      ["A=$B", null, "none"],
      ["C='d e'", "C=d e", "mixed"],
    ]);
    expect(script.definitions.map((one) => [one.name, one.kind])).toEqual([
      ["A", "declare"],
      ["C", "declare"],
    ]);
  });

  it("finds what the script sets itself", () => {
    const script = parseShell("A=1; B=2 make; for C in x; do read -r D; done");
    expect(script.definitions.map((one) => `${cut(script, one)} ${one.kind}`)).toEqual([
      "A assign",
      "B prefix",
      "C loop",
      "D read",
    ]);
  });

  it("counts in UTF-16 and behind escaped backticks", () => {
    const script = parseShell("echo '🚢' `a \\`b \\$x\\`` c");
    expect(script.commands.map((one) => cut(script, one))).toEqual([
      "echo '🚢' `a \\`b \\$x\\`` c",
      "a \\`b \\$x\\`",
      "b \\$x",
    ]);
    expect(script.commands[2]?.words.map((one) => cut(script, one))).toEqual(["b", "$x"]);
  });
});

describe("the outermost list", () => {
  it.each([
    ["a && b | c || (d; e); f", "a[&&] b | c[||] (d; e)[;] f[]", "command pipeline compound command"],
    ["a;\nb\nc & d", "a[;] b[\n] c[&] d[]", "command command command command"],
    ["a;", "a[]", "command"],
    ["a &", "a[&]", "command"],
    ["a # x; y\nb", "a[\n] b[]", "command command"],
    ["! a && if b; then c; fi", "! a[&&] if b; then c; fi[]", "command compound"],
    ["cat <<E && b\nx; y\nE\nc", "cat <<E[&&] b[\n] c[]", "command command command"],
    ["a \\\n  && b", "a[&&] b[]", "command command"],
  ])("%s", (text, items, kinds) => {
    const script = parseShell(text);
    expect(script.topLevel.map((item) => `${cut(script, item)}[${item.connector ?? ""}]`).join(" ")).toBe(items);
    expect(script.topLevel.map((item) => item.kind).join(" ")).toBe(kinds);
    for (const { connector, connectorSpan } of script.topLevel) {
      expect(connectorSpan && cut(script, connectorSpan)).toBe(connector);
    }
  });

  it("holds the commands of each item", () => {
    const script = parseShell("a $(b) && (c; d)");
    expect(script.topLevel.map((item) => item.commands.map((command) => command.name))).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("lists pipes with their stages", () => {
    const script = parseShell("(a; b) | c $(d | e)");
    expect(script.pipelines.map((pipe) => pipe.stages.map((stage) => stage.commands.map((one) => one.name)))).toEqual([
      [
        ["a", "b"],
        ["c", "d", "e"],
      ],
      [["d"], ["e"]],
    ]);
  });
});

describe("damaged text", () => {
  it.each(["if", 'echo "abc', "a && ", "cat <<EOF", "a )", "case", "$(", "`", "f() {", "((", "[[ a", "\\", "${"])(
    "%s gives what can be read",
    (text) => {
      expect(() => parseShell(text)).not.toThrow();
    },
  );

  it("says where the error is", () => {
    expect(parseShell('echo "abc')).toMatchObject({ wellFormed: false, errors: [{ at: 5 }] });
    expect(parseShell("echo $(if)").wellFormed).toBe(false);
  });

  it("never throws, and never points outside or backwards", () => {
    const piece = fc.constantFrom(
      ..."ab $(){}[]<>|&;`'\"\\\n#!=~*?-0",
      "if ",
      "fi ",
      "do ",
      "done ",
      "case ",
      "esac ",
      "<<E",
      "[[ ",
      "🚢",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const script = parseShell(pieces.join(""));
        for (const command of script.commands) {
          for (const one of [command, ...command.words, ...command.assignments, ...command.redirections]) {
            expect(one.from).toBeGreaterThanOrEqual(0);
            expect(one.to).toBeGreaterThanOrEqual(one.from);
            expect(one.to).toBeLessThanOrEqual(script.text.length);
          }
          for (const word of command.words) expect(cut(script, word)).toBe(word.text);
        }
      }),
      runs(500),
    );
  });

  it("ends with the text where a here-document is announced by its last characters", () => {
    const script = parseShell("<<E`\\");
    expect(script.commands.map((command) => command.to)).toEqual([5]);
  });

  it("survives deep nesting", () => {
    expect(() => parseShell("$(".repeat(5000))).not.toThrow();
    expect(() => parseShell(`${"(".repeat(5000)}a${")".repeat(5000)}`)).not.toThrow();
  });
});

describe("the cache", () => {
  it("gives the same object for the same text, and forgets", () => {
    const first = parseShell("a 1");
    expect(parseShell("a 1")).toBe(first);
    for (let i = 0; i < 2100; i++) parseShell(`b ${i}`);
    expect(parseShell("a 1")).not.toBe(first);
    expect(parseShell("a 1")).toEqual(first);
  });
});

describe("positions in the file", () => {
  it("lead every word back to its own text, whatever the builder drops between", () => {
    const word = fc.constantFrom(
      "a",
      "foo-bar",
      "'x y'",
      '"p $Q"',
      "$(id -u)",
      "été",
      "🚢",
      "a\\ b",
      "K=v",
      ">f",
      "${Z:-1}",
    );
    const gap = fc.constantFrom(
      " ",
      "  ",
      " \\\n",
      " \\\n  ",
      "\t\\ \r\n",
      " \\\n# note\n",
      " \\\n  # note \\\n\n ",
      " && ",
      " \\\n && ",
    );
    const body = fc
      .array(fc.tuple(word, gap), { minLength: 1, maxLength: 12 })
      .map((pairs) => `RUN cmd ${pairs.map(([text, space]) => text + space).join("")}end\nCMD x`);
    fc.assert(
      fc.property(body, (source) => {
        const logical = joinLines(source, 4, source.length, "\\");
        const script = parseShell(logical.text);
        expect(script.wellFormed).toBe(true);
        for (const command of script.commands) {
          for (const one of command.words) {
            const span = toSourceSpan(logical, one.from, one.to);
            expect(source.slice(span.from, span.to)).toBe(one.text);
          }
        }
      }),
      runs(300),
    );
  });
});
