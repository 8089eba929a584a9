// What an image holds, read from its saved form: `manifest.json`, a configuration, and layers as plain archives.
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Reads the image that was saved in a folder. `size` is the sum of its unpacked layers in bytes; `user` is what its
 * configuration says; `find(text)` names the places that hold the text: "layer 2", "history", "configuration".
 */
export function readImage(folder) {
  const [manifest] = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8"));
  const layers = manifest.Layers.map((name) => path.join(folder, name));
  const { history = [], ...configuration } = JSON.parse(readFileSync(path.join(folder, manifest.Config), "utf8"));
  return {
    size: layers.reduce((sum, file) => sum + statSync(file).size, 0),
    user: configuration.config?.User ?? "",
    find: (text) => [
      ...layers.flatMap((file, index) => (fileHolds(file, text) ? [`layer ${index + 1}`] : [])),
      ...(JSON.stringify(history).includes(text) ? ["history"] : []),
      ...(JSON.stringify(configuration).includes(text) ? ["configuration"] : []),
    ],
  };
}

/** Whether a file holds the text, read in pieces that overlap, since layers are large. */
function fileHolds(file, text) {
  const needle = Buffer.from(text);
  const piece = Buffer.alloc(4 << 20);
  const handle = openSync(file, "r");
  try {
    let kept = 0;
    for (;;) {
      const read = readSync(handle, piece, kept, piece.length - kept, null);
      if (read === 0) return false;
      const filled = kept + read;
      if (piece.subarray(0, filled).includes(needle)) return true;
      kept = Math.min(needle.length - 1, filled);
      piece.copy(piece, 0, filled - kept, filled);
    }
  } finally {
    closeSync(handle);
  }
}
