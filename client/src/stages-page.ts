/** The page around the picture of the stages: a summary, two buttons, and a script that makes cards reachable by keys. */

/** What the extension tells the page. */
export type ToPage =
  | { readonly kind: "show"; readonly title: string; readonly summary: string; readonly svg: string }
  /** The cursor is in this stage; null: in none. */
  | { readonly kind: "current"; readonly node: number | null };

/** What the page tells the extension. */
export type FromPage =
  | { readonly kind: "ready" }
  | { readonly kind: "open"; readonly node: number }
  | { readonly kind: "copy"; readonly what: "svg" | "mermaid" };

/**
 * The HTML. Nothing is loaded from anywhere: style and script stand in the page, let through by `nonce` alone. `style` is
 * that of the picture.
 */
export function stagesPage(nonce: string, style: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stages</title>
<style nonce="${nonce}">${style}${pageStyle}</style>
</head>
<body>
<header>
<p id="summary" role="status"></p>
<p class="tools">
<button id="actual" aria-pressed="false">Actual size</button>
<button data-copy="mermaid">Copy as Mermaid</button>
<button data-copy="svg">Copy as SVG</button>
</p>
</header>
<main id="picture"></main>
<footer>A solid line: builds on. A broken line: copies from. Tab and the arrow keys go from card to card, Enter goes to the line.</footer>
<script nonce="${nonce}">(${page.toString()})()</script>
</body>
</html>`;
}

const pageStyle = `
body { padding: 0 16px 16px; color: var(--vscode-editor-foreground); background: var(--vscode-editor-background); }
header { position: sticky; top: 0; padding: 10px 0 2px; background: var(--vscode-editor-background); }
header p { margin: 0 0 8px; max-width: 80ch; line-height: 1.5; }
button { padding: 3px 9px; border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
  color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); font: inherit; cursor: pointer; }
button:hover { background: var(--vscode-button-secondaryHoverBackground); }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
button[aria-pressed="true"] { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
main { overflow-x: auto; padding: 4px 0; }
main svg { display: block; margin: 0 auto; }
main:not(.actual) svg { max-width: max(100%, var(--least)); height: auto; }
footer { margin-top: 8px; color: var(--vscode-descriptionForeground); }
.stages .current rect { fill: var(--vscode-list-inactiveSelectionBackground, var(--card)); }
.stages .current .name { text-decoration: underline; }
`;

/** The smallest part of the browser that the script uses; the extension itself has none of it. */
interface Browser {
  acquireVsCodeApi(): { postMessage(message: FromPage): void; getState(): unknown; setState(state: unknown): void };
}

// Runs in the page: it must not use anything from outside of itself.
function page(): void {
  const api = (globalThis as unknown as Browser).acquireVsCodeApi();
  const { document } = globalThis as unknown as { document: PageDocument };
  const picture = document.getElementById("picture");
  const actual = document.getElementById("actual");
  // Smaller than this no text can be read; then the picture is scrolled.
  const smallest = 0.65;
  let current: number | null = null;

  const cards = (): readonly PageElement[] => Array.from(picture.querySelectorAll("[data-node]"));
  const cardOf = (node: string | null): PageElement | undefined =>
    node === null ? undefined : cards().find((card) => card.getAttribute("data-node") === node);
  const mark = (): void => {
    for (const card of cards()) {
      const isCurrent = current !== null && card.getAttribute("data-node") === String(current);
      card.classList.toggle("current", isCurrent);
      if (isCurrent) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
  };
  const setActual = (isActual: boolean): void => {
    picture.classList.toggle("actual", isActual);
    actual.setAttribute("aria-pressed", String(isActual));
    api.setState({ actual: isActual });
  };
  /** The card nearest in a direction; what lies aside counts double. */
  const neighbour = (from: PageElement, dx: number, dy: number): PageElement | null => {
    const middle = (card: PageElement): { readonly x: number; readonly y: number } => {
      const { left, top, width, height } = card.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    };
    const start = middle(from);
    let best: PageElement | null = null;
    let shortest = Number.POSITIVE_INFINITY;
    for (const card of cards()) {
      const { x, y } = middle(card);
      const along = (x - start.x) * dx + (y - start.y) * dy;
      const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
      if (card === from || along < 5 || along + 2 * aside >= shortest) continue;
      best = card;
      shortest = along + 2 * aside;
    }
    return best;
  };
  const steps: { readonly [key: string]: readonly [number, number] } = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const open = (card: PageElement): void =>
    api.postMessage({ kind: "open", node: Number(card.getAttribute("data-node")) });

  picture.addEventListener("click", ({ target }) => {
    const card = target.closest("[data-node]");
    if (card) open(card);
  });
  picture.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-node]");
    const step = steps[event.key];
    if (!card || (!step && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (step) neighbour(card, step[0], step[1])?.focus();
    else open(card);
  });
  actual.addEventListener("click", () => setActual(actual.getAttribute("aria-pressed") !== "true"));
  for (const button of Array.from(document.querySelectorAll("[data-copy]"))) {
    button.addEventListener("click", () => {
      api.postMessage({ kind: "copy", what: button.getAttribute("data-copy") === "svg" ? "svg" : "mermaid" });
    });
  }
  (
    globalThis as unknown as { addEventListener(type: "message", hear: (event: { data: ToPage }) => void): void }
  ).addEventListener("message", ({ data }) => {
    if (data.kind === "show") {
      const focused = document.activeElement?.getAttribute("data-node") ?? null;
      document.getElementById("summary").textContent = data.summary;
      picture.innerHTML = data.svg;
      const width = Number(picture.querySelectorAll("svg")[0]?.getAttribute("width") ?? 0);
      picture.style.setProperty("--least", `${width * smallest}px`);
      document.title = data.title;
      cardOf(focused)?.focus();
    } else current = data.node;
    mark();
  });
  const state = api.getState() as { readonly actual?: boolean } | undefined;
  if (state?.actual) setActual(true);
  api.postMessage({ kind: "ready" });
}

interface PageElement {
  readonly classList: { toggle(name: string, isOn: boolean): void };
  textContent: string | null;
  innerHTML: string;
  readonly style: { setProperty(name: string, value: string): void };
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): ArrayLike<PageElement>;
  closest(selector: string): PageElement | null;
  focus(): void;
  getBoundingClientRect(): {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  addEventListener(type: "click" | "keydown", hear: (event: PageEvent) => void): void;
}

interface PageEvent {
  readonly target: PageElement;
  readonly key: string;
  preventDefault(): void;
}

interface PageDocument {
  title: string;
  readonly activeElement: PageElement | null;
  getElementById(id: string): PageElement;
  querySelectorAll(selector: string): ArrayLike<PageElement>;
}
