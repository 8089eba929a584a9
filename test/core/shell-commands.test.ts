import { describe, expect, it } from "vitest";
import { joinLines, toSourceSpan } from "../../server/src/core/shell/body";
import {
  effectiveCommands,
  flagValue,
  hasFlag,
  nestedScript,
  operands,
  unwrap,
} from "../../server/src/core/shell/commands";
import { parseShell, type ShellCommand } from "../../server/src/core/shell/parse";

const command = (text: string) => parseShell(text).commands[0] as ShellCommand;

describe("unwrap", () => {
  it.each([
    ["apt-get install x", "apt-get install x", ""],
    ["/usr/bin/apt-get install x", "/usr/bin/apt-get install x", ""],
    ["sudo -E -u root apt-get update", "apt-get update", "sudo"],
    ["sudo -uroot --preserve-env=A -- apt-get update", "apt-get update", "sudo"],
    ["sudo -Eu root apt update", "apt update", "sudo"],
    ["doas -u x id", "id", "doas"],
    ["env -i A=1 B=$C make all", "make all", "env"],
    ["exec -a n nohup nice -n 5 ionice -c 3 chronic id", "id", "exec nohup nice ionice chronic"],
    ["command -p ls", "ls", "command"],
    ["gosu node npm ci", "npm ci", "gosu"],
    ["su-exec node:node npm ci", "npm ci", "su-exec"],
    ["timeout -s KILL 30 curl x", "curl x", "timeout"],
    ["busybox wget x", "wget x", "busybox"],
    ["xargs -0 -n 1 rm -f", "rm -f", "xargs"],
    ["xargs -I{} cp {} /x", "cp {} /x", "xargs"],
    ["command -v curl", "command -v curl", ""],
    ["sudo -l", "sudo -l", ""],
    ["env", "env", ""],
    ["busybox --install -s", "busybox --install -s", ""],
    ["runuser -u x -- id", "id", "runuser"],
  ])("%s", (text, expected, wrappers) => {
    const effective = unwrap(command(text));
    expect(effective.words.map((word) => word.text).join(" ")).toBe(expected);
    expect(effective.wrappers.join(" ")).toBe(wrappers);
  });

  it("takes the path away and keeps unknown names unknown", () => {
    expect(unwrap(command("sudo /sbin/apk add x")).name).toBe("apk");
    expect(unwrap(command("sudo $CMD add x")).name).toBeNull();
    expect(unwrap(command("A=1")).name).toBeNull();
    expect(unwrap(command("./gradlew build")).name).toBe("gradlew");
  });

  it("gathers assignments", () => {
    const effective = unwrap(command("A=1 sudo B='2 3' env C=$X x"));
    expect(effective.assignments.map((one) => [one.name, one.value?.value])).toEqual([
      ["A", "1"],
      ["B", "2 3"],
      ["C", null],
    ]);
  });

  it("does not go on for ever", () => {
    expect(unwrap(command("sudo ".repeat(1000))).wrappers.length).toBeLessThan(20);
  });
});

describe("nestedScript", () => {
  const nested = (text: string) => nestedScript(unwrap(command(text)))?.text ?? null;

  it.each([
    ["sh -c 'a; b'", "a; b"],
    ["bash -lc 'a'", "a"],
    ["bash -l -c 'a' name arg", "a"],
    ["bash -o pipefail -c 'a | b'", "a | b"],
    ["bash -euo pipefail -c 'a'", "a"],
    ["bash --login -c a", "a"],
    ["bash --rcfile x -c a", "a"],
    ['sh -c "a \\$b \\"c\\""', 'a $b "c"'],
    ['sh -c "a $B"', "a $B"],
    ["su -c 'a' user", "a"],
    ["su - user -c 'a'", "a"],
    ["sudo sh -c 'a'", "a"],
    ["busybox sh -c 'a'", "a"],
    ["eval 'a b'", "a b"],
    ["bash <<'E'\na\nE", "a\n"],
    ["sh -s -- x <<E\na $B\nE", "a $B\n"],
    ["sh file.sh", null],
    ["sh -c", null],
    ['sh -c "$X$(y)"', null],
    ["sh -c $X", null],
    ["sh -c 'a'\"b\"", null],
    ["bash <<E\n$(a)\nE", null],
    ["echo 'a'", null],
  ])("%s", (text, expected) => {
    expect(nested(text)).toBe(expected);
  });
});

describe("effectiveCommands", () => {
  it("flattens nested scripts with exact offsets", () => {
    const text = `sudo bash -c 'apt-get update && sh -c "curl \\"$U\\""' && x`;
    const found = effectiveCommands(parseShell(text));
    expect(found.map((one) => one.name)).toEqual(["bash", "apt-get", "sh", "curl", "x"]);
    const curl = found[3];
    expect(curl?.words.map((word) => text.slice(word.from, word.to))).toEqual(["curl", '"$U\\"']);
    expect(curl?.outer.item).toBe(0);
    expect(text.slice(found[1]?.command.from, found[1]?.command.to)).toBe("apt-get update");
  });

  it("leads from a nested word to the file", () => {
    const source = "RUN sh -c 'apk add \\\n# why\n  curl'\n";
    const logical = joinLines(source, 4, source.length, "\\");
    const word = effectiveCommands(parseShell(logical.text))[1]?.words[2];
    const span = toSourceSpan(logical, word?.from ?? 0, word?.to ?? 0);
    expect(source.slice(span.from, span.to)).toBe("curl");
  });
});

describe("flags and operands", () => {
  const words = (text: string, valueFlags: string[]) => operands(command(text), valueFlags).map((word) => word.text);

  it("tells operands from flags and their values", () => {
    expect(words("apt-get -o A=1 install -yt stable --x=1 a -q b -- -c", ["-o", "-t"])).toEqual([
      "install",
      "a",
      "b",
      "-c",
    ]);
    expect(words("tar -xzf - -C /x", ["-C", "-f"])).toEqual([]);
  });

  it("finds flags, joined and long", () => {
    const curl = command('curl -fsSLo out --retry=3 "$X"');
    expect(hasFlag(curl, ["-f", "--fail"])).toBe(true);
    expect(hasFlag(curl, ["-k"])).toBe(false);
    expect(hasFlag(curl, ["--retry"])).toBe(true);
    expect(hasFlag(command("pip install -rreqs"), ["-e"], ["-r"])).toBe(false);
    expect(hasFlag(command("apt-get -yqq install"), ["-qq"])).toBe(true);
    expect(hasFlag(command("apt-get -q install"), ["-qq"])).toBe(false);
    expect(hasFlag(command("x -- -y"), ["-y"])).toBe(false);
  });

  it("reads values", () => {
    const value = (text: string, ...flags: string[]) => flagValue(command(text), flags)?.value;
    expect(value("x -t a", "-t")).toBe("a");
    expect(value("x -ta", "-t")).toBe("a");
    expect(value("x -yt a", "-t")).toBe("a");
    expect(value("x --to=a", "-t", "--to")).toBe("a");
    expect(value("x --to a", "--to")).toBe("a");
    expect(value("x --to $A", "--to")).toBeNull();
    expect(value("x a", "--to")).toBeUndefined();
  });
});
