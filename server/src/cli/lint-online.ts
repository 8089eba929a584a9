/** Lints with what registries say: what the rules want to know is asked first, then they are asked again. */
import type { ConfigFile } from "../config/types";
import { withRegistry } from "../core/catalogue/online";
import type { Facts } from "../core/index";
import { anyDay } from "../registry/registry";
import type { Target } from "./files";
import { type Destination, lintFile, type Outcome } from "./lint-file";
import type { LintOptions } from "./lint-options";
import { createRegistries, learn, troublesOf } from "./registry";
import { createSignatures } from "./signatures";
import type { Product, Terminal } from "./terminal";

export interface OnlineLint {
  /** Whether registries may be asked about the files under a configuration. */
  isOn(config: ConfigFile | null): boolean;
  /** As `lintFile`, with answers. */
  lint(target: Target, bytes: Uint8Array, config: ConfigFile | null, facts: Facts, to: Destination): Promise<Outcome>;
  /** Why answers are missing, as sentences. */
  troubles(): readonly string[];
}

export function createOnlineLint(options: LintOptions, terminal: Terminal, product: Product): OnlineLint {
  const registries = createRegistries(terminal, anyDay);
  const signatures = createSignatures(terminal, registries, anyDay);
  return {
    isOn: (config) => options.online ?? config?.registry?.online ?? false,
    async lint(target, bytes, config, facts, to) {
      const registry = registries.factsFor(config);
      // Only a policy makes anybody look at signatures.
      const signed = signatures.policyFor(config).required.length > 0 ? signatures.factsFor(config) : undefined;
      const known: Facts = { ...facts, registry, signatures: signed };
      const run = (own: LintOptions): Outcome => {
        // What was learnt since is new to the catalogue, too.
        const catalogue = withRegistry(product.catalogue(), registry);
        return lintFile(target, bytes, config, known, to, own, { ...product, catalogue: () => catalogue });
      };
      const look = (): void => {
        const { result } = run({ ...options, fix: false, diff: false });
        // Some fixes want to know more than their finding did.
        if (options.unsafe) for (const report of result.reports) report.proposals();
      };
      await learn(signed ? [registry, signed] : [registry], look);
      return run(options);
    },
    troubles: () => troublesOf([...registries.all, ...signatures.all]),
  };
}
