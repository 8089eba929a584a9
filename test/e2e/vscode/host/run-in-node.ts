// The entry point for the extension host that runs in Node.
import Mocha from "mocha";
import { report } from "./report";

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", timeout: 40_000, reporter: class {} as unknown as Mocha.ReporterConstructor });
  mocha.addFile(require.resolve("./tests.cjs"));
  await report(mocha.run());
}
