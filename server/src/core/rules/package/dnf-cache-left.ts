import { defineRule } from "../../rule";
import { leftCaches } from "./leftovers";
import { rpmCache } from "./rpm-cache";

export default defineRule({
  id: "dnf-cache-left",
  theme: "package",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`dnf` or `microdnf` installs without a `clean all` behind it in the same layer.",
  why: "dnf keeps the package lists of every repository, often more than a hundred megabytes. Only a command of the same RUN can keep them out of the image, and it must run after the installation. Stages that do not ship, cache mounts and an `rm` of the folder count, which hadolint does not see.",
  aliases: {
    hadolint: ["DL3040"],
    trivy: ["DS-0019", "DS-0027"],
    kics: ["Missing Dnf Clean All"],
    semgrep: ["missing-dnf-clean-all"],
    sonar: ["S6587"],
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Nothing is cleaned",
      code: "FROM fedora:44\nRUN [|dnf install|] -y httpd\n",
      fixed: "FROM fedora:44\nRUN dnf install -y httpd && dnf clean all\n",
    },
    {
      title: "On a line of its own where the others are",
      code: "FROM redhat/ubi9-minimal\nRUN [|microdnf install|] -y \\\n      httpd \\\n      tar \\\n  && mkdir /site\n",
      fixed:
        "FROM redhat/ubi9-minimal\nRUN microdnf install -y \\\n      httpd \\\n      tar \\\n  && microdnf clean all \\\n  && mkdir /site\n",
    },
    {
      title: "Cleaned too early",
      code: "FROM fedora:44\nRUN dnf clean all && [|dnf install|] -y httpd\n",
      fixed: "FROM fedora:44\nRUN dnf clean all && dnf install -y httpd && dnf clean all\n",
    },
    {
      title: "A later step reads the cache only, so it may not go",
      code: "FROM fedora:44\nRUN [|dnf install|] -y httpd\nRUN dnf -C install -y tar && dnf clean all\n",
    },
    { title: "Cleaned", code: "FROM fedora:44\nRUN dnf install -y httpd && dnf clean all\n" },
    { title: "Deleted by hand", code: "FROM fedora:44\nRUN dnf install -y httpd && rm -rf /var/cache/dnf\n" },
    {
      title: "The cache is a mount",
      code: "FROM fedora:44\nRUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y httpd\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM fedora:44 AS build\nRUN dnf install -y gcc\nFROM fedora:44\nCOPY --from=build /app /app\n",
    },
  ],
  check: ({ model }) => leftCaches(model, rpmCache(["dnf", "microdnf", "tdnf"])),
});
