import { defineRule } from "../../rule";
import { leftCaches } from "./leftovers";

export default defineRule({
  id: "zypper-cache-left",
  theme: "package",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`zypper` installs without a `zypper clean` behind it in the same layer.",
  why: "zypper keeps the package lists of every repository and what it downloaded. Only a command of the same RUN can keep them out of the image, and it must run after the installation.",
  aliases: {
    hadolint: ["DL3036"],
    trivy: ["DS-0020"],
    kics: ["Missing Zypper Clean"],
    semgrep: ["missing-zypper-clean"],
    sonar: ["S6587"],
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Nothing is cleaned",
      code: "FROM opensuse/leap:16.0\nRUN [|zypper -n install|] httpd\n",
      fixed: "FROM opensuse/leap:16.0\nRUN zypper -n install httpd && zypper clean -a\n",
    },
    { title: "Cleaned", code: "FROM opensuse/leap:16.0\nRUN zypper -n in httpd && zypper cc -a\n" },
    {
      title: "Deleted by hand",
      code: "FROM opensuse/leap:16.0\nRUN zypper -n in httpd && rm -rf /var/cache/zypp\n",
    },
    {
      title: "The cache is a mount",
      code: "FROM opensuse/leap:16.0\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n in httpd\n",
    },
  ],
  check: ({ model }) =>
    leftCaches(model, {
      managers: new Set(["zypper"]),
      folders: ["/var/cache/zypp"],
      what: "package lists and downloads",
      cleans: ({ manager, action }) => manager === "zypper" && action === "clean",
      command: () => "zypper clean -a",
      needs: ({ manager, command }) =>
        manager === "zypper" && command.words.some((word) => /^(?:--no-refresh|-D)$/.test(word.value ?? "")),
    }),
});
