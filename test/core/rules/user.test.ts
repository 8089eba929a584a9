/** The root family beyond its examples: what a fix writes, where, and where there must be none. */
import { describe, expect, it } from "vitest";
import { applyFixes } from "../../../server/src/core/fix";
import { family, fixed, input, noAction, reports, titles } from "./user-setup";

const createOnDebian = (next = "    ") =>
  `RUN groupadd --gid 10001 app \\\n${next}&& useradd --uid 10001 --gid 10001 --no-log-init --create-home --home-dir /home/app --shell /usr/sbin/nologin app\n`;
const createOnAlpine =
  "RUN addgroup -g 10001 -S app \\\n    && adduser -u 10001 -S -D -G app -h /home/app -s /sbin/nologin app\n";

describe("the fourteen cases", () => {
  it("1 node, one stage", () => {
    expect(fixed('FROM node:26\nCOPY . .\nCMD ["node", "x.js"]\n')).toBe(
      'FROM node:26\nCOPY . .\nUSER node\nCMD ["node", "x.js"]\n',
    );
  });

  it("2 a program on Alpine", () => {
    expect(fixed('FROM alpine:3.24\nCOPY app /app\nENTRYPOINT ["/app"]\n')).toBe(
      `FROM alpine:3.24\n${createOnAlpine}COPY app /app\nUSER 10001:10001\nENTRYPOINT ["/app"]\n`,
    );
  });

  it("3 Debian trixie has no adduser", () => {
    const text = fixed('FROM debian:trixie\nCMD ["app"]\n');
    expect(text).toContain("useradd");
    expect(text).not.toContain("adduser");
  });

  it("4 on Ubuntu 24.04 the number 1000 is taken", () => {
    const text = fixed('FROM ubuntu:24.04\nCMD ["app"]\n');
    expect(text).toContain("--uid 10001");
    expect(text).not.toContain("1000 ");
    expect(titles('FROM ubuntu:24.04\nCMD ["app"]\n')[0]).toContain("Add USER 1000:1000");
  });

  it("5 postgres drops by itself", () => {
    expect(reports("FROM postgres:18\nCOPY init.sql /docker-entrypoint-initdb.d/\n")).toEqual([]);
    expect(reports('FROM postgres:18\nCMD ["postgres", "-c", "fsync=off"]\n')).toEqual([]);
  });

  it("6 distroless with the tag nonroot", () => {
    expect(reports('FROM gcr.io/distroless/static-debian13:nonroot\nENTRYPOINT ["/app"]\n')).toEqual([]);
  });

  it("7 root in a builder", () => {
    expect(
      reports(
        'FROM node:26 AS build\nUSER root\nRUN npm ci\nFROM node:26\nCOPY --from=build /a /a\nUSER node\nCMD ["a"]\n',
      ),
    ).toEqual([]);
  });

  it("8 the user of a stage below", () => {
    expect(reports('FROM node:26 AS base\nUSER node\nFROM base AS final\nCMD ["node"]\n')).toEqual([]);
  });

  it("9 CMD before RUN", () => {
    expect(fixed('FROM node:26\nCMD ["node", "x"]\nCOPY . .\nRUN npm ci\n')).toBe(
      'FROM node:26\nCMD ["node", "x"]\nCOPY . .\nRUN npm ci\nUSER node\n',
    );
  });

  it("10 the number comes from an ARG", () => {
    const text = 'FROM debian:trixie\nARG UID=1000\nRUN useradd -u $UID web\nCMD ["app"]\n';
    expect(fixed(text)).toBe(text.replace("CMD", "USER web\nCMD"));
    expect(reports('FROM debian:trixie\nARG UID\nUSER $UID\nCMD ["app"]\n')).toEqual([]);
    expect(reports('FROM debian:trixie\nARG UID=1000\nUSER ${UID}:${UID}\nCMD ["app"]\n')).toEqual([]);
    expect(reports('FROM debian:trixie\nARG UID=0\nUSER ${UID}\nCMD ["app"]\n')).toHaveLength(1);
  });

  it("11 a heredoc RUN is last", () => {
    const text = "FROM node:26\nRUN <<EOF\nnpm ci\nEOF\n";
    expect(fixed(text)).toBe(`${text}USER node\n`);
    expect(fixed(text.trimEnd())).toBe(`${text}USER node`);
  });

  it("12 CRLF", () => {
    expect(fixed('FROM debian:trixie\r\nCOPY . .\r\nCMD ["app"]\r\n')).toBe(
      `FROM debian:trixie\r\n${createOnDebian().replaceAll("\n", "\r\n")}COPY . .\r\nUSER 10001:10001\r\nCMD ["app"]\r\n`,
    );
    expect(fixed("FROM node:26\r\nRUN npm ci\r\n")).toBe("FROM node:26\r\nRUN npm ci\r\nUSER node\r\n");
  });

  it("13 Windows Server Core", () => {
    expect(
      fixed('# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nCOPY app C:/app\nCMD ["C:/app/a.exe"]\n'),
    ).toBe(
      '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nCOPY app C:/app\nUSER ContainerUser\nCMD ["C:/app/a.exe"]\n',
    );
  });

  it("14 files for export", () => {
    expect(reports("FROM scratch\nCOPY --from=build /out /\n")).toEqual([]);
    expect(reports("FROM scratch AS out\nCOPY a /\nFROM out\nCOPY b /\n")).toEqual([]);
  });
});

describe("no finding", () => {
  it.each([
    ["an unknown image", 'FROM company/app\nCMD ["app"]\n'],
    ["a base in a variable without a value", 'ARG BASE\nFROM ${BASE}\nCMD ["app"]\n'],
    ["an image that is not root", "FROM jenkins/jenkins:lts\nCOPY a /a\n"],
    ["gosu in the start command", 'FROM debian:trixie\nENTRYPOINT ["tini", "--", "gosu", "web", "app"]\n'],
    ["su-exec behind a shell", 'FROM alpine:3.24\nCMD ["sh", "-c", "exec su-exec web app"]\n'],
    ["setpriv in the shell form", "FROM debian:trixie\nCMD exec setpriv --reuid=web app\n"],
    ["su in the shell form", "FROM alpine:3.24\nCMD su web -c 'app'\n"],
    ["sudo -u", 'FROM debian:trixie\nCMD ["sudo", "-u", "web", "app"]\n'],
    ["an installed su-exec", 'FROM alpine:3.24\nRUN apk add --no-cache su-exec\nENTRYPOINT ["/entrypoint.sh"]\n'],
    ["a copied gosu", 'FROM debian:trixie\nCOPY --from=tianon/gosu /gosu /usr/local/bin/\nENTRYPOINT ["/x"]\n'],
    ["s6-overlay", 'FROM alpine:3.24\nADD s6.tar.gz /\nENTRYPOINT ["/init"]\n'],
    [
      "a script in a heredoc",
      'FROM alpine:3.24\nCOPY <<EOF /start.sh\n#!/bin/sh\nexec chpst -u web app\nEOF\nCMD ["/start.sh"]\n',
    ],
    ["cron", 'FROM debian:trixie\nRUN apt-get install -y cron\nCMD ["cron", "-f"]\n'],
    ["supervisord", 'FROM debian:trixie\nCMD ["/usr/bin/supervisord", "-n"]\n'],
    ["systemd", 'FROM fedora:44\nCMD ["/sbin/init"]\n'],
    ["a docker daemon", 'FROM alpine:3.24\nRUN apk add docker\nCMD ["dockerd"]\n'],
    ["docker:dind", "FROM docker:dind\nCOPY a /a\n"],
    ["a tunnel", 'FROM alpine:3.24\nENTRYPOINT ["openvpn", "--config", "/etc/x"]\n'],
    ["a capture", 'FROM alpine:3.24\nENTRYPOINT ["tcpdump"]\n'],
    ["a server behind a script", 'FROM alpine:3.24\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["mysqld"]\n'],
    ["an unseen script on packages for root", 'FROM alpine:3.24\nRUN apk add openvpn\nCMD ["/start.sh"]\n'],
    ["a server that is told its user", 'FROM alpine:3.24\nCMD ["gunicorn", "--user", "web", "app"]\n'],
    [
      "IIS",
      "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN Add-WindowsFeature Web-Server\nENTRYPOINT C:\\ServiceMonitor.exe w3svc\n",
    ],
    ["a whole system in scratch", 'FROM scratch\nADD rootfs.tar.xz /\nCMD ["bash"]\n'],
    ["no stage", "ARG A=1\n"],
    ["nothing", ""],
  ])("%s", (_, text) => {
    expect(reports(text)).toEqual([]);
  });

  it("in a development container", () => {
    const text = 'FROM debian:trixie\nUSER root\nCMD ["sleep", "1"]\n';
    expect(reports(text, { path: "app/.devcontainer/Dockerfile" })).toEqual([]);
    expect(reports(text, { path: "app/devcontainer/Dockerfile" })).toHaveLength(1);
  });

  it("where the script of the build context drops root", () => {
    const text = 'FROM alpine:3.24\nWORKDIR /srv/app\nCOPY . .\nENTRYPOINT ["./run/start.sh"]\n';
    const files = { "run/start.sh": "#!/bin/sh\n# comment\nexec runuser -u web -- app\n" };
    expect(reports(text, { files })).toEqual([]);
    expect(reports(text, { files: { "run/start.sh": "#!/bin/sh\n# no runuser here\nexec app\n" } })).toHaveLength(1);
    const byName = 'FROM alpine:3.24\nCOPY bin/*.sh /usr/local/bin/\nENTRYPOINT ["start.sh"]\n';
    expect(reports(byName, { files: { "bin/start.sh": "exec gosu web app" } })).toEqual([]);
  });

  it("where the target of the build is another stage", () => {
    const text = 'FROM node:26 AS app\nUSER node\nCMD ["node"]\nFROM node:26 AS dev\nCMD ["node"]\n';
    expect(reports(text, { target: "app" })).toEqual([]);
    expect(reports(text)).toHaveLength(1);
  });
});

describe("a finding without a fix", () => {
  it.each([
    ["a self-dropping image with an entry point of its own", 'FROM postgres:18\nENTRYPOINT ["/mine"]\n'],
    ["Apache of php", "FROM php:8.5-apache\nCOPY . .\n"],
    ["Apache itself", "FROM httpd:2.4\nCOPY . .\n"],
    ["nginx on Alpine", 'FROM alpine:3.24\nRUN apk add nginx\nCMD ["nginx", "-g", "daemon off;"]\n'],
    ["nginx by digest", `FROM nginx:1.31@sha256:${"a".repeat(64)}\n`],
    ["nginx by a variable", "ARG TAG=1.31\nFROM nginx:${TAG}\n"],
    ["nginx of an unknown tag", "FROM nginx:0.0.7-none\n"],
    ["ONBUILD", 'FROM node:26\nONBUILD COPY . /app\nONBUILD RUN npm ci\nCMD ["node"]\n'],
    ["the socket of the daemon", 'FROM alpine:3.24\nVOLUME /var/run/docker.sock\nCMD ["app"]\n'],
    ["a device", 'FROM alpine:3.24\nCMD ["app", "--port", "/dev/ttyUSB0"]\n'],
    ["iptables", 'FROM alpine:3.24\nRUN apk add iptables\nCMD ["app"]\n'],
    ["the home of root", 'FROM python:3.14\nENV PATH=/root/.local/bin:$PATH\nCMD ["app"]\n'],
    ["accounts from elsewhere", 'FROM debian:trixie\nCOPY --from=build /etc/passwd /etc/passwd\nCMD ["app"]\n'],
    ["owners changed at the start", "FROM debian:trixie\nCMD chown -R 5:5 /data && app\n"],
    ["a shell that is not POSIX", 'FROM debian:trixie\nSHELL ["pwsh", "-Command"]\nCMD ["app"]\n'],
    ["a shell that nobody knows", 'FROM debian:trixie\nARG S=sh\nSHELL ["${S}", "-c"]\nCMD ["app"]\n'],
    ["an open heredoc", "FROM node:26\nRUN <<EOF\nnpm ci\n"],
    ["a variable that holds root, in the last line", 'FROM node:26\nARG U=root\nUSER $U\nCMD ["node"]\n'],
    ["root on an unknown image", 'FROM company/app\nUSER root\nCMD ["app"]\n'],
  ])("%s", (_, text) => {
    expect(titles(text)).toEqual(noAction);
  });

  it("where owners change in the script of the context", () => {
    const text = 'FROM node:26\nCOPY start.sh /\nCMD ["/start.sh"]\n';
    expect(titles(text, { files: { "start.sh": "chown -R node /data\nexec node x\n" } })).toEqual(noAction);
    expect(titles(text, { files: { "start.sh": "exec node x\n" } })[0]).not.toEqual([]);
  });

  it("where another stage goes on from the shipped one", () => {
    const text = 'FROM node:26 AS app\nCMD ["node"]\nFROM app AS tools\nRUN apt-get update\n';
    expect(titles(text, { target: "app" })).toEqual(noAction);
  });

  it("only a hint for stages that others build on", () => {
    const severity = (text: string, path?: string) => reports(text, path ? { path } : {})[0]?.severity;
    expect(severity("FROM node:26 AS base\nRUN npm i -g x\n")).toBe("hint");
    expect(severity("FROM node:26\nRUN npm i -g x\n", "docker/ci.Dockerfile")).toBe("hint");
    expect(severity("FROM node:26\nRUN npm i -g x\n")).toBe("warning");
    expect(severity('FROM node:26 AS base\nCMD ["node"]\n')).toBe("warning");
    expect(severity("FROM node:26 AS database\nRUN npm i -g x\n")).toBe("warning");
  });
  it.each([
    ["Runs as root to read /var/log", "info"],
    ["needs root: it opens raw sockets", "info"],
    ["do not run this as root", "warning"],
    ["TODO: runs as root", "warning"],
    ["the root of the site", "warning"],
  ])("heeds what is written at the start command: %s", (comment, expected) => {
    const text = `FROM node:26\nCOPY . /app\n# ${comment}\nCMD ["node", "/app"]\n`;
    expect(reports(text).map(({ severity }) => severity)).toEqual([expected]);
  });
});

describe("what a fix writes", () => {
  it("makes an account as the system does", () => {
    expect(fixed('FROM amazonlinux:2023\nCMD ["app"]\n')).toBe(
      "FROM amazonlinux:2023\nRUN echo 'app:x:10001:10001::/home/app:/sbin/nologin' >> /etc/passwd \\\n    && echo 'app:x:10001:' >> /etc/group \\\n    && mkdir -p /home/app \\\n    && chown 10001:10001 /home/app\nUSER 10001:10001\nCMD [\"app\"]\n",
    );
    expect(fixed('FROM fedora:44\nCMD ["app"]\n')).toContain("--shell /sbin/nologin app");
    expect(fixed('FROM busybox\nCMD ["app"]\n')).toContain("adduser -u 10001 -S -D -G app");
  });

  it("takes name and number from the options", () => {
    const text = 'FROM alpine:3.24\nCMD ["app"]\n';
    expect(fixed(text, { options: { userName: "web", uid: 4242 } })).toContain(
      "adduser -u 4242 -S -D -G web -h /home/web",
    );
    expect(fixed(text, { options: { userName: "no name; rm", uid: 0 } })).toBe(fixed(text));
  });

  it("keeps the escape character, the indentation and lower case", () => {
    expect(fixed('# escape=`\nfrom debian:trixie\nrun echo a `\n  && echo b\ncmd ["app"]\n')).toBe(
      '# escape=`\nfrom debian:trixie\nrun echo a `\n  && echo b\nrun groupadd --gid 10001 app `\n  && useradd --uid 10001 --gid 10001 --no-log-init --create-home --home-dir /home/app --shell /usr/sbin/nologin app\nuser 10001:10001\ncmd ["app"]\n',
    );
  });

  it("stands above the comment that belongs to the next instruction, below one that does not", () => {
    expect(fixed("FROM node:26\nRUN npm ci\n\n# Apart.\n\n# hadolint ignore=DL3025\nCMD node x\n")).toBe(
      "FROM node:26\nRUN npm ci\n\n# Apart.\n\nUSER node\n# hadolint ignore=DL3025\nCMD node x\n",
    );
  });

  it("comes after the last WORKDIR and before HEALTHCHECK", () => {
    expect(
      fixed(
        'FROM node:26\nCOPY . /a\nHEALTHCHECK CMD curl localhost\nWORKDIR /a\nENV A=b\nHEALTHCHECK CMD true\nCMD ["node"]\n',
      ),
    ).toBe(
      'FROM node:26\nCOPY . /a\nHEALTHCHECK CMD curl localhost\nWORKDIR /a\nENV A=b\nUSER node\nHEALTHCHECK CMD true\nCMD ["node"]\n',
    );
  });

  it("hands the working folder over, not what is in it", () => {
    expect(fixed('FROM node:26\nWORKDIR /app\nCOPY . .\nCMD ["node"]\n', {}, 1)).toBe(
      'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN chown node:node /app\nUSER node\nCMD ["node"]\n',
    );
    expect(titles('FROM node:26\nWORKDIR /usr/local/bin\nCMD ["node"]\n')[0]?.join()).not.toContain("give it");
  });

  it("gives Tomcat the folders that it writes to", () => {
    expect(fixed("FROM tomcat:11\nCOPY a.war /usr/local/tomcat/webapps/\n")).toContain(
      "RUN chown -R 10001:10001 /usr/local/tomcat/conf /usr/local/tomcat/logs",
    );
  });

  it("takes the account that the file makes, by number where it is known and keeps its groups", () => {
    const with_ = (run: string) => fixed(`FROM alpine:3.24\nRUN ${run}\nCMD ["app"]\n`).split("\n")[2];
    expect(with_("addgroup -g 55 web && adduser -D -u 66 -G web web")).toBe("USER 66:55");
    expect(with_("groupadd -g 55 web && useradd -u 66 -g 55 -G audio web")).toBe("USER 66");
    expect(with_("useradd -u 66 -g 55 web && usermod -aG audio web")).toBe("USER 66");
    expect(with_("adduser -D -g '' web && adduser web audio")).toBe("USER web");
    expect(with_("useradd a && userdel a && useradd b")).toBe("USER b");
    expect(with_("useradd a && useradd b && chown -R a /srv")).toBe("USER a");
    expect(with_("echo 'web:x:66:55::/:/bin/sh' >> /etc/passwd")).toBe("USER 66:55");
    expect(with_("useradd -o -u 0 toor")).toContain("RUN addgroup");
    expect(with_("useradd -R /mnt web && true")).toContain("RUN addgroup");
  });

  it("names an account by its variable, but not by one that the shell sets", () => {
    const on = (run: string) => fixed(`FROM alpine:3.24\nARG NAME\nRUN ${run}\nCMD ["app"]\n`);
    expect(on('adduser -D "$NAME"')).toContain("\nUSER $NAME\n");
    expect(on('NAME=x; adduser -D "$NAME"')).not.toContain("USER $NAME");
  });

  it("moves nginx to its twin, with root for the build steps", () => {
    expect(fixed("FROM nginx\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY a /b\nEXPOSE 80/tcp 443\n")).toBe(
      "FROM nginxinc/nginx-unprivileged\nUSER root\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY a /b\nEXPOSE 8080/tcp 443\nUSER 101\n",
    );
    expect(titles("FROM nginx:1.31\n").flat().join()).not.toContain("USER nginx");
  });

  it("offers the tag nonroot of distroless", () => {
    const text = 'FROM gcr.io/distroless/static-debian13:debug\nCOPY a /\nENTRYPOINT ["/a"]\n';
    expect(fixed(text, {}, 1)).toBe(text.replace(":debug", ":debug-nonroot"));
  });

  it("ends, and leaves nothing to say", () => {
    for (const base of ["node:26", "alpine:3.24", "debian:trixie", "nginx:1.31", "tomcat:11"]) {
      const text = `FROM ${base}\nVOLUME /data\nWORKDIR /app\nCMD ["${base === "nginx:1.31" ? "nginx" : "app"}"]\n`;
      const result = applyFixes(input(text), { unsafe: true });
      expect(result.converged).toBe(true);
      expect(reports(result.text)).toEqual([]);
    }
  });

  it("says what changes", () => {
    const [report] = reports('FROM node:26\nWORKDIR /app\nEXPOSE 80\nCMD ["node"]\n');
    expect(report?.fixes()[0]?.reason).toBe(
      "It cannot write to root's folders, such as /app; some hosts keep port 80 from it.",
    );
  });
});

describe("final-user-root", () => {
  it("switches back in the words of the earlier USER", () => {
    const text = 'FROM company/app\nARG NAME=web\nUSER ${NAME}\nUSER root\nRUN apt-get update\nCMD ["app"]\n';
    expect(fixed(text)).toBe(text.replace("CMD", "USER ${NAME}\nCMD"));
  });

  it("looks in the stages below", () => {
    const text = 'FROM company/app AS base\nUSER 1234\nFROM base\nUSER 0:0\nRUN x\nCMD ["app"]\n';
    expect(fixed(text)).toBe(text.replace("CMD", "USER 1234\nCMD"));
  });

  it("points at the USER, also in a stage below", () => {
    const [report] = reports('FROM node:26 AS base\nUSER root\nFROM base\nCMD ["node"]\n');
    expect(report?.rule.id).toBe("final-user-root");
    expect(report?.range.start).toEqual({ line: 1, character: 5 });
  });
});

describe("one finding per cause", () => {
  it("joins the family", () => {
    const text = 'FROM alpine:3.24\nRUN adduser -D web\nVOLUME /data\nCMD ["app"]\n';
    const all = reports(text, { rules: [...family, "stateful-root-runtime", "user-created-never-used"] });
    expect(all.map((report) => [report.rule.id, report.severity])).toEqual([["missing-user", "warning"]]);
  });
});

describe("user-not-numeric", () => {
  const rules = ["user-not-numeric"];
  it("keeps a group that has no known number", () => {
    expect(fixed("FROM debian:trixie\nRUN useradd -u 66 web\nUSER web:staff\n", { rules })).toContain(
      "USER 66:staff\n",
    );
  });

  it("finds the number in a stage below", () => {
    expect(fixed("FROM debian:trixie AS a\nRUN useradd -u 66 web\nFROM a\nUSER web\n", { rules })).toContain(
      "USER 66\n",
    );
  });

  it("does not bake in what a build argument decides", () => {
    expect(titles("FROM debian:trixie\nARG N=66\nRUN useradd -u $N web\nUSER web\n", { rules })).toEqual(noAction);
  });
});

describe("what lies in the home of root", () => {
  const advice = (run: string): string | undefined =>
    reports(`FROM debian:13\nRUN ${run}\nCMD ["tool"]\n`)[0]?.message.replace(/^.*?by default\. /, "");
  it.each([
    [
      "wget -O ~/get.py https://example.com/get.py && python3 ~/get.py",
      "It may need ~/get.py, which only root can read.",
    ],
    ["wget -O ~/get.py https://example.com/get.py && python3 ~/get.py && rm -rf /tmp/* ~/*", "Make an account"],
    ["wget -O /root/get.py https://example.com/get.py && python3 /root/get.py && rm $HOME/get.py", "Make an account"],
    ["wget -O ~/get.py https://example.com/get.py && rm ~/other.py", "It may need ~/get.py, which only root can read."],
  ])("%s", (run, expected) => {
    expect(advice(run)).toMatch(new RegExp(`^${expected.replaceAll(".", "\\.")}`));
  });
});
