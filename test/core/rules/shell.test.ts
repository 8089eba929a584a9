/** The rules about what RUN calls, beyond their examples: line ends, escape characters, heredocs, ONBUILD, Windows. */
import { describe, expect, it } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { applyFixes } from "../../../server/src/core/fix";
import type { LintInput, Report } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import { shellRules } from "../../../server/src/core/rules/shell/index";

type Options = { readonly [name: string]: string | number };

function input(text: string, rule: string, options: Options = {}): LintInput {
  const rules = shellRules.filter(({ id }) => id === rule);
  expect(rules).toHaveLength(1);
  const overrides = [new Map([[rule, { severity: "on" as const, options }]])];
  return {
    model: buildModel(text),
    rules,
    config: resolveConfig(rules, { presets: [], overrides }),
    catalogue: exampleCatalogue(),
    today: "2026-09-01",
  };
}

function reports(rule: string, text: string, options?: Options): readonly Report[] {
  const { reports, failures } = lint(input(text, rule, options));
  expect(failures).toEqual([]);
  return reports;
}

/** What is marked, as written in the file. */
const marked = (rule: string, text: string, options?: Options) =>
  reports(rule, text, options).map(({ span }) => text.slice(span.start, span.end));

/** The text after all fixes of the rule, unsafe ones too. */
function fixed(rule: string, text: string, options?: Options): string {
  const result = applyFixes(input(text, rule, options), { unsafe: true });
  expect(result.converged).toBe(true);
  return result.text;
}

const hadolint = { mode: "hadolint" };

describe("ONBUILD", () => {
  const trigger = "FROM debian:13\nONBUILD RUN curl -k http://example.org/a | curl -k https://example.org/b | sh\n";
  it.each(["tls-verification-off-in-command", "cleartext-download", "pipe-without-pipefail", "pipe-download-to-shell"])(
    "%s looks at the trigger, and leaves it as it is",
    (rule) => {
      expect(reports(rule, trigger)).toHaveLength(1);
      expect(fixed(rule, trigger)).toBe(trigger);
    },
  );
});

describe("Windows", () => {
  const windows =
    "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN curl -k http://example.org/a | sh && rm * `\n  && cd C:\\x\n";
  const powershell =
    'FROM debian:13\nSHELL ["pwsh", "-c"]\nRUN curl -k http://example.org/a | sh; wget http://example.org/a\n';
  it.each(shellRules.map(({ id }) => id))("%s says nothing of cmd and PowerShell", (rule) => {
    expect(marked(rule, windows)).toEqual([]);
    expect(marked(rule, powershell)).toEqual([]);
  });
});

describe("line ends and escape characters", () => {
  it("keeps carriage returns where a flag goes", () => {
    const text = "FROM debian:13\r\nRUN wget \\\r\n    --no-check-certificate \\\r\n    https://example.org/a\r\n";
    expect(fixed("tls-verification-off-in-command", text)).toBe(
      "FROM debian:13\r\nRUN wget \\\r\n    https://example.org/a\r\n",
    );
  });
  it("keeps carriage returns where an instruction comes", () => {
    expect(fixed("pipe-without-pipefail", "FROM debian:13\r\nRUN curl https://example.org/a | sh\r\n")).toBe(
      'FROM debian:13\r\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\r\nRUN curl https://example.org/a | sh\r\n',
    );
  });
  it("joins steps with the file's own escape character", () => {
    const text = "# escape=`\r\nFROM alpine:3.24\r\nRUN apk add a\r\nRUN apk add b\r\n";
    expect(fixed("consecutive-run", text)).toBe(
      "# escape=`\r\nFROM alpine:3.24\r\nRUN apk add a `\r\n    && apk add b\r\n",
    );
  });
  it("writes no heredoc where the shell could not read the continuation", () => {
    const text = "# escape=`\nFROM alpine:3.24\nRUN a `\n    && b `\n    && c\n";
    expect(fixed("prefer-run-heredoc", text, { commands: 2 })).toBe(text);
  });
});

describe("prefer-run-heredoc", () => {
  const rule = "prefer-run-heredoc";
  it("drops what only the builder takes for nothing", () => {
    expect(fixed(rule, "FROM alpine\nRUN a \\  \n    b \\\n\n    c \\\n && d\n", { commands: 2 })).toBe(
      "FROM alpine\nRUN <<EOF\nset -e\na \\\n    b \\\n    c\nd\nEOF\n",
    );
  });
  it.each(["FROM alpine\r\nRUN a && b\r\n", "FROM alpine\nRUN a \\\n# why\n && b\n", "FROM alpine\nRUN a && ! b\n"])(
    "offers nothing for %j",
    (text) => {
      expect(marked(rule, text, { commands: 2 })).toEqual(["RUN"]);
      expect(fixed(rule, text, { commands: 2 })).toBe(text);
    },
  );
});

describe("heredocs", () => {
  it("finds and mends within a script", () => {
    const text = "FROM alpine:3.24\nRUN <<EOF\nset -e\nwget -qO- https://example.org/a | sh\nEOF\n";
    expect(marked("pipe-download-to-shell", text)).toEqual(["wget -qO- https://example.org/a | sh"]);
    expect(fixed("pipe-without-pipefail", text)).toBe(
      "FROM alpine:3.24\nRUN <<EOF\nset -o pipefail\nset -e\nwget -qO- https://example.org/a | sh\nEOF\n",
    );
  });
  it("takes a script of another interpreter for what it is", () => {
    expect(marked("shell-glob-as-option", "FROM python:3.14\nRUN <<EOF\n#!/usr/bin/env python3\nrm *\nEOF\n")).toEqual(
      [],
    );
  });
});

describe("templates", () => {
  it("leaves what template code decides", () => {
    expect(marked("cleartext-download", "FROM debian:13\nRUN curl http://{{ host.example }}/a -o a\n")).toEqual([]);
  });
});

describe("tls-verification-off-in-command", () => {
  const rule = "tls-verification-off-in-command";
  it.each([
    ["curl --insecure https://example.org/a", "curl https://example.org/a"],
    ["curl -ksSL https://example.org/a", "curl -sSL https://example.org/a"],
    ["pip3 install --trusted-host=pypi.org flask", "pip3 install flask"],
    ["pip install flask --trusted-host pypi.org --trusted-host files.pythonhosted.org", "pip install flask"],
    ["yum install -y --setopt=sslverify=false nginx", "yum install -y nginx"],
    ["npm install --strict-ssl=false x", "npm install x"],
    ["git -c http.sslVerify=false clone https://example.org/a", "git clone https://example.org/a"],
    ["apt-get -o Acquire::https::Verify-Peer=false update", "apt-get update"],
    ["sudo curl -k https://example.org/a", "sudo curl https://example.org/a"],
  ])("%s", (before, after) => {
    expect(fixed(rule, `FROM debian:13\nRUN ${before}\n`)).toBe(`FROM debian:13\nRUN ${after}\n`);
  });
  it.each([
    "curl -o k https://example.org/k",
    "curl -K settings https://example.org/a",
    "curl -k https://localhost:8443/",
    "curl -k https://registry/",
    "pip install --trusted-host nexus.corp flask",
    "npm config set strict-ssl true",
    "NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci",
    "echo curl -k",
  ])("is silent: %s", (command) => {
    expect(marked(rule, `FROM debian:13\nRUN ${command}\n`)).toEqual([]);
  });
  it("offers nothing within a script in quotes", () => {
    const text = "FROM debian:13\nRUN sh -c 'curl -k https://example.org/a'\n";
    expect(marked(rule, text)).toEqual(["-k"]);
    expect(fixed(rule, text)).toBe(text);
  });
  it("answers only to the id of the tool", () => {
    const [found] = reports(rule, "FROM debian:13\nRUN wget --no-check-certificate https://example.org/a\n");
    expect(found?.aliases).toEqual({ checkov: ["CKV2_DOCKER_3"], sonar: ["S4830"] });
  });
});

describe("tls-verification-off-in-env", () => {
  it("follows the value through a variable of the file", () => {
    const text = "FROM node:26\nARG CHECK=0\nENV NODE_TLS_REJECT_UNAUTHORIZED=${CHECK}\n";
    expect(marked("tls-verification-off-in-env", text)).toEqual(["NODE_TLS_REJECT_UNAUTHORIZED=${CHECK}"]);
  });
});

describe("pipes", () => {
  const pipe = (line: string, shell = "") => `FROM debian:13\n${shell}RUN ${line}\n`;
  it("knows that a signal ends the writer of head", () => {
    const text = pipe("curl https://example.org/a | sh | head -1");
    expect(marked("pipe-without-pipefail", text)).toHaveLength(1);
    expect(fixed("pipe-without-pipefail", text)).toBe(text);
  });
  it("does not bring bash to a later step that stops reading early", () => {
    const text = `${pipe("curl https://example.org/a | sh")}RUN yes | make config\n`;
    expect(fixed("pipe-without-pipefail", text)).toBe(
      'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl https://example.org/a | sh\nSHELL ["/bin/sh", "-c"]\nRUN yes | make config\n',
    );
  });
  it("sets the option in the step where SHELL names bash already", () => {
    expect(fixed("pipe-without-pipefail", pipe("curl https://example.org/a | sh", 'SHELL ["/bin/bash", "-c"]\n'))).toBe(
      pipe("set -o pipefail && curl https://example.org/a | sh", 'SHELL ["/bin/bash", "-c"]\n'),
    );
  });
  it.each([
    "curl https://example.org/a | sh || exit 1",
    "if curl https://example.org/a | sh; then :; fi",
    "curl http://localhost/x | tee y",
  ])("is silent: %s", (line) => {
    expect(marked("pipe-without-pipefail", pipe(line))).toEqual([]);
  });
  it("reports every pipe of an unknown image in hadolint's way", () => {
    const text = "FROM registry.example.com/a:1\nRUN ls | sort\n";
    expect(marked("pipe-without-pipefail", text)).toEqual([]);
    expect(marked("pipe-without-pipefail", text, hadolint)).toEqual(["ls | sort"]);
  });
  it.each([
    "bash -c 'echo'",
    "bash install.sh",
    'sh -c "$(cat x)"',
    "python -m json.tool",
    "perl -pe 's/a/b/'",
    "node build.js",
  ])("does not take %s for an interpreter of the download", (program) => {
    expect(marked("pipe-download-to-shell", pipe(`curl https://example.org/a | ${program}`))).toEqual([]);
  });
  it.each(["bash -s -- --yes", "bash -x", "sudo -E bash -", "/bin/sh", "python3 -", "env A=b sh"])(
    "takes %s for one",
    (program) => {
      expect(marked("pipe-download-to-shell", pipe(`curl https://example.org/a | ${program}`))).toHaveLength(1);
    },
  );
});

describe("hadolint's way", () => {
  it("reports every cd once per RUN", () => {
    const text = "FROM debian:13\nRUN a && cd x && b && cd y\n";
    expect(marked("cd-instead-of-workdir", text, hadolint)).toEqual(["cd x"]);
  });
  it("reports the commands of its list wherever they stand", () => {
    const text = "FROM debian:13\nRUN x & kill $! && mount -a\n";
    expect(marked("no-container-nonsense-command", text)).toEqual([]);
    expect(marked("no-container-nonsense-command", text, hadolint)).toEqual(["kill $!", "mount -a"]);
  });
});

describe("cd-instead-of-workdir", () => {
  const rule = "cd-instead-of-workdir";
  it("puts the folder back that later steps expect", () => {
    const text = "FROM node:26\nWORKDIR /srv\nRUN cd /app && make\nRUN ls\n";
    expect(fixed(rule, text)).toBe("FROM node:26\nWORKDIR /srv\nWORKDIR /app\nRUN make\nWORKDIR /srv\nRUN ls\n");
  });
  it("drops a cd to where the step stands anyway", () => {
    expect(fixed(rule, "FROM node:26\nWORKDIR /app\nRUN cd /app && make\n")).toBe(
      "FROM node:26\nWORKDIR /app\nRUN make\n",
    );
  });
  it.each(["cd $HOME && make", "cd ~/x && make", "cd x && make", "cd /x || true", "cd - && make"])(
    "is silent: %s",
    (line) => {
      expect(marked(rule, `FROM node:26\nRUN ${line}\n`)).toEqual([]);
    },
  );
});

describe("env-unset-has-no-effect", () => {
  it("knows what the stage below sets", () => {
    const text = "FROM alpine:3.24 AS base\nENV PASS=x\nFROM base\nRUN setup && unset PASS\n";
    expect(marked("env-unset-has-no-effect", text)).toEqual(["PASS"]);
  });
  it("leaves an unset within a subshell or behind a condition", () => {
    const text = "FROM alpine:3.24\nENV P=x\nRUN (unset P)\nRUN if true; then unset P; fi\n";
    expect(marked("env-unset-has-no-effect", text)).toEqual([]);
  });
});

describe("command-not-in-base", () => {
  const rule = "command-not-in-base";
  it("adds the package to the install that is there", () => {
    const text =
      'FROM python:3.14-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 \\\n    && rm -rf /var/lib/apt/lists/*\nHEALTHCHECK CMD curl -f http://localhost/\nCMD ["python", "a.py"]\n';
    expect(marked(rule, text)).toEqual(["curl"]);
    expect(fixed(rule, text)).toBe(text.replace("libpq5", "libpq5 curl"));
  });
  it.each([
    "FROM python:3.14-slim\nRUN ./setup.sh\nHEALTHCHECK CMD curl -f http://localhost/\n",
    "FROM python:3.14-slim\nCOPY bin /usr/local/bin/\nHEALTHCHECK CMD curl -f http://localhost/\n",
    "FROM python:3.14-slim\nENV PATH=/tools:$PATH\nHEALTHCHECK CMD curl -f http://localhost/\n",
    "FROM python:3.14-slim\nARG P\nRUN apt-get update && apt-get install -y $P\nHEALTHCHECK CMD curl -f http://localhost/\n",
    "FROM python:3.14-slim AS base\nFROM base\nHEALTHCHECK CMD curl -f http://localhost/\n",
    "FROM python:3.14-slim\nHEALTHCHECK CMD curl -f http://localhost/\nHEALTHCHECK NONE\n",
    "FROM alpine:3.24\nRUN command -v bash || true\n",
  ])("is silent where something may bring it: %j", (text) => {
    expect(marked(rule, text)).toEqual([]);
  });
});

describe("downloads", () => {
  it("leaves hosts of one's own network", () => {
    for (const host of [
      "localhost",
      "127.0.0.1:80",
      "192.168.1.2",
      "10.1.2.3",
      "mirror.corp",
      "nexus",
      "a.svc.cluster",
    ]) {
      expect(marked("cleartext-download", `FROM debian:13\nRUN curl http://${host}/a -o a\n`)).toEqual([]);
    }
  });
  it("knows a file by its last name", () => {
    const text = "FROM debian:13\nRUN cd /tmp && wget https://example.org/a-1.tgz && tar xf a-1.tgz\n";
    expect(marked("unverified-download", text)).toEqual(["wget https://example.org/a-1.tgz"]);
  });
  it("does not take reading one's key for an unpacked download", () => {
    const text = "FROM debian:13\nRUN curl https://example.org/a.asc | gpg --dearmor -o /k\n";
    expect(marked("unverified-download", text)).toEqual([]);
  });
  it("finds an old TLS in either tool", () => {
    expect(
      marked(
        "weak-tls-version",
        "FROM debian:13\nRUN curl -3 https://example.org/a -o a && wget --secure-protocol TLSv1_1 https://example.org/b\n",
      ),
    ).toEqual(["-3", "TLSv1_1"]);
  });
});

it("costs no square: one finding per RUN, however many pipes", () => {
  const line = Array.from({ length: 2000 }, (_, i) => `curl https://example.org/${i} | sh`).join(" && ");
  expect(reports("pipe-without-pipefail", `FROM debian:13\nRUN ${line}\n`)).toHaveLength(1);
  expect(reports("pipe-download-to-shell", `FROM debian:13\nRUN ${line}\n`)).toHaveLength(2000);
});
