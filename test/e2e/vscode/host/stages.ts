import * as vscode from "vscode";
import { assertEqual, eventually, openDockerfile, suite, test } from "./testing";

suite("stages", () => {
  test("are drawn in a view of their own, one for all documents, which follows the one in front", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await openDockerfile("FROM alpine AS a\nFROM scratch\nCOPY --from=a / /\n");
    await vscode.commands.executeCommand("plimsoll.showStages");
    const labels = (): readonly string[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("plimsoll.stages"))
        .map(({ label }) => label);
    await eventually("the view to open", () => labels().length > 0);
    assertEqual(labels(), ["Stages of Dockerfile"], "views");
    await openDockerfile("FROM alpine\n", "web.dockerfile");
    await eventually("the view to follow", () => labels()[0] === "Stages of web.dockerfile");
    await vscode.commands.executeCommand("plimsoll.showStages");
    await eventually("the view to stay the only one", () => labels().length === 1);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await eventually("the view to close", () => labels().length === 0);
    await openDockerfile("FROM alpine\n");
    await vscode.commands.executeCommand("plimsoll.showStages");
    await eventually("the view to open again", () => labels().length === 1);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  test("are a lens above the first FROM where the settings want it", async () => {
    const settings = vscode.workspace.getConfiguration("plimsoll");
    await settings.update("codeLens.stages", true);
    try {
      const document = await openDockerfile("FROM alpine AS a\nFROM a AS web\n");
      const lens = await eventually("the lens", async () => {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          "vscode.executeCodeLensProvider",
          document.uri,
        );
        return lenses.find(({ command }) => command?.command === "plimsoll.showStages");
      });
      assertEqual(lens.command?.title, "2 stages, web ships", "title of the lens");
    } finally {
      await settings.update("codeLens.stages", undefined);
    }
  });
});
