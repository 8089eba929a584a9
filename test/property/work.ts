/** Counts the work of the engine: how often each block of its code ran. Deterministic, unlike a clock. */
import { Session } from "node:inspector";

export interface WorkCounter {
  /** How many blocks of the engine's code ran during the call. */
  count(run: () => void): number;
  /** The five functions whose blocks ran most often in the last call, for messages. */
  busiest(): string;
  stop(): void;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/**
 * Starts V8's precise coverage. Modules have to be imported after this call, for code compiled earlier counts calls but
 * not the rounds of its loops. `path` says which scripts count.
 */
export function startWorkCounter(path: string): WorkCounter {
  const session = new Session();
  session.connect();
  const post = (method: string, params: object = {}): unknown => {
    let answer: unknown;
    // Within one thread the session answers before `post` returns.
    session.post(method, params, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  };
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  let functions: { name: string; count: number }[] = [];
  return {
    count(run) {
      post("Profiler.takePreciseCoverage");
      run();
      const { result } = post("Profiler.takePreciseCoverage") as Coverage;
      functions = result
        .filter((script) => script.url.includes(path))
        .flatMap((script) =>
          script.functions.map(({ functionName, ranges }) => ({
            name: `${functionName} in ${script.url.slice(script.url.indexOf(path))}`,
            count: ranges.reduce((sum, range) => sum + range.count, 0),
          })),
        );
      return functions.reduce((sum, one) => sum + one.count, 0);
    },
    busiest() {
      return [...functions]
        .sort((a, b) => b.count - a.count)
        .slice(0, 5)
        .map(({ name, count }) => `${count} ${name}`)
        .join("\n");
    },
    stop() {
      session.disconnect();
    },
  };
}
