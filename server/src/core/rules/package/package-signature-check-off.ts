import { canEditRun, removeWord } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Aliases, Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import { hasOperationFlag } from "../../shell/packages";
import { isBrought } from "./brought";
import { callName, type PackageCall, packageCalls, runSteps } from "./calls";

export default defineRule({
  id: "package-signature-check-off",
  theme: "package",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A package manager is told not to check signatures.",
  why: "The signature is what tells a package of the distribution from one that somebody put on a mirror or in the way to it. Without the check whoever controls the network or the mirror runs code as root during the build. Import the key of the repository instead.",
  aliases: {
    checkov: ["CKV2_DOCKER_7", "CKV2_DOCKER_8", "CKV2_DOCKER_9", "CKV2_DOCKER_10", "CKV2_DOCKER_11"],
    dockle: ["CIS-DI-0011"],
  },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "apk",
      code: "FROM alpine:3.24\nRUN apk add --no-cache [|--allow-untrusted|] glibc.apk\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache glibc.apk\n",
    },
    {
      title: "apt-get",
      code: "FROM debian:trixie\nRUN apt-get install -y [|--allow-unauthenticated|] tool\n",
      fixed: "FROM debian:trixie\nRUN apt-get install -y tool\n",
    },
    {
      title: "A flag that also answered questions",
      code: "FROM debian:trixie\nRUN apt-get install [|--force-yes|] tool\n",
      fixed: "FROM debian:trixie\nRUN apt-get install -y tool\n",
    },
    {
      title: "On a line of its own",
      code: "FROM rockylinux:9\nRUN yum install -y \\\n      [|--nogpgcheck|] \\\n      tool\n",
      fixed: "FROM rockylinux:9\nRUN yum install -y \\\n      tool\n",
    },
    {
      title: "An option that does the same",
      code: "FROM fedora:44\nRUN dnf install -y [|--setopt=gpgcheck=0|] tool\n",
      fixed: "FROM fedora:44\nRUN dnf install -y tool\n",
    },
    {
      title: "rpm",
      code: "FROM rockylinux:9\nRUN rpm -i [|--nosignature|] tool.rpm\n",
      fixed: "FROM rockylinux:9\nRUN rpm -i tool.rpm\n",
    },
    {
      title: "A repository that is trusted blindly",
      code: 'FROM debian:trixie\nRUN echo "[|deb [trusted=yes] https://example.com/debian ./|]" > /etc/apt/sources.list.d/a.list\n',
    },
    { title: "Checked", code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n" },
    {
      title: "The packages were made here",
      code: "FROM alpine:3.24\nRUN abuild -r && apk add --allow-untrusted /packages/tool.apk\n",
    },
    {
      title: "A checksum takes the place of the signature",
      code: 'FROM alpine:3.24\nRUN wget https://example.com/a.apk && echo "abc  a.apk" | sha256sum -c && apk add --allow-untrusted a.apk\n',
    },
    {
      title: "Another stage has made them",
      code: "FROM alpine:3.24 AS build\nRUN ./build.sh\nFROM alpine:3.24\nCOPY --from=build /tmp/packages /tmp/packages\nRUN apk add --no-cache --allow-untrusted /tmp/packages/*.apk\n",
    },
    {
      title: "They lie in a mount",
      code: "FROM alpine:3.24\nRUN --mount=type=bind,target=/pkg,from=build for m in $M; do apk add --no-cache --allow-untrusted /pkg/$m*.apk; done\n",
    },
    {
      title: "The project brings it",
      code: "FROM alpine:3.24\nWORKDIR /tmp\nCOPY tool.apk .\nRUN apk add --no-cache --allow-untrusted tool.apk\n",
    },
    {
      title: "Downloaded next to what the project brings",
      code: "FROM alpine:3.24\nWORKDIR /app\nCOPY . .\nRUN wget https://example.com/a.apk && apk add --no-cache [|--allow-untrusted|] ./a.apk\n",
      fixed:
        "FROM alpine:3.24\nWORKDIR /app\nCOPY . .\nRUN wget https://example.com/a.apk && apk add --no-cache ./a.apk\n",
    },
    {
      title: "ADD downloads it",
      code: "FROM alpine:3.24\nADD https://example.com/a.apk /tmp/a.apk\nRUN apk add --no-cache [|--allow-untrusted|] /tmp/a.apk\n",
      fixed: "FROM alpine:3.24\nADD https://example.com/a.apk /tmp/a.apk\nRUN apk add --no-cache /tmp/a.apk\n",
    },
    { title: "The check is asked for", code: "FROM fedora:44\nRUN dnf install -y --setopt=gpgcheck=1 tool\n" },
    { title: "A flag of something else", code: "FROM debian:trixie\nRUN git push --force-yes\n" },
    {
      title: "A repository that the RUN itself has built",
      code: 'FROM debian:trixie\nRUN echo "deb [ trusted=yes ] file:///tmp/packages ./" > /etc/apt/sources.list.d/own.list && apt-get update\n',
    },
    {
      title: "An index that is made, not read",
      code: "FROM alpine:3.24\nRUN apk index --allow-untrusted -o APKINDEX.tar.gz *.apk\n",
    },
  ],
  *check({ model }) {
    for (const call of packageCalls(model)) {
      const { operation, script } = call;
      const isLocal = operation.packages.length > 0 && operation.packages.every(({ kind }) => kind === "path");
      for (const word of operation.flags) {
        const found = switchOf(call, word);
        if (!found || (isLocal && (isVerified(call) || isBrought(model, call)))) continue;
        yield {
          message: `\`${word.text}\` makes \`${callName(call)}\` take packages without checking who signed them. Leave it out and import the repository's key.`,
          range: script.locate(word.from, word.to),
          aliases: found,
          fixes: () => withCheck(model, call, word),
        };
      }
    }
    for (const step of runSteps(model)) {
      for (const script of step.scripts) {
        for (const { words } of script.commands) {
          for (const word of words) {
            const line = /\bdeb(?:-src)?\s+\[[^\]]*\btrusted=yes\b[^\]]*\][^"'\n\\]*/.exec(word.text);
            // A folder of the image itself: what lies there was built, or brought, on purpose.
            if (!line || /\]\s+(?:file|copy):/.test(line[0])) continue;
            const from = word.from + line.index;
            yield {
              message:
                "`trusted=yes` makes apt take this repository's packages without checking who signed them. Use `signed-by=` with the repository's key.",
              range: script.locate(from, from + line[0].trimEnd().length),
              aliases: {},
            };
          }
        }
      }
    }
  },
});

/** The peer ids that a flag answers to, or null for other flags. Source: the managers' manuals. */
function switchOf({ operation }: PackageCall, word: ShellWord): Aliases | null {
  const text = word.value ?? "";
  switch (operation.tool.family) {
    case "apk":
      // Making an index installs nothing.
      if (operation.verb === "index") return null;
      return text === "--allow-untrusted" ? { checkov: ["CKV2_DOCKER_7"], dockle: ["CIS-DI-0011"] } : null;
    case "apt":
      if (text === "--allow-unauthenticated") return { checkov: ["CKV2_DOCKER_8"], dockle: ["CIS-DI-0011"] };
      if (text === "--force-yes") return { checkov: ["CKV2_DOCKER_11"], dockle: ["CIS-DI-0011"] };
      return text === "--allow-insecure-repositories" || text === "--no-debsig" ? {} : null;
    case "rpm":
      if (operation.manager === "zypper") return /^--(?:no-gpg-checks|allow-unsigned-rpm)$/.test(text) ? {} : null;
      if (operation.manager === "rpm") {
        return /^--(?:nosignature|nodigest|noverify|nofiledigest)$/.test(text) ? { checkov: ["CKV2_DOCKER_10"] } : null;
      }
      if (text === "--nogpgcheck" || text === "--no-gpgchecks")
        return { checkov: ["CKV2_DOCKER_9"], dockle: ["CIS-DI-0011"] };
      return /^--setopt=(?:\*\.)?(?:local_?pkg_|repo_)?gpgcheck=(?:0|false|no)$/i.test(text) ? {} : null;
    default:
      return null;
  }
}

/** True where the packages are files that were built or verified in the same step. */
function isVerified({ step }: PackageCall): boolean {
  return step.scripts.some(({ commands }) =>
    commands.some(
      ({ name }) =>
        name !== null &&
        /^(?:sha(?:1|224|256|384|512)sum|gpg|gpgv|cosign|minisign|abuild|rpmbuild|debuild|dpkg-buildpackage|makepkg)$/.test(
          name,
        ),
    ),
  );
}

function withCheck(model: Model, { operation, step, script }: PackageCall, word: ShellWord): readonly Fix[] {
  if (!canEditRun(model, step.run, step.isTrigger) || word.quoted !== "none") return [];
  const answers = word.value === "--force-yes" && !hasOperationFlag(operation, operation.tool.yesFlags);
  const edit = answers ? { span: script.locate(word.from, word.to), newText: "-y" } : removeWord(model, script, word);
  if (!edit) return [];
  return [
    {
      title: answers ? "Replace it by -y" : `Leave out ${word.text}`,
      applicability: "unsafe",
      reason: "The build fails where a package is not signed, or its key is not known.",
      edits: [edit],
    },
  ];
}
