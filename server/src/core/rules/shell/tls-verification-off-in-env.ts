import { hasTemplate } from "../../fixes/mount";
import { removeParts } from "../../fixes/remove";
import { expandWord, globalState, stageState } from "../../model/scope";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { insecureVariable } from "./tls";

export default defineRule({
  id: "tls-verification-off-in-env",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "An ENV or ARG switches certificate checks off for git, node, npm, pip, python or others.",
  why: "The variable holds for every step behind it, and an ENV for every container of the image as well: whoever can bend the network can then pose as any server. Where a company's own certificate is the reason, install that certificate (`update-ca-certificates`, `NODE_EXTRA_CA_CERTS`, `PIP_CERT`, `GIT_SSL_CAINFO`).",
  aliases: { checkov: ["CKV2_DOCKER_5", "CKV2_DOCKER_6", "CKV2_DOCKER_12", "CKV2_DOCKER_14", "CKV2_DOCKER_16"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Node.js trusts anybody",
      code: "FROM node:26\nENV [|NODE_TLS_REJECT_UNAUTHORIZED=0|]\nRUN npm ci\n",
      fixed: "FROM node:26\nRUN npm ci\n",
    },
    {
      title: "One of several variables",
      code: 'FROM python:3.14\nENV LANG=C.UTF-8 \\\n    [|PIP_TRUSTED_HOST="pypi.org files.pythonhosted.org"|] \\\n    PIP_NO_CACHE_DIR=1\n',
      fixed: "FROM python:3.14\nENV LANG=C.UTF-8 \\\n    PIP_NO_CACHE_DIR=1\n",
    },
    {
      title: "npm reads the name in any case",
      code: "FROM node:26\nARG [|npm_config_strict_ssl=false|]\nRUN npm ci\n",
      fixed: "FROM node:26\nRUN npm ci\n",
    },
    { title: "The check is on", code: "FROM node:26\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=false\n" },
    {
      title: "A value from outside",
      code: "FROM node:26\nARG NODE_TLS_REJECT_UNAUTHORIZED\nARG HOST\nENV PIP_TRUSTED_HOST=$HOST\n",
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "ENV" && instruction.keyword !== "ARG") continue;
      const { pairs } = instruction.parsed;
      for (const pair of pairs) {
        const known = insecureVariable(pair.name);
        if (!known || !pair.value) continue;
        const { stage, index } = instruction;
        const value = expandWord(pair.value, model.escape, (name) =>
          stage ? stageState(stage.scope, name, index) : globalState(model.globals, name, index),
        );
        const range = locate(instruction, pair);
        if (value === null || !known.off.test(value) || hasTemplate(model, range)) continue;
        yield {
          message: `${pair.name} keeps ${known.who} from checking certificates${
            instruction.keyword === "ENV" ? ", in every container of the image too" : ""
          }. Remove it; where a certificate of your own is the reason, install that one.`,
          range,
          aliases: known.checkov ? { checkov: [known.checkov] } : {},
          fixes: () =>
            pair.legacy && pairs.length > 1
              ? []
              : [
                  {
                    title: `Remove ${pair.name}`,
                    applicability: "unsafe",
                    reason: "Servers whose certificate is not trusted are then refused.",
                    edits: removeParts(model, instruction, pairs, new Set([pair])),
                  },
                ],
        };
      }
    }
  },
});
