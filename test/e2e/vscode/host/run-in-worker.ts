// The entry point for the extension host that runs in a web worker: Mocha's browser build, and the tests in the bundle.
import "mocha/mocha.js";
import { report } from "./report";

export async function run(): Promise<void> {
  const mocha = (globalThis as unknown as { mocha: BrowserMocha }).mocha;
  mocha.setup({ ui: "tdd", timeout: 40_000, reporter: class {} });
  await import("./all");
  await report(mocha.run());
}

interface BrowserMocha {
  readonly setup: (options: object) => void;
  readonly run: () => import("mocha").Runner;
}
