import { canEditRun } from "../../fixes/shell-list";
import type { Finding } from "../../rule";
import { defineRule } from "../../rule";
import type { NamedPackage } from "../../shell/packages";
import { callName, type PackageCall, packageCalls } from "./calls";
import { isKnownBad, type Vulnerability, vulnerabilities } from "./vulnerable";

export default defineRule({
  id: "known-vulnerable-package-pin",
  theme: "package",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A pinned package version is known to be vulnerable.",
  why: "A pin keeps a hole open that everybody else has closed. The rule knows a few of the best known (OpenSSL 3.0, PyYAML, packages of npm that were taken over) and only judges versions that are those of the makers: Debian, Ubuntu and Red Hat mend holes without raising the number, so their pins are never judged. It is off by default, since no short list can replace a scanner.",
  aliases: { kics: ["Vulnerable OpenSSL Version"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "OpenSSL 3.0 before its fix, on Alpine",
      code: "FROM alpine:3.16\nRUN apk add --no-cache [|openssl3=3.0.5-r0|]\n",
    },
    {
      title: "A package that was taken over",
      code: "FROM node:26\nRUN npm install -g [|ua-parser-js@0.7.29|]\n",
      fixed: "FROM node:26\nRUN npm install -g ua-parser-js@0.7.30\n",
    },
    {
      title: "A list for pip",
      code: "FROM python:3.14\nRUN pip install --no-cache-dir [|pyyaml==5.3|] flask==3.1.2\n",
      fixed: "FROM python:3.14\nRUN pip install --no-cache-dir pyyaml==5.4 flask==3.1.2\n",
    },
    { title: "A fixed version", code: "FROM alpine:3.16\nRUN apk add --no-cache openssl=3.0.8-r0\n" },
    { title: "No version", code: "FROM alpine:3.16\nRUN apk add --no-cache openssl\n" },
    {
      title: "Ubuntu mends without raising the number",
      code: "FROM ubuntu:22.04\nRUN apt-get install -y openssl=3.0.2-0ubuntu1.20\n",
    },
    { title: "A line of versions takes fixes", code: "FROM alpine:3.16\nRUN apk add --no-cache openssl~3.0\n" },
    { title: "A variable", code: "FROM python:3.14\nARG V=5.3\nRUN pip install pyyaml==$V\n" },
  ],
  *check({ model }): Iterable<Finding> {
    for (const call of packageCalls(model)) {
      const { operation, script, step } = call;
      if (operation.action !== "install") continue;
      for (const one of operation.packages) {
        const hole = holeOf(call, one);
        if (!hole) continue;
        const range = script.locate(one.word.from, one.word.to);
        yield {
          message: `${one.name} ${one.version} has a known hole (${hole.id}), which ${hole.fixed} closes. Raise the version.`,
          range,
          aliases: hole.name.includes("ssl") ? { kics: ["Vulnerable OpenSSL Version"] } : {},
          fixes: () => {
            const { version } = one;
            // The numbers of a distribution carry its own revision, which nobody here knows.
            if (operation.manager === "apk" || version === null || !canEditRun(model, step.run, step.isTrigger))
              return [];
            const at = one.word.text.lastIndexOf(version);
            if (at < 0 || !one.word.text.startsWith(version, at)) return [];
            const from = one.word.from + at;
            return [
              {
                title: `Raise ${one.name} to ${hole.fixed}`,
                applicability: "unsafe",
                reason: `${callName(call)} then installs another version than the one that was tested.`,
                edits: [{ span: script.locate(from, from + version.length), newText: hole.fixed }],
              },
            ];
          },
        };
      }
    }
  },
});

function holeOf({ operation }: PackageCall, one: NamedPackage): Vulnerability | null {
  const { version, constraint } = one;
  if (version === null || constraint === null || one.word.value === null || !/^\d/.test(version)) return null;
  if (operation.manager === "apk" && !constraint.startsWith("=")) return null;
  const manager = operation.tool.family;
  return (
    vulnerabilities.find(
      (hole) => hole.family === manager && hole.name === one.name.toLowerCase() && isKnownBad(hole, version),
    ) ?? null
  );
}
