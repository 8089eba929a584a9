import { describe, expect, test } from "vitest";
import { downloadedPaths, writtenPaths } from "../../../server/src/core/multistage/written-paths";
import { effectiveCommands } from "../../../server/src/core/shell/commands";
import { parseShell } from "../../../server/src/core/shell/parse";

function written(text: string): string {
  return effectiveCommands(parseShell(text))
    .flatMap((command) => writtenPaths(command, "/work"))
    .join(" ");
}

describe("the files that a command writes", () => {
  test.each([
    ["curl -fL https://example.com/a.deb -o /tmp/kong.deb", "/tmp/kong.deb"],
    ["curl -o a https://x.org/1 -o b https://x.org/2", "/work/a /work/b"],
    ["curl -fsSLO https://example.com/tool-1.2.tar.gz?raw=1", "/work/tool-1.2.tar.gz"],
    ["curl -fsSL https://example.com/a > a.txt", "/work/a.txt"],
    ["curl https://example.com/a.zip", ""],
    ["wget -q https://example.com/a.zip", "/work/a.zip"],
    ["wget -qO /opt/x.zip https://example.com/a.zip", "/opt/x.zip"],
    ["wget -qO- https://example.com/a.zip", ""],
    ["wget -P /opt https://example.com/a.zip", "/opt/a.zip"],
    ["mv /tmp/composer.phar /usr/bin/composer", "/usr/bin/composer /usr/bin/composer/composer.phar"],
    ["install -m 755 a.sh /bin/", "/bin /bin/a.sh"],
    ["cp -t /bin a b", "/bin /bin/a /bin/b"],
    ["sudo tee -a /etc/x", "/etc/x"],
    ["gcc -o run run.c", "/work/run"],
    ["echo x >> /a 2>&1", "/a"],
    ['cp a "$TARGET"', ""],
    ["tar xzf /tmp/a.tar.gz", ""],
  ])("%s", (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  test("only a download is downloaded", () => {
    const paths = effectiveCommands(parseShell("cp a b; wget https://x.org/c"));
    expect(paths.flatMap((command) => downloadedPaths(command, "/"))).toEqual(["/c"]);
  });
});
