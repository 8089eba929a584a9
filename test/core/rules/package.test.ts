/** The package rules beyond their examples: what a fix writes into files of other shapes, and where it must not write. */
import { describe, expect, it } from "vitest";
import { factsOf } from "../../../server/scripts/example";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { applyFixes } from "../../../server/src/core/fix";
import type { LintInput, Report } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import { packageRules } from "../../../server/src/core/rules/package/index";

interface Setting {
  readonly files?: { readonly [path: string]: string };
  readonly options?: { readonly [name: string]: string };
  readonly unsafe?: boolean;
}

function input(text: string, rules: readonly string[], { files, options }: Setting = {}): LintInput {
  const chosen = packageRules.filter((rule) => rules.includes(rule.id));
  expect(chosen).toHaveLength(rules.length);
  const overrides = [new Map(rules.map((id) => [id, { severity: "on" as const, options: options ?? {} }]))];
  return {
    model: buildModel(text),
    rules: chosen,
    config: resolveConfig(chosen, { presets: [], overrides }),
    catalogue: exampleCatalogue(),
    today: "2026-09-01",
    facts: factsOf(files),
    path: "Dockerfile",
  };
}

function reports(text: string, rules: readonly string[], setting?: Setting): readonly Report[] {
  const { reports, failures } = lint(input(text, rules, setting));
  expect(failures).toEqual([]);
  return reports;
}

const messages = (text: string, rules: readonly string[], setting?: Setting) =>
  reports(text, rules, setting).map(({ message }) => message);

/** The text when all fixes are applied, safe ones only unless asked. */
function mended(text: string, rules: readonly string[], setting: Setting = {}): string {
  const result = applyFixes(input(text, rules, setting), { unsafe: setting.unsafe ?? false, rules: new Set(rules) });
  expect(result.converged).toBe(true);
  return result.text;
}

const caches = ["apt-lists-left", "apk-cache-left", "yum-cache-left", "dnf-cache-left", "pip-cache-left"];

describe("line ends and the escape character stay", () => {
  it("of a file with CRLF", () => {
    const text = "FROM debian:trixie\r\nRUN apt-get update && apt-get install -y \\\r\n    curl \\\r\n    git\r\n";
    expect(mended(text, ["apt-lists-left"])).toBe(
      "FROM debian:trixie\r\nRUN apt-get update && apt-get install -y \\\r\n    curl \\\r\n    git \\\r\n    && rm -rf /var/lib/apt/lists/*\r\n",
    );
  });

  it("of a file with another escape character", () => {
    const text = "# escape=`\nFROM debian:trixie\nRUN apt-get update && apt-get install -y `\n    curl\n";
    expect(mended(text, ["apt-lists-left"])).toBe(
      "# escape=`\nFROM debian:trixie\nRUN apt-get update && apt-get install -y `\n    curl `\n    && rm -rf /var/lib/apt/lists/*\n",
    );
  });

  it("of a heredoc with tabs and CRLF", () => {
    const text =
      "FROM debian:trixie\r\nRUN <<-EOF\r\n\tset -e\r\n\tapt-get update\r\n\tapt-get install -y curl\r\n\tEOF\r\n";
    expect(mended(text, ["apt-lists-left"])).toBe(
      "FROM debian:trixie\r\nRUN <<-EOF\r\n\tset -e\r\n\tapt-get update\r\n\tapt-get install -y curl\r\n\trm -rf /var/lib/apt/lists/*\r\n\tEOF\r\n",
    );
  });

  it("where a flag stands on a line of its own", () => {
    const text = "FROM alpine:3.24\r\nRUN apk add \\\r\n  --allow-untrusted \\\r\n  tool\r\n";
    expect(mended(text, ["package-signature-check-off"], { unsafe: true })).toBe(
      "FROM alpine:3.24\r\nRUN apk add \\\r\n  tool\r\n",
    );
  });

  it("where a whole RUN moves", () => {
    const text = "FROM debian:trixie\r\nRUN apt-get update\r\nRUN apt-get install -y curl\r\n";
    expect(mended(text, ["package-update-alone"], { unsafe: true })).toBe(
      "FROM debian:trixie\r\nRUN apt-get update && apt-get install -y curl\r\n",
    );
  });

  it("where a COPY moves", () => {
    const text = "FROM node:26\r\nWORKDIR /app\r\nCOPY . .\r\nRUN npm ci\r\n";
    expect(mended(text, ["copy-source-before-install"], { unsafe: true })).toBe(
      "FROM node:26\r\nWORKDIR /app\r\nCOPY package*.json ./\r\nRUN npm ci\r\nCOPY . .\r\n",
    );
  });
});

describe("nothing is said of", () => {
  it.each([
    ["PowerShell", 'FROM debian:trixie\nSHELL ["pwsh", "-c"]\nRUN apt-get update; apt-get install curl\n'],
    ["cmd", "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN pip install flask\n"],
    ["an unknown shell", 'FROM debian:trixie\nSHELL ["/opt/shell"]\nRUN apt-get install curl\n'],
    ["a template", "FROM debian:trixie\n{% if x %}\nRUN apt-get update && apt-get install curl\n{% endif %}\n"],
    ["text", "FROM debian:trixie\nRUN echo 'apt-get install curl' && echo apk add curl\n"],
    ["a heredoc for another program", "FROM python:3.14\nRUN <<EOF python3\npip install flask\nEOF\n"],
    ["a file that is written", "FROM debian:trixie\nCOPY <<EOF /install.sh\napt-get install curl\nEOF\n"],
  ])("%s", (_, text) => {
    expect(
      messages(
        text,
        packageRules.map((rule) => rule.id),
      ),
    ).toEqual([]);
  });
});

describe("no fix is offered", () => {
  const fixes = (text: string, rules: readonly string[]) =>
    reports(text, rules).map((report) => report.fixes().map(({ title }) => title));

  it.each([
    ["in a trigger", "FROM debian:trixie\nONBUILD RUN apt-get update && apt-get install -y curl\n", "apt-lists-left"],
    ["in an exec form", 'FROM python:3.14\nRUN ["pip", "install", "flask"]\n', "pip-cache-left"],
    ["beside a template", "FROM python:3.14\nRUN pip install flask {{ more }}\n", "pip-cache-left"],
    ["in a heredoc without its end", "FROM rockylinux:9\nRUN <<EOF\nyum install -y httpd\n", "yum-cache-left"],
    ["in a subshell", "FROM debian:trixie\nRUN (apt-get update && apt-get install -y curl)\n", "apt-lists-left"],
    [
      "behind sudo, which cleaning would need as well",
      "FROM rockylinux:9\nRUN sudo yum -y install httpd\n",
      "yum-cache-left",
    ],
    ["within sh -c", "FROM rockylinux:9\nRUN sh -c 'yum install -y httpd'\n", "yum-cache-left"],
  ])("%s", (_, text, rule) => {
    expect(fixes(text, [rule])).toEqual([[]]);
  });
});

describe("cleaning up", () => {
  it("happens once, behind the last call", () => {
    const text =
      "FROM debian:trixie\nRUN apt-get update && apt-get install -y gnupg \\\n && apt-get update \\\n && apt-get install -y docker-ce \\\n && docker --version\n";
    expect(mended(text, ["apt-lists-left"])).toBe(
      "FROM debian:trixie\nRUN apt-get update && apt-get install -y gnupg \\\n && apt-get update \\\n && apt-get install -y docker-ce \\\n && rm -rf /var/lib/apt/lists/* \\\n && docker --version\n",
    );
  });

  it("between semicolons uses a semicolon", () => {
    const text =
      "FROM debian:trixie\nRUN set -eux; \\\n\tapt-get update; \\\n\tapt-get install -y curl; \\\n\tcurl --version\n";
    expect(mended(text, ["apt-lists-left"])).toBe(
      "FROM debian:trixie\nRUN set -eux; \\\n\tapt-get update; \\\n\tapt-get install -y curl; \\\n\trm -rf /var/lib/apt/lists/*; \\\n\tcurl --version\n",
    );
  });

  it("at the end keeps the exit status of the installation", () => {
    const text = "FROM rockylinux:9\nRUN echo a; yum install -y httpd\n";
    expect(mended(text, ["yum-cache-left"])).toBe(
      "FROM rockylinux:9\nRUN echo a; yum install -y httpd && yum clean all\n",
    );
  });

  it("leaves a comment in the list alone", () => {
    const text =
      "FROM debian:trixie\nRUN apt-get update \\\n # tools\n && apt-get install -y curl \\\n # the rest\n && true\n";
    expect(mended(text, ["apt-lists-left"])).toBe(
      "FROM debian:trixie\nRUN apt-get update \\\n # tools\n && apt-get install -y curl \\\n && rm -rf /var/lib/apt/lists/* \\\n # the rest\n && true\n",
    );
  });

  it("is not asked for twice: the deletion in a later layer says it", () => {
    const text = "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n";
    const found = reports(text, ["apt-lists-left", "delete-in-later-layer"]);
    expect(found.map(({ rule }) => rule.id)).toEqual(["delete-in-later-layer"]);
  });

  it("is not asked for in stages that do not ship", () => {
    const text =
      "FROM debian:trixie AS a\nRUN apt-get update && apt-get install -y gcc\nFROM python:3.14 AS b\nRUN pip install flask\nFROM scratch\nCOPY --from=a /x /x\nCOPY --from=b /y /y\n";
    expect(messages(text, caches)).toEqual([]);
  });

  it("is asked for in a stage that the final one builds on", () => {
    const text = "FROM debian:trixie AS a\nRUN apt-get update && apt-get install -y gcc\nFROM a\nCMD true\n";
    expect(messages(text, caches)).toHaveLength(1);
  });

  it("waits for a stage that installs from the lists", () => {
    const text =
      "FROM debian:trixie AS a\nRUN apt-get update && apt-get install -y gcc\nFROM a\nRUN apt-get install -y make\n";
    expect(mended(text, ["apt-lists-left"])).toBe(text);
  });
});

describe("apk", () => {
  it("loses an update only together with the need for it", () => {
    const text = "FROM alpine:3.24\nRUN apk update && apk add curl\nRUN apk add git\n";
    // First the second RUN gets an index of its own, then the first may lose its update.
    expect(mended(text, ["apk-cache-left"])).toBe(
      "FROM alpine:3.24\nRUN apk add --no-cache curl\nRUN apk add --no-cache git\n",
    );
  });

  it("keeps its update while a script may need it", () => {
    const text = "FROM alpine:3.24\nCOPY setup.sh /\nRUN apk update && apk add bash\nRUN sh /setup.sh\n";
    expect(mended(text, ["apk-cache-left"])).toBe(text);
  });
});

describe("an apk update in a RUN of its own", () => {
  const rules = ["apk-cache-left", "package-update-alone"];

  it("goes with the index that later calls read, in all stages", () => {
    const text = "FROM alpine:3.24 AS a\nRUN apk update\nRUN apk add git\nFROM a\nRUN apk add curl && apk add -U x\n";
    expect(messages(text, rules)).toHaveLength(2);
    expect(mended(text, rules)).toBe(
      "FROM alpine:3.24 AS a\nRUN apk add --no-cache git\nFROM a\nRUN apk add --no-cache curl && apk add --no-cache x\n",
    );
  });

  it("stays while a script may need it", () => {
    const text = "FROM alpine:3.24\nRUN apk update\nRUN apk add git\nRUN ./setup.sh\n";
    expect(mended(text, rules)).toBe(text);
  });

  it("leaves nothing to read where it cleans up", () => {
    const text = "FROM alpine:3.24\nRUN apk update && rm -rf /var/cache/apk/*\nRUN apk add git\n";
    expect(messages(text, ["apk-cache-left"])).toHaveLength(1);
  });
});

describe("modes of hadolint", () => {
  it("look at builders as well", () => {
    const text = "FROM python:3.14 AS a\nRUN pip install flask\nFROM scratch\nCOPY --from=a /x /x\n";
    expect(messages(text, ["pip-cache-left"])).toEqual([]);
    expect(messages(text, ["pip-cache-left"], { options: { mode: "hadolint" } })).toHaveLength(1);
  });
});

describe("lock files", () => {
  const rules = ["lockfile-not-enforced"];

  it("are looked for in the folder that the RUN works in", () => {
    const text = "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN cd client && npm install\n";
    expect(messages(text, rules, { files: { "client/package-lock.json": "{}" } })).toHaveLength(1);
    expect(messages(text, rules, { files: { "package-lock.json": "{}" } })).toEqual([]);
  });

  it("of a newer yarn want another flag", () => {
    const text = "FROM node:24\nWORKDIR /app\nCOPY package.json yarn.lock .yarnrc.yml ./\nRUN yarn install\n";
    expect(mended(text, rules, { unsafe: true })).toContain("RUN yarn install --immutable\n");
  });
});
