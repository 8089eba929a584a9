/**
 * The shipped stage stands on a full image although a smaller variant of the same version exists. Figures decide, and
 * what the stage runs: a variant that lacks a program in use is not proposed.
 */
import { rootStage } from "../../catalogue/stage";
import { advisedImage, megabytes, moveBase } from "../../fixes/base";
import { isNamedForDevelopment } from "../../multistage/purpose";
import { defineRule } from "../../rule";
import { smallerForUse } from "./smaller-for-use";

export default defineRule({
  id: "heavy-base-image",
  theme: "base-image",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage stands on a full-size base although a smaller variant of the same version exists.",
  why: "Full images carry compilers, version control and headers that a running service never uses: more to pull, to store and to patch. The figures are compressed sizes for linux/amd64. Nothing is said where a command of the stage needs what the variant lacks.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    {
      title: "A slim variant exists",
      code: 'FROM [|python:3.14|]\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
      fixed: 'FROM python:3.14-slim\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
    },
    {
      title: "The version lives in an ARG, the variant does not",
      code: 'ARG PYTHON=3.14\nFROM [|python:${PYTHON}|]\nCMD ["python", "/app.py"]\n',
      fixed: 'ARG PYTHON=3.14\nFROM python:${PYTHON}-slim\nCMD ["python", "/app.py"]\n',
    },
    {
      title: "git comes with the full image only",
      code: "FROM python:3.14\nRUN git clone https://example.com/a.git\n",
    },
    {
      title: "A health check needs curl",
      code: 'FROM python:3.14\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\nCMD ["python", "/app.py"]\n',
    },
    {
      title: "A container that builds needs the compiler",
      code: 'FROM eclipse-temurin:25-jdk-noble\nCOPY --from=maven:3.9-eclipse-temurin-25 /usr/share/maven /usr/share/maven\nCMD ["mvn"]\n',
    },
    { title: "Not the shipped stage", code: "FROM python:3.14 AS build\nFROM alpine:3.24\nCOPY --from=build /a /a\n" },
    { title: "Already slim", code: 'FROM python:3.14-slim\nCMD ["python", "/app.py"]\n' },
    { title: "An image that the catalogue does not know", code: "FROM registry.example.com/base:1\n" },
  ],
  *check({ model, path, catalogue }) {
    // An image to develop or test in may well have more.
    if (!model.finalStage || isNamedForDevelopment(path, model.finalStage)) return;
    const root = rootStage(model.finalStage);
    const { reference, span } = root.base;
    if (!reference || !span) return;
    const advice = smallerForUse(model, catalogue, reference);
    const best = advice[0];
    if (!best?.saves) return;
    yield {
      message: `${reference.text} is a full image. Use ${advisedImage(best)}, about ${megabytes(best.saves)} MB smaller, if nothing needs the rest at run time.`,
      range: span,
      subject: "base",
      fixes: () => advice.flatMap((one) => moveBase(model, root, one, "Use")),
    };
  },
});
