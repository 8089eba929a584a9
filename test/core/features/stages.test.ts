import { describe, expect, test } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { type StageGraph, stageGraph } from "../../../server/src/core/features/stage-graph";
import { type Box, layOutStages } from "../../../server/src/core/features/stage-layout";
import { stageSvg } from "../../../server/src/core/features/stage-svg";
import { stageMermaid, stageText } from "../../../server/src/core/features/stage-text";
import { buildModel } from "../../../server/src/core/index";

const graphOf = (text: string, target: string | null = null): StageGraph =>
  stageGraph(buildModel(text, { target }), exampleCatalogue(), "2026-09-01");

const web = `ARG NODE=26
FROM node:\${NODE} AS deps
COPY package.json package-lock.json ./
FROM deps AS build
COPY . .
FROM deps AS lint
FROM golang AS tool
RUN --mount=type=bind,from=build,source=/app/dist,target=/dist go build -o /out/probe
FROM nginx:1.29-alpine
COPY --from=build /app/dist /usr/share/nginx/html
COPY --from=build /app/a.conf /app/b.conf /app/c.conf /etc/nginx/
COPY --from=ghcr.io/o/tool:1 /bin/tool /bin/tool
COPY --from=tool /out/probe /bin/
USER nginx
`;

test("the graph as text", () => {
  expect(stageText(graphOf(web))).toMatchInlineSnapshot(`
    "deps: stays behind, base ~409 MB, runs as root, 1 COPY from the build context
      builds on node:26 (~409 MB · until 2029-04-30)

    build: stays behind, base ~409 MB, runs as root, 1 COPY from the build context
      builds on deps

    lint: not needed, base ~409 MB, runs as root
      builds on deps

    tool: stays behind, base ~316 MB, runs as root
      builds on golang (~316 MB · until 2030-06-30)
      from build: mount /dist

    stage 4: the image that ships, base ~26 MB, runs as nginx
      builds on nginx:1.29-alpine (~26 MB · ended 2026-05-13)
      from build: /app/dist → /usr/share/nginx/html
      from build: 3 paths → /etc/nginx/
      from ghcr.io/o/tool:1: /bin/tool
      from tool: /out/probe → /bin/

    The image that ships is stage 4: it stands on nginx:1.29-alpine (~26 MB compressed, before what it adds). It runs as nginx. Left behind after the build: deps, build and tool. Not needed for it: lint.
    "
  `);
});

test("the graph as Mermaid", () => {
  expect(
    stageMermaid(graphOf('FROM node:26 AS a\nFROM scratch\nCOPY --from=a ["/a \\"b\\"", "/<x>#"]\n')),
  ).toMatchInlineSnapshot(`
    "flowchart TB
      n0["a<br>stays behind<br>base ~409 MB<br>runs as root"]
      n1["stage 1<br>the image that ships<br>from scratch<br>runs as root"]
      n2(["node:26<br>~409 MB · until 2029-04-30"])
      n2 ==> n0
      n0 -.->|"/a #quot;b#quot; → /#lt;x>#35;"| n1
      style n1 stroke-width:3px
    "
  `);
});

test("another target ships, and what it needs counts", () => {
  const roles = graphOf(web, "build").nodes.map(({ label, role }) => `${label}: ${role}`);
  expect(roles).toEqual([
    "deps: part",
    "build: ships",
    "lint: unused",
    "tool: unused",
    "stage 4: unused",
    "node:26: part",
    "golang: unused",
    "nginx:1.29-alpine: unused",
    "ghcr.io/o/tool:1: unused",
  ]);
});

test("what is not known is not said", () => {
  const { nodes, summary } = graphOf("ARG BASE\nFROM $BASE\nRUN make\n");
  expect(nodes.map(({ kind, label, user, baseBytes }) => [kind, label, user, baseBytes])).toEqual([
    ["stage", "stage 0", null, null],
    ["unknown", "$BASE", null, null],
  ]);
  expect(summary).toBe("The image that ships is stage 0: it stands on $BASE. Who runs in it is not known.");
});

test("a file without a stage has an empty graph", () => {
  const graph = graphOf("# nothing yet\n");
  expect(graph).toEqual({ nodes: [], arrows: [], summary: "There is no stage in this file yet: it begins with FROM." });
  expect(stageSvg(graph, true)).toMatch(/^<svg /);
});

describe("layout", () => {
  const overlap = (a: Box, b: Box): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

  const shapes: { readonly [name: string]: string } = {
    "the example": web,
    "one image, many stages": `${Array.from({ length: 9 }, (_, i) => `FROM alpine AS s${i}\n`).join("")}FROM scratch\n${Array.from({ length: 9 }, (_, i) => `COPY --from=s${i} /a${i} /\n`).join("")}`,
    "a ladder": Array.from(
      { length: 12 },
      (_, i) => `FROM ${i === 0 ? "alpine" : `s${i - 1}`} AS s${i}\nCOPY --from=alpine /a /b\n`,
    ).join(""),
    "every stage takes from the first": Array.from(
      { length: 80 },
      (_, i) => `FROM ${i === 0 ? "alpine" : `s${i - 1}`} AS s${i}\nCOPY --from=s0 /a /b\n`,
    ).join(""),
    "stages of the same name":
      "FROM a AS x\nFROM b AS x\nCOPY --from=x /a /\nFROM x\nCOPY --from=1 /a /\nCOPY --from=9 /a /\n",
  };

  test.each(Object.keys(shapes))("%s: cards do not meet, and arrows lead downwards", (name) => {
    const graph = graphOf(shapes[name] as string);
    const { boxes, lines, width, height } = layOutStages(graph);
    for (const [at, box] of boxes.entries()) {
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
      for (const other of boxes.slice(0, at)) expect(overlap(box, other)).toBe(false);
    }
    for (const [at, { from, to }] of graph.arrows.entries()) {
      const points = lines[at]?.points ?? [];
      const [giver, taker] = [boxes[from] as Box, boxes[to] as Box];
      expect(points[0]?.y).toBe(giver.y + giver.height);
      expect(points.at(-1)?.y).toBe(taker.y);
      for (const [step, point] of points.slice(1).entries()) expect(point.y).toBeGreaterThan(points[step]?.y ?? 0);
    }
  });
});

describe("picture", () => {
  test("every card can be reached by the keyboard and says what it is", () => {
    const svg = stageSvg(graphOf(web), false);
    const cards = [
      ...svg.matchAll(/<g class="card ([^"]+)" role="button" tabindex="0" data-node="(\d+)" aria-label="([^"]+)">/g),
    ];
    expect(cards.map(([, classes, node]) => `${node} ${classes}`)).toEqual([
      "0 stage needed",
      "1 stage needed",
      "2 stage unused",
      "3 stage needed",
      "4 stage ships",
      "5 image needed",
      "6 image needed",
      "7 image part",
      "8 image needed",
    ]);
    expect(cards[4]?.[3]).toMatch(/^Stage stage 4, the image that ships, .*runs as nginx$/);
    expect(svg).not.toContain("<style>");
    expect(stageSvg(graphOf(web), true)).toContain("<style>");
  });

  test("text of the user cannot leave its place", () => {
    const svg = stageSvg(
      graphOf('FROM <img/src=x>"&\u0007\nCOPY --from=a</text><script>alert(1)</script> a /\n'),
      false,
    );
    expect(svg).not.toMatch(/<(?!\/?(?:svg|g|title|rect|text|path)\b)/);
    expect(svg).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/);
    expect(svg).not.toContain("\u0007");
  });

  test("root is marked in the image that ships", () => {
    expect(stageSvg(graphOf("FROM node:26\n"), false)).toContain('class="card stage ships root"');
    expect(stageSvg(graphOf("FROM node:26\nUSER node\n"), false)).toContain('class="card stage ships"');
  });
});
