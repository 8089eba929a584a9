import { defineRule } from "../../rule";
import type { Copies } from "./copies";
import { baseName, copiesOf, isArchive, isPattern, isRemote } from "./copies";

export default defineRule({
  id: "add-instead-of-copy",
  theme: "copy",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "ADD is used for plain local files.",
  why: "ADD does more than it says: it unpacks archives and loads addresses. Where neither is meant, COPY says so, and a file that happens to be an archive arrives as it is. Archives, addresses, git repositories and names that only a variable knows are left alone.",
  aliases: {
    hadolint: ["DL3020"],
    trivy: ["DS-0005"],
    checkov: ["CKV_DOCKER_4"],
    kics: ["Add Instead of Copy"],
    semgrep: ["prefer-copy-over-add"],
    sonar: ["S7029"],
    dockle: ["CIS-DI-0009"],
    tally: ["hadolint/DL3020"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "A folder",
      code: "FROM python:3.14\n[|ADD|] --chown=1000 . /app\n",
      fixed: "FROM python:3.14\nCOPY --chown=1000 . /app\n",
    },
    {
      title: "A pattern that may match an archive",
      code: "FROM alpine:3.24\n[|add|] app* /opt/\n",
      fixed: "FROM alpine:3.24\ncopy app* /opt/\n",
    },
    { title: "In ONBUILD", code: "FROM alpine:3.24\nONBUILD [|ADD|] src /src\n" },
    { title: "An archive", code: "FROM scratch\nADD rootfs.tar.xz /\n" },
    { title: "An address", code: "FROM alpine:3.24\nADD https://example.com/app /app\n" },
    { title: "A repository", code: "FROM alpine:3.24\nADD git@github.com:moby/buildkit.git#v0.10 /src\n" },
    { title: "A variable", code: "FROM alpine:3.24\nARG ROOTFS=root\nADD $ROOTFS /\n" },
    { title: "One archive among files", code: "FROM alpine:3.24\nADD a.txt b.tgz /opt/\n" },
    { title: "What only ADD can", code: "FROM alpine:3.24\nADD --unpack=true bundle /opt/\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "ADD" && instruction.keyword !== "ONBUILD") continue;
      const copies = copiesOf(instruction);
      if (copies?.keyword !== "ADD" || !isPlain(copies)) continue;
      const { from, to } = copies.parsed.keywordSpan;
      const range = { start: instruction.blockStart + from, end: instruction.blockStart + to };
      yield {
        message: "ADD copies plain files here, which COPY does without surprises. Write COPY.",
        range,
        fixes: () => {
          if (copies.onbuild) return [];
          const written = model.text.slice(range.start, range.end);
          const unsure = copies.sources.some(({ value }) => value !== null && mayMatchArchive(value));
          return [
            {
              title: "Write COPY instead of ADD",
              applicability: unsure ? "unsafe" : "safe",
              ...(unsure ? { reason: "An archive that the pattern matches is no longer unpacked." } : {}),
              edits: [{ span: range, newText: written === written.toLowerCase() ? "copy" : "COPY" }],
            },
          ];
        },
      };
    }
  },
});

function isPlain(copies: Copies): boolean {
  if (copies.flag("checksum") || copies.flag("keep-git-dir") || copies.flag("unpack")) return false;
  return (
    copies.sources.length + copies.heredocs > 0 &&
    // What a variable holds by default may be an archive when somebody passes another value.
    copies.sources.every(
      ({ text, value }) => value !== null && !text.includes("$") && !isRemote(value) && !isArchive(baseName(value)),
    )
  );
}

/** True for a pattern whose end is open: `*.conf` can match no archive, `app*` can. */
function mayMatchArchive(source: string): boolean {
  const name = baseName(source);
  return isPattern(name) && !/\.[A-Za-z0-9_-]+$/.test(name);
}
