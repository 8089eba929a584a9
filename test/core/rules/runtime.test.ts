/** What examples of the themes runtime, user and windows would only repeat: line ends, escapes, triggers, ties. */
import { describe, expect, it } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { applyFixes } from "../../../server/src/core/fix";
import { readLooseList } from "../../../server/src/core/fixes/json-list";
import { type LintInput, lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import { allRules } from "../../../server/src/core/rules/index";

function input(text: string, ...ids: readonly string[]): LintInput {
  const overrides = [new Map(ids.map((id) => [id, { severity: "on" as const }]))];
  return {
    model: buildModel(text),
    rules: allRules,
    config: resolveConfig(allRules, ids.length > 0 ? { presets: [], overrides } : { presets: ["recommended"] }),
    catalogue: exampleCatalogue(),
    today: "2026-09-01",
  };
}

/** `rule:text` of each finding. */
function found(text: string, ...ids: readonly string[]): readonly string[] {
  const { reports, failures } = lint(input(text, ...ids));
  expect(failures).toEqual([]);
  return reports.map(({ rule, span }) => `${rule.id}:${text.slice(span.start, span.end)}`);
}

const fixed = (text: string, ...ids: readonly string[]) => applyFixes(input(text, ...ids), { unsafe: true }).text;

const severity = (text: string, id: string) => lint(input(text, id)).reports.map((report) => report.severity);

const aliases = (text: string, id: string) =>
  lint(input(text, id)).reports.map((report) => Object.values(report.aliases).flat());

describe("one mistake is one finding", () => {
  it.each([
    ["FROM alpine:3.24\nHEALTHCHECK wget -q http://localhost\n", "healthcheck-unknown-type:wget"],
    ["FROM alpine:3.24\nHEALTHCHECK CMD\n", "healthcheck-missing-command:CMD"],
    ["FROM alpine:3.24\nSHELL /bin/sh -c\n", "shell-needs-json:/bin/sh -c"],
  ])("%j", (text, expected) => {
    const errors = lint(input(text)).reports.filter((report) => report.severity === "error");
    expect(errors.map(({ rule, span }) => `${rule.id}:${text.slice(span.start, span.end)}`)).toEqual([expected]);
  });

  it("a shell form without a shell is told once, as an error", () => {
    const ids = ["shell-form-entrypoint", "shell-form-in-shell-less-base"];
    expect(found("FROM scratch\nCOPY app /app\nCMD /app\n", ...ids)).toEqual(["shell-form-in-shell-less-base:/app"]);
  });
});

describe("line ends and escapes", () => {
  it("keeps CRLF", () => {
    expect(fixed('FROM fedora:44\r\nCMD ["/sbin/init"]\r\n', "systemd-stopsignal")).toBe(
      'FROM fedora:44\r\nSTOPSIGNAL SIGRTMIN+3\r\nCMD ["/sbin/init"]\r\n',
    );
    expect(fixed('FROM alpine:3.24\r\nCMD ["a"]\r\nCMD ["b"]\r\n', "multiple-cmd")).toBe(
      'FROM alpine:3.24\r\nCMD ["b"]\r\n',
    );
    expect(fixed("FROM debian:trixie\r\nRUN sudo ls\r\n", "no-sudo")).toBe("FROM debian:trixie\r\nRUN ls\r\n");
  });

  it("reads continued lines by the escape character of the file", () => {
    const text = "# escape=`\nFROM alpine:3.24\nCMD server `\n  --port 80\n";
    expect(fixed(text, "shell-form-entrypoint")).toBe('# escape=`\nFROM alpine:3.24\nCMD ["server", "--port", "80"]\n');
  });

  it("mends small letters with small letters", () => {
    expect(fixed('from alpine:3.24\ncmd ["nginx"]\n', "nginx-stopsignal")).toBe(
      'from alpine:3.24\nstopsignal SIGQUIT\ncmd ["nginx"]\n',
    );
  });
});

describe("ports", () => {
  it("splits what a variable holds", () => {
    expect(found('FROM alpine:3.24\nENV PORTS="80 99999"\nEXPOSE $PORTS\n', "expose-port-out-of-range")).toEqual([
      "expose-port-out-of-range:$PORTS",
    ]);
  });

  it("answers to the ids of peers that look at that port", () => {
    expect(aliases('FROM alpine:3.24\nEXPOSE 3389\nCMD ["a"]\n', "expose-admin-port")).toEqual([["S6473"]]);
    expect(aliases('FROM alpine:3.24\nEXPOSE 22\nCMD ["a"]\n', "expose-admin-port")[0]).toContain("DS-0004");
  });

  it("takes an image for logins at its word", () => {
    expect(severity('FROM alpine:3.24\nEXPOSE 22\nCMD ["/usr/sbin/sshd", "-D"]\n', "expose-admin-port")).toEqual([]);
    expect(severity('FROM alpine:3.24\nEXPOSE 22 3000\nCMD ["/app/gitea", "web"]\n', "expose-admin-port")).toEqual([]);
    expect(severity('FROM alpine:3.24\nEXPOSE 22 23\nCMD ["/usr/sbin/sshd"]\n', "expose-admin-port")).toEqual(["info"]);
    expect(
      severity('FROM alpine:3.24\nRUN apk add openssh\nEXPOSE 22\nENTRYPOINT ["/run.sh"]\n', "expose-admin-port"),
    ).toEqual(["info"]);
    expect(
      severity('FROM alpine:3.24\nRUN apk add openssh\nEXPOSE 22 80\nENTRYPOINT ["/run.sh"]\n', "expose-admin-port"),
    ).toEqual(["warning"]);
  });
});

describe("work folders", () => {
  it("a relative one behind another relative one is BuildKit's no more", () => {
    const text = "FROM registry.example.com/a:1\nWORKDIR app\nWORKDIR src\n";
    const [first, second] = aliases(text, "workdir-relative");
    expect(first).toContain("WorkdirRelativePath");
    expect(second).not.toContain("WorkdirRelativePath");
    expect(second).toContain("DL3000");
  });

  it("no fix where a variable names the image", () => {
    const text = "ARG BASE=debian:trixie\nFROM $BASE\nWORKDIR app\n";
    expect(found(text, "workdir-relative")).toHaveLength(1);
    expect(fixed(text, "workdir-relative")).toBe(text);
  });
});

describe("lists that are no JSON", () => {
  it.each([
    ["['a', 'b']", ["a", "b"]],
    ['["a", "b",]', ["a", "b"]],
    ["[a, b]", ["a", "b"]],
    ['["a" "b"]', ["a", "b"]],
    ['["C:\\app\\x.exe", "-a"]', ["C:\\app\\x.exe", "-a"]],
    ['["a", "b"', ["a", "b"]],
  ])("%s", (text, items) => expect(readLooseList(text)?.items).toEqual(items));

  it.each(['[ -f /x ] && [ "$a" ]', "[ a = b ]", "[abc]*.txt /x", "[", "[]", '["a"] && b', "[ -f /x"])(
    "%s is none",
    (text) => expect(readLooseList(text)).toBeNull(),
  );
});

describe("shell forms", () => {
  const id = "shell-form-entrypoint";
  it.each([
    ["FROM postgres:18\nCMD postgres -c x=y\n", "unsafe"],
    ['FROM node:26\nENTRYPOINT ["/entry"]\nCMD npm start\n', "unsafe"],
    ['FROM node:26\nENTRYPOINT node a.js\nCMD ["x"]\n', "unsafe"],
    ["FROM node:26\nCMD ./start.sh\n", "unsafe"],
    ["FROM node:26\nCMD node a.js\n", "safe"],
  ])("%j: %s", (text, applicability) => {
    expect(lint(input(text, id)).reports.map((report) => report.fixes()[0]?.applicability)).toEqual([applicability]);
  });

  it.each([
    'FROM node:26\nENTRYPOINT ["bash", "-c"]\nCMD npm start\n',
    "FROM node:26\nCMD cd /app && trap x TERM\n",
    "FROM node:26\nCMD a | b\n",
    "FROM node:26\nCMD A=1 node a.js\n",
    "FROM node:26\nCMD server &\n",
    "FROM node:26\nCMD a || b\n",
  ])("no fix: %j", (text) => expect(fixed(text, id)).toBe(text));
});

describe("users", () => {
  it("deletes sudo in a heredoc", () => {
    expect(fixed("FROM debian:trixie\nRUN <<EOF\nsudo ls\nsudo rm /x\nEOF\n", "no-sudo")).toBe(
      "FROM debian:trixie\nRUN <<EOF\nls\nrm /x\nEOF\n",
    );
  });

  it.each([
    ["FROM debian:trixie\nRUN sudo -u app ls\n"],
    ["FROM debian:trixie\nONBUILD RUN sudo ls\n"],
    ["FROM debian:trixie\nRUN bash -c 'sudo ls'\n"],
    ["FROM debian:trixie\nRUN sudo A=1 ls\n"],
  ])("leaves sudo to people: %j", (text) => {
    expect(found(text, "no-sudo")).toHaveLength(1);
    expect(fixed(text, "no-sudo")).toBe(text);
  });

  it("reads modes of every form", () => {
    const modes = ["777", "0777", "a+w", "o+w", "ugo=rwx", "u+x,o+rw", "a=rwX"];
    for (const mode of modes) {
      expect(found(`FROM alpine:3.24\nRUN chmod ${mode} /x\n`, "world-writable-permissions")).toHaveLength(1);
    }
    for (const mode of ["755", "1777", "+x", "+w", "a-w", "g+w", "o=rx", "a+rx", "o-w,u+w", "775", "u=rwx,go=rx"]) {
      expect(found(`FROM alpine:3.24\nRUN chmod ${mode} /x\n`, "world-writable-permissions")).toEqual([]);
    }
  });

  it("keeps two opposite rules from undoing each other", () => {
    const text = 'FROM node:26\nUSER node\nCOPY . /app\nCMD ["node", "/app"]\n';
    const result = applyFixes(input(text, "copy-after-user-without-chown", "copied-executable-owned-by-nonroot"), {
      unsafe: true,
    });
    expect(result.converged).toBe(true);
  });

  it("does not touch PowerShell", () => {
    const text =
      'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command"]\nRUN sudo ls; chmod 777 x; passwd -d root\nCMD server\n';
    const ids = ["no-sudo", "world-writable-permissions", "password-set-in-run", "shell-form-entrypoint"];
    expect(found(text, ...ids)).toEqual([]);
  });
});
