/** Fixes that look into the build context: what they ask is fetched before they are offered. */
import { afterEach, expect, test } from "vitest";
import { defineRule } from "../../server/src/core/index";
import { type Client, startClient } from "./client";

let client: Client;
afterEach(() => client.dispose());

/** Names files that name further files; each only a fix asks for. */
const chained = defineRule({
  id: "test-chained",
  theme: "instruction",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A made-up rule.",
  why: "Because the test says so.",
  aliases: {},
  fixable: "unsafe",
  examples: [],
  *check({ model, facts }) {
    const [first] = model.instructions;
    if (!first) return;
    yield {
      message: "Look.",
      range: first.span,
      fixes: () => {
        const next = facts.file("first.txt");
        const last = typeof next === "string" ? facts.file(next) : null;
        if (typeof last !== "string") return [];
        return [
          {
            title: `Write ${last}`,
            applicability: "unsafe",
            reason: "It is a test.",
            edits: [{ span: first.span, newText: last }],
          },
        ];
      },
    };
  },
});

test("a fix is offered at the first question, whatever it has to look up", async () => {
  const files = new Map([
    ["file:///work/first.txt", "second.txt"],
    ["file:///work/second.txt", "FROM alpine:3.22"],
  ]);
  client = await startClient({ rules: [chained], files });
  const uri = "file:///work/Dockerfile";
  await client.open(uri, "FROM alpine\n");
  const action = (await client.actions(uri, 2)).find(({ title }) => title.startsWith("Write"));
  expect(action?.title).toContain("Write FROM alpine:3.22");
  expect((await client.apply(action as NonNullable<typeof action>)).get(uri)).toBe("FROM alpine:3.22\n");
});

test("a fix whose files are not there is not offered, and the question comes to an end", async () => {
  client = await startClient({ rules: [chained], files: new Map([["file:///work/first.txt", "second.txt"]]) });
  const uri = "file:///work/Dockerfile";
  await client.open(uri, "FROM alpine\n");
  expect((await client.actions(uri, 2)).filter(({ title }) => title.startsWith("Write"))).toEqual([]);
});
