/** Writes a file so that nobody ever sees half of it. */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/**
 * Replaces the content of a file, or creates it: a new file is written beside it and takes its place, with the mode and
 * owner of the old one. Links are followed. Where that cannot be (the folder is read-only, the file is mounted or has
 * several names) the file is written in place. Throws the error of the file system.
 */
export function writeWhole(file: string, content: Uint8Array | string): void {
  const old = statOf(file);
  if (!old) {
    writeFileSync(file, content);
    return;
  }
  const real = realpathSync(file);
  // Renaming over a file asks for no right to write to it, so the right is asked for here.
  accessSync(real, constants.W_OK);
  if (old.nlink > 1 || !old.isFile()) {
    writeFileSync(real, content);
    return;
  }
  const beside = path.join(path.dirname(real), `.${path.basename(real)}.${process.pid}.${Date.now().toString(36)}.tmp`);
  try {
    writeFileSync(beside, content, { mode: old.mode, flag: "wx" });
    chmodSync(beside, old.mode);
    const made = statSync(beside);
    if (made.uid !== old.uid || made.gid !== old.gid) chownSync(beside, old.uid, old.gid);
    renameSync(beside, real);
  } catch (error) {
    rmSync(beside, { force: true });
    // On a full or failing disk a second try would only lose what is there.
    if (["ENOSPC", "EDQUOT", "EIO"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    writeFileSync(real, content);
  }
}

function statOf(file: string) {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}
