/** A list of files that another program made. */
import path from "node:path";
import { decode } from "./decode";
import { readBytes } from "./files";
import { type Terminal, UsageError } from "./terminal";

/**
 * The names in a list, each as it stands there: separated by NUL characters where there is one (`git ls-files -z`, `find
 * -print0`), else by line ends. `-` reads stdin. Throws UsageError when the list cannot be read.
 */
export async function readFileList(source: string, terminal: Terminal): Promise<readonly string[]> {
  const bytes = source === "-" ? await terminal.readStdin() : readBytes(path.resolve(terminal.cwd, source));
  if ("fault" in bytes) throw new UsageError(`--files-from: ${source} ${bytes.fault}.`);
  const zero = bytes.includes(0);
  // A NUL is what `decode` takes for a binary file; here it only separates.
  const decoded = decode(zero ? bytes.map((byte) => (byte === 0 ? 10 : byte)) : bytes);
  if ("fault" in decoded) throw new UsageError(`--files-from: the list ${decoded.fault}.`);
  if (zero)
    return new TextDecoder()
      .decode(bytes)
      .split("\0")
      .filter((name) => name !== "");
  return decoded.text.split(/\r?\n/).filter((name) => name !== "");
}
