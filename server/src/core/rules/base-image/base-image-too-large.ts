/** The base of the shipped image is larger than the project allows. */
import { rootStage } from "../../catalogue/stage";
import { megabytes, moveBase } from "../../fixes/base";
import { defineRule } from "../../rule";
import { smallerForUse } from "./smaller-for-use";

export default defineRule({
  id: "base-image-too-large",
  theme: "base-image",
  category: "size",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "The base of the shipped image is larger than the project allows.",
  why: "Whatever the base brings is stored, pulled and patched with every image that stands on it. A limit keeps full images and SDKs out of what ships. Sizes are compressed, for linux/amd64, from the catalogue; where `registry.online` is true, from the registry. Estimates do not count. Without a number the rule says nothing.",
  aliases: {},
  options: {
    megabytes: {
      type: "number",
      default: 0,
      description: "Megabytes (compressed) that the base may have; 0: no limit.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A full image",
      options: { megabytes: 300 },
      code: 'FROM [|python:3.14|]\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
      fixed: 'FROM python:3.14-slim\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
    },
    { title: "Small enough", options: { megabytes: 300 }, code: 'FROM python:3.14-slim\nCMD ["python", "/app.py"]\n' },
    { title: "A higher limit", code: 'FROM python:3.14\nCMD ["python", "/app.py"]\n', options: { megabytes: 1000 } },
    {
      title: "Builders do not ship",
      options: { megabytes: 300 },
      code: "FROM python:3.14 AS build\nFROM alpine:3.24\nCOPY --from=build /a /a\n",
    },
    { title: "No limit", code: 'FROM python:3.14\nCMD ["python", "/app.py"]\n' },
    {
      title: "An image of which nobody knows the size",
      options: { megabytes: 300 },
      code: "FROM registry.example.com/base:1\n",
    },
  ],
  *check({ model, catalogue, options }) {
    if (!model.finalStage || options.megabytes <= 0) return;
    const root = rootStage(model.finalStage);
    const { reference, span } = root.base;
    const facts = reference && catalogue.image(reference);
    const size = facts?.size;
    if (!reference || !span || !size || size.tag !== facts.tag) return;
    if (size.kind === "estimate" || size.kind === "on-disk" || megabytes(size.bytes) <= options.megabytes) return;
    const fitting = () =>
      smallerForUse(model, catalogue, reference).filter(
        ({ saves }) => saves !== null && megabytes(size.bytes - saves) <= options.megabytes,
      );
    yield {
      message: `${reference.text} has ${megabytes(size.bytes)} MB; this project allows ${options.megabytes} MB for the base of what ships. Take a smaller one.`,
      range: span,
      subject: "base",
      fixes: () => fitting().flatMap((one) => moveBase(model, root, one, "Use")),
    };
  },
});
