/** From text to model. */
import type { Model } from "./types";
export interface ModelOptions {
  readonly buildArgs?: ReadonlyMap<string, string>;
  readonly target?: string | null;
  readonly cache?: InstructionCache;
}
/** Remembers parsed instructions from one version of a file to the next. */
export interface InstructionCache {
  /** How many blocks were parsed since the cache was made. */
  readonly parsed: number;
}
export declare function createInstructionCache(): InstructionCache;
export declare function buildModel(text: string, options?: ModelOptions): Model;
