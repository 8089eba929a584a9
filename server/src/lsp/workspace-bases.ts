/** The base images of all Dockerfiles of a workspace folder, read when a rule asks for the first time. */
import { relativeTo } from "../config/index";
import { basesOf, buildModel, type FileReader, type WorkspaceBase } from "../core/index";
import { decoded } from "./configuration";
import { isExcludedName } from "./names";
import { listDockerfiles } from "./workspace-files";

/** Files of one folder that are compared; a workspace with more is compared as far as that. */
const mostFiles = 500;
const longestText = 200_000;

export interface WorkspaceBases {
  /** What the files on disk below a workspace folder (a URI) build on; undefined while it is being read. */
  of(folder: string): readonly WorkspaceBase[] | undefined;
  /** Waits for what is being read of a folder; true when there was something to wait for. */
  settle(folder: string): Promise<boolean>;
  /** Files were created, changed or deleted: what is known of their folders is read again when somebody asks. */
  changed(uris: readonly string[]): void;
}

interface Known {
  readonly reading: Promise<void>;
  bases: readonly WorkspaceBase[] | undefined;
}

/** Makes the look-up; `heard` is called with a folder whose files have been read. */
export function createWorkspaceBases(reader: FileReader, heard: (folder: string) => void): WorkspaceBases {
  const folders = new Map<string, Known>();
  const read = async (folder: string): Promise<readonly WorkspaceBase[]> => {
    const uris = (await listDockerfiles(reader, folder, () => false)).filter((uri) => !isExcludedName(uri));
    const found: WorkspaceBase[] = [];
    for (const uri of uris.slice(0, mostFiles)) {
      const text = await reader.read(uri).catch(() => null);
      if (text === null || text.length > longestText) continue;
      found.push(...basesOf(buildModel(text), decoded(relativeTo(folder, uri) ?? uri)));
    }
    return found;
  };
  const start = (folder: string): Known => {
    const reading = read(folder).then((bases) => {
      if (folders.get(folder) !== known) return;
      known.bases = bases;
      heard(folder);
    });
    const known: Known = { reading, bases: undefined };
    return known;
  };
  return {
    of(folder) {
      let known = folders.get(folder);
      if (!known) {
        known = start(folder);
        folders.set(folder, known);
      }
      return known.bases;
    },
    async settle(folder) {
      const known = folders.get(folder);
      if (!known || known.bases) return false;
      await known.reading;
      return true;
    },
    changed(uris) {
      for (const folder of [...folders.keys()]) {
        if (!uris.some((uri) => relativeTo(folder, uri) !== null)) continue;
        folders.delete(folder);
        heard(folder);
      }
    },
  };
}
