// A temporary home with a workspace and settings, so that no suite reads or writes the user's own editor.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** What keeps VS Code quiet while it is tested; a suite adds its own keys. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "git.enabled": false,
};

/** Makes the folders of one run. `remove` deletes all of it. */
export function createPlace(name, settings = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `plimsoll-${name}-`));
  const place = {
    folder,
    home: path.join(folder, "home"),
    workspace: path.join(folder, "workspace"),
    userData: path.join(folder, "user-data"),
    serverData: path.join(folder, "server-data"),
    extensions: path.join(folder, "extensions"),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
  for (const each of [place.home, place.workspace, path.join(place.userData, "User"), place.extensions]) {
    mkdirSync(each, { recursive: true });
  }
  const all = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  writeFileSync(path.join(place.userData, "User", "settings.json"), all);
  return place;
}

/** The environment of a program that runs at home in this place and nowhere else. */
export function environmentOf(place) {
  const { XDG_CONFIG_HOME: _, XDG_CACHE_HOME: __, XDG_DATA_HOME: ___, XDG_STATE_HOME: ____, ...rest } = process.env;
  return { ...rest, HOME: place.home };
}
