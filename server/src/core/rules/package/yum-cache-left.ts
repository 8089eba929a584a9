import { defineRule } from "../../rule";
import { leftCaches } from "./leftovers";
import { rpmCache } from "./rpm-cache";

export default defineRule({
  id: "yum-cache-left",
  theme: "package",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`yum` installs without a `yum clean all` behind it in the same layer.",
  why: "yum keeps the package lists of every repository, often more than a hundred megabytes. Only a command of the same RUN can keep them out of the image, and it must run after the installation.",
  aliases: {
    hadolint: ["DL3032"],
    trivy: ["DS-0015"],
    kics: ["Yum Clean All Missing"],
    semgrep: ["missing-yum-clean-all"],
    sonar: ["S6587"],
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Nothing is cleaned",
      code: "FROM rockylinux:9\nRUN [|yum install|] -y httpd\n",
      fixed: "FROM rockylinux:9\nRUN yum install -y httpd && yum clean all\n",
    },
    {
      title: "In a heredoc that does not stop at errors, the end must still tell whether the installation failed",
      code: "FROM rockylinux:9\nRUN <<EOF\n[|yum install|] -y httpd\nEOF\n",
      fixed: "FROM rockylinux:9\nRUN <<EOF\nyum install -y httpd && yum clean all\nEOF\n",
    },
    {
      title: "What may fail is not touched",
      code: "FROM rockylinux:9\nRUN [|yum install|] -y httpd || true\n",
    },
    { title: "Cleaned", code: "FROM rockylinux:9\nRUN yum install -y httpd; yum clean all\n" },
    {
      title: "Cleaned by dnf, which yum is a name of",
      code: "FROM rockylinux:9\nRUN yum install -y httpd && dnf clean all\n",
    },
    { title: "Deleted by hand", code: "FROM rockylinux:9\nRUN yum install -y httpd && rm -rf /var/cache/yum/*\n" },
    { title: "Only removed", code: "FROM rockylinux:9\nRUN yum remove -y httpd\n" },
  ],
  check: ({ model }) => leftCaches(model, rpmCache(["yum"])),
});
