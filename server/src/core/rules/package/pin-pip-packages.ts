import { defineRule } from "../../rule";
import { hasOperationFlag } from "../../shell/packages";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-pip-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`pip install` names packages without a version, a constraint or a hash.",
  why: "Two builds of the same file may install different versions, and a new major version may break the program. PyPI keeps old versions, so a pin lasts; better still is a list with everything pinned, which `pip freeze`, pip-tools or uv write. It is off by default, since many images want the newest tool on purpose.",
  aliases: { hadolint: ["DL3013"], kics: ["Unpinned Package Version in Pip Install"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM python:3.14\nRUN [|pip install|] --no-cache-dir flask gunicorn==23.0.0\n" },
    {
      title: "An extra is no version",
      code: "FROM python:3.14\nRUN [|pip3 install|] --no-cache-dir 'uvicorn[standard]'\n",
    },
    {
      title: "With a version",
      code: "FROM python:3.14\nRUN pip install --no-cache-dir flask==3.1.2 'gunicorn>=23,<24'\n",
    },
    { title: "A list", code: "FROM python:3.14\nRUN pip install --no-cache-dir -r requirements.txt\n" },
    { title: "With constraints", code: "FROM python:3.14\nRUN pip install --no-cache-dir -c constraints.txt flask\n" },
    { title: "The project itself", code: "FROM python:3.14\nRUN pip install --no-cache-dir .\n" },
    {
      title: "A wheel that lies here",
      code: "FROM python:3.14\nRUN pip install --no-cache-dir --no-index --find-links /wheels app\n",
    },
    { title: "A commit", code: "FROM python:3.14\nRUN pip install git+https://example.com/o/r.git@0123abc\n" },
    { title: "A variable", code: "FROM python:3.14\nARG VERSION\nRUN pip install flask==$VERSION\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: (operation) =>
        operation.manager === "pip" &&
        operation.action === "install" &&
        !hasOperationFlag(operation, ["-c", "--constraint", "--no-index", "--require-hashes"]),
      isFixed: ({ constraint }) => constraint !== null && /[=<>~@!]/.test(constraint),
      form: (name) => `${name}==<version>`,
    }),
});
