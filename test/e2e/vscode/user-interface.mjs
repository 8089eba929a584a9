// Drives the packaged extension as a person would, with keys and mouse, and looks at what the screen and the disk hold.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createPlace } from "../support/place.mjs";
import { extensionFolder, extensionId, packagedExtension } from "../support/product.mjs";
import { installExtension, openBrowser, remoteAddress, startVscode, workbenchAddress } from "../support/vscode.mjs";
import { startTwice, waitFor } from "../support/wait.mjs";

/** A service as people write it, with something of each kind to say about it. */
const project = {
  Dockerfile: `FROM node:latest
WORKDIR /app
ARG NPM_TOKEN
COPY package*.json ./
RUN npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN && npm ci
COPY . .
RUN --mount=type=secret,id=sentry,mode=0444 npm run build
EXPOSE 3000
CMD ["node", "dist/server.js"]
`,
  "package.json": `{ "name": "harbour", "version": "1.0.0", "scripts": { "build": "esbuild src/server.js --outdir=dist" } }\n`,
  "package-lock.json": `{ "name": "harbour", "version": "1.0.0", "lockfileVersion": 3, "packages": {} }\n`,
  "web.dockerfile": `FROM node:26-slim AS deps
WORKDIR /app
COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm npm ci

FROM deps AS build
COPY . .
RUN npm run build

FROM deps AS lint
RUN npm run lint

FROM nginx:1.31 AS web
COPY --from=build /app/dist /usr/share/nginx/html
COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /usr/local/bin/
`,
  "src/server.js": `require("node:http").createServer((_, reply) => reply.end("ahoy")).listen(3000);\n`,
};

/** How long one answer of the user interface may take on a machine that is busy with other things. */
const patience = 20_000;

const settings = {
  "editor.minimap.enabled": false,
  "editor.fontSize": 15,
  "editor.accessibilitySupport": "off",
  "editor.hover.delay": 100,
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.activityBar.location": "hidden",
  "window.commandCenter": false,
  "window.title": "${activeEditorShort}${separator}${rootName}",
};

/** Installs the .vsix, opens a Dockerfile and mends it through the user interface; `results` gets each step. */
export async function testUserInterface(results, shots) {
  const place = createPlace("interface", settings);
  const workspace = path.join(place.workspace, "harbour");
  mkdirSync(path.join(workspace, "src"), { recursive: true });
  for (const [name, text] of Object.entries(project)) writeFileSync(path.join(workspace, name), text);
  const dockerfile = path.join(workspace, "Dockerfile");
  const onDisk = () => readFileSync(dockerfile, "utf8");

  const closing = [() => place.remove()];
  const step = async (name, check) => {
    const passed = await results.step(`interface: ${name}`, check);
    if (!passed) await photograph(`failed-${name.replaceAll(/\W+/g, "-")}`);
    // A menu or a dialog that a failed step left open must not fail the next one.
    for (let at = 0; !passed && at < 3; at += 1) await page?.keyboard.press("Escape").catch(() => {});
    return passed;
  };
  let page;
  const photograph = (name) => page?.screenshot({ path: path.join(shots, `${name}.png`) }).catch(() => {});

  try {
    const installed = await step("VS Code installs the package", () => {
      installExtension(place, packagedExtension());
      requireSameBuild(place);
    });
    if (!installed) return;

    const opened = await step("a Dockerfile gets its squiggle", async () => {
      page = await startTwice(() => open(place, workspace, dockerfile, closing));
    });
    if (!opened) return;
    await page.keyboard.press("Control+B");
    await page.keyboard.press("Control+End");
    await page.locator(".part.sidebar").waitFor({ state: "hidden" });
    await photograph("editor");

    await step("the Problems panel lists the finding with its rule", async () => {
      await page.keyboard.press("Control+Shift+M");
      const row = page.locator(".markers-panel .monaco-list-row", { hasText: "base-image-latest-tag" });
      await row.first().waitFor();
      await photograph("problems");
      await page.keyboard.press("Control+J");
      await row.first().waitFor({ state: "hidden" });
    });

    await step("the base image has a hover card", async () => {
      await hover(page, "node:latest", 8);
      await hoverCard(page, /Debian/);
      await photograph("hover");
      await page.keyboard.press("Escape");
    });

    await step("the quick fix pins the image, and saving writes it", async () => {
      await placeCursor(page, "node:latest", 8);
      const rows = await openQuickFixes(page);
      await photograph("quick-fix");
      await rows.filter({ hasText: "node:26" }).first().click();
      await lineWith(page, "node:26").waitFor();
      await page.keyboard.press("Control+S");
      await waitFor("the file to be saved", patience, () => onDisk() !== project.Dockerfile);
      const expected = project.Dockerfile.replace("node:latest", "node:26");
      if (onDisk() !== expected) throw new Error(`On disk is ${JSON.stringify(onDisk())}`);
    });

    await step("a finding has a hover card with its reason", async () => {
      await hover(page, "mode=0444", 38);
      await hoverCard(page, /secret-mount-world-readable/);
      await photograph("hover-finding");
      await page.keyboard.press("Escape");
    });

    await step("the status of the language says that the file is checked", async () => {
      await page.locator("#status\\.languageStatus").hover();
      const card = page.locator(".hover-language-status", { hasText: /plimsoll/i }).first();
      await card.waitFor();
      await photograph("status");
      await page.mouse.move(640, 700);
    });

    await step("the command mends all that is safe", async () => {
      await runCommand(page, "Plimsoll: Apply All Safe Fixes");
      await lineWith(page, "mode=0400").waitFor();
      await page.keyboard.press("Control+S");
      await waitFor("the file to be saved", patience, () => onDisk().includes("mode=0400"));
      await photograph("fixed");
    });

    await step("the light theme shows the same", async () => {
      await runCommand(page, "Preferences: Toggle between Light");
      await page.locator(".monaco-workbench.vs").waitFor();
      await page.keyboard.press("Control+Shift+M");
      await page.locator(".markers-panel .monaco-list-row").first().waitFor();
      await photograph("light");
      await page.keyboard.press("Control+J");
    });

    await step("a rule is explained without a network", async () => {
      await placeCursor(page, "ARG", 6);
      const row = (await openQuickFixes(page)).filter({ hasText: /explain/i }).first();
      await row.waitFor();
      await photograph("explain-menu");
      const rule = /[a-z]+(-[a-z]+)+/.exec(await row.textContent())?.[0];
      await row.click();
      const tab = page.locator(".tab", { hasText: rule }).first();
      await tab.waitFor();
      await waitFor("the page to be drawn", patience, () => frameWith(page, rule));
      await photograph("explain");
    });

    await step("the stages are drawn beside the text", async () => {
      await page.setViewportSize({ width: 1280, height: 760 });
      await runCommand(page, "View: Close All Editors");
      await openFile(page, "web.dockerfile");
      await lineWith(page, "deps").waitFor();
      await page.locator(".editor-actions .codicon-type-hierarchy").first().click();
      const picture = await frameWithin(page, "svg.stages");
      await picture.locator("[data-node]").nth(6).waitFor();
      await photograph("stages-light");
    });

    await step("the keyboard goes from card to card and to the line", async () => {
      const picture = await frameWithin(page, "svg.stages");
      await picture.locator("[data-node='3']").focus();
      await page.keyboard.press("ArrowUp");
      const focused = () => picture.evaluate(() => document.activeElement?.getAttribute("data-node"));
      await waitFor("another card to have the focus", patience, async () => !["3", null].includes(await focused()));
      await picture.locator("[data-node='1']").focus();
      await page.keyboard.press("Enter");
      await page.locator("#status\\.editor\\.selection", { hasText: "Ln 6" }).waitFor();
      await waitFor("the card of the cursor to be marked", patience, async () => {
        return (await picture.locator("[aria-current]").getAttribute("data-node")) === "1";
      });
    });

    await step("the picture follows the text, in the dark theme too", async () => {
      await runCommand(page, "Preferences: Toggle between Light");
      await page.locator(".monaco-workbench.vs-dark").waitFor();
      await page.keyboard.press("Control+Home");
      await page.keyboard.type("FROM alpine AS extra\n");
      const picture = await frameWithin(page, "svg.stages");
      await picture.locator("[data-node]", { hasText: "extra" }).first().waitFor();
      await photograph("stages");
    });

    await step("the walkthrough opens an example and shows its pictures", async () => {
      await runCommand(page, "View: Close All Editors");
      // The file was changed above; what became of it is of no account.
      const dismiss = page.locator(".monaco-dialog-box .monaco-button", { hasText: "Don't Save" });
      await dismiss.click({ timeout: 3000 }).catch(() => {});
      await runCommand(page, "Welcome: Open Walkthrough...");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "Dockerfiles, mended" }).first().click();
      const steps = page.locator(".getting-started-step");
      await steps.nth(4).waitFor();
      await steps.nth(3).click();
      await page.locator(".getting-started-media img").first().waitFor();
      await photograph("walkthrough");
      await steps.nth(0).click();
      await page.locator(".getting-started-step .monaco-button", { hasText: "Open an Example" }).first().click();
      await lineWith(page, "NPM_TOKEN").waitFor();
      await page.locator(".squiggly-warning").first().waitFor();
    });
  } finally {
    for (const each of closing.reverse()) await Promise.resolve(each()).catch(() => {});
  }
}

/** Throws when the package was made before the last build, whose parts the other suites test. */
function requireSameBuild(place) {
  const folder = readdirSync(place.extensions).find((name) => name.startsWith(extensionId()));
  if (folder === undefined) throw new Error(`${extensionId()} was not installed`);
  for (const file of ["client/dist/extension.js", "server/dist/server.js"]) {
    const installed = readFileSync(path.join(place.extensions, folder, file));
    if (installed.equals(readFileSync(path.join(extensionFolder, file)))) continue;
    throw new Error(`${file} in the package is not the one that was built. Run npm run package.`);
  }
}

async function open(place, workspace, dockerfile, closing) {
  const server = await startVscode(place);
  closing.push(server.stop);
  const browser = await openBrowser(place);
  closing.push(browser.close);
  const payload = [["openFile", remoteAddress(server.port, dockerfile)]];
  browser.page.setDefaultTimeout(patience);
  await browser.page.goto(workbenchAddress(server.port, workspace, payload));
  await browser.page.locator(".squiggly-warning").first().waitFor({ timeout: 60_000 });
  return browser.page;
}

/** The line of the editor that shows a text without blanks, which the editor draws as other characters. */
function lineWith(page, text) {
  return page.locator(".editor-instance .view-line", { hasText: text }).first();
}

/**
 * The middle of the character that is `offset` characters into a line, measured on the drawn line itself. VS Code draws
 * lines anew when it likes, a panel closing for instance; a line that is just being replaced has no place.
 */
async function pointIn(page, text, offset) {
  let point = null;
  await waitFor(`the line with ${text} to be drawn`, patience, async () => {
    const line = lineWith(page, text);
    await line.waitFor();
    const box = await line.locator("span").first().boundingBox();
    const length = (await line.textContent()).length;
    if (box === null || length === 0) return false;
    point = { x: box.x + (box.width / length) * (offset + 0.5), y: box.y + box.height / 2 };
    return true;
  });
  return point;
}

async function hover(page, text, offset) {
  const { x, y } = await pointIn(page, text, offset);
  // From below, where there is no text, so that no other card opens on the way.
  await page.mouse.move(x, y + 300);
  await page.mouse.move(x, y, { steps: 5 });
}

/** Waits until the card under the pointer says something and is drawn in full, since VS Code lets it fade in. */
async function hoverCard(page, text) {
  const card = page.locator(".monaco-hover:not(.hidden)", { hasText: text }).first();
  await card.waitFor();
  const isOpaque = (element) => getComputedStyle(element).opacity === "1" && element.getAnimations().length === 0;
  await waitFor("the card to be drawn", patience, () => card.evaluate(isOpaque));
}

async function placeCursor(page, text, offset) {
  const { x, y } = await pointIn(page, text, offset);
  await page.mouse.click(x, y);
  // Away from the text, where a hover card would open above the menus.
  await page.mouse.move(x, y + 300);
}

/** Opens the menu of quick fixes at the cursor and returns its rows, once VS Code shows that there are some. */
async function openQuickFixes(page) {
  await page.locator("[class*=codicon-gutter-lightbulb], .lightBulbWidget").first().waitFor();
  const rows = page.locator(".action-widget .monaco-list-row.action");
  // A cursor that has just moved makes VS Code ask again, and the newer question closes the menu of the older one.
  await startTwice(async () => {
    await page.keyboard.press("Control+.");
    await rows.first().waitFor({ timeout: 5000 });
  });
  return rows;
}

async function runCommand(page, title) {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input[type=text]").first();
  await input.waitFor();
  await input.fill(`>${title}`);
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
  await row.waitFor();
  await row.click();
}

async function openFile(page, name) {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget input[type=text]").first();
  await input.waitFor();
  await input.fill(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
}

/** The frame of a web view that has an element; waits for it. */
async function frameWithin(page, selector) {
  let found = null;
  await waitFor(`a frame with ${selector}`, patience, async () => {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        found = frame;
    }
    return found !== null;
  });
  return found;
}

async function frameWith(page, text) {
  for (const frame of page.frames()) {
    const body = await frame
      .locator("body")
      .textContent({ timeout: 1000 })
      .catch(() => "");
    if (frame !== page.mainFrame() && body.includes(text)) return true;
  }
  return false;
}
