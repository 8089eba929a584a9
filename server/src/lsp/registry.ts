/**
 * Registries for the language server. By the way they are asked only where the settings want it, after a pause and beside
 * everything else; for an action that the user chose they are asked anew, with a deadline.
 */
import { withRegistry, withRegistryTags } from "../core/catalogue/online";
import { noSignaturePolicy, type SignaturePolicy } from "../core/image/signature-policy";
import type { Catalogue } from "../core/index";
import { type EndpointSettings, settingsKey } from "../registry/endpoint";
import { type AskingFacts, createRegistryFacts } from "../registry/facts";
import type { AnswerStore, RegistryPorts } from "../registry/ports";
import { anyDay, createRegistry, type Registry } from "../registry/registry";
import type { SignatureVerifier } from "../registry/signatures/check";
import { type AskingSignatures, createSignatureFacts } from "../registry/signatures/facts";
import type { Clock } from "./clock";

/** What the editor knows of the way out. */
export interface EditorProxy {
  /** `http.proxy`; null: as the environment says. */
  readonly proxy: string | null;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
}

/** Makes what asking needs. `authorities`: files with certificates. */
export type RegistryHost = (options: EditorProxy & { readonly authorities: readonly string[] }) => RegistryPorts;

/** What holds for a document. */
export interface DocumentRegistry extends EndpointSettings {
  /** Registries may be asked without being told to each time. */
  readonly online: boolean;
  /** Paths of files with certificates. */
  readonly authorities: readonly string[];
  /** Who may sign; paths are whole. */
  readonly signatures: SignaturePolicy;
}

/** What holds where nobody said anything. */
export const offline: DocumentRegistry = {
  online: false,
  mirrors: new Map(),
  insecure: [],
  authorities: [],
  signatures: noSignaturePolicy,
};

export interface OnlineService {
  /** Facts for one action: what is asked of them is asked now. */
  anew(settings: DocumentRegistry): AskingFacts;
  /** Facts by the way; null where nobody wants them. What they lack is asked by `askSoon`. */
  byTheWay(settings: DocumentRegistry): AskingFacts | null;
  /** Signatures by the way, where somebody can check them; else null. What they lack is asked by `askSoon`. */
  signatures(settings: DocumentRegistry): AskingSignatures | null;
  /** Where answers are kept between runs. */
  store(settings: DocumentRegistry): AnswerStore | null;
  /** The catalogue with what is known by the way. */
  catalogue(settings: DocumentRegistry, plain: Catalogue): Catalogue;
  /** The same with the tags of the registry, for completion. */
  withTags(settings: DocumentRegistry, plain: Catalogue): Catalogue;
  /** Asks what is wanted by the way, when typing pauses. */
  askSoon(settings: DocumentRegistry): void;
  /** The same at once, where somebody looks at a list that is still empty. */
  askNow(settings: DocumentRegistry): void;
}

/** Milliseconds without a question before anybody is asked. */
const pause = 300;

interface Access {
  readonly registry: Registry;
  readonly facts: AskingFacts;
  /** Null: nobody here can check signatures. */
  readonly signatures: AskingSignatures | null;
  readonly store: AnswerStore | null;
  /** Made anew when something was learnt, since findings are kept as long as it is the same. */
  catalogue: { readonly plain: Catalogue; readonly online: Catalogue } | null;
  cancel: () => void;
  isAsking: boolean;
}

export interface OnlineOptions {
  readonly host: RegistryHost;
  readonly clock: Clock;
  /** Asked once, when a registry is asked for the first time. */
  readonly proxy: () => Promise<EditorProxy>;
  /** Checks signatures; null where there is no cryptography for it. */
  readonly verifier: SignatureVerifier | null;
  /** Something became known by the way. */
  readonly learnt: () => void;
}

export function createOnline({ host, clock, proxy, verifier, learnt }: OnlineOptions): OnlineService {
  const made = new Map<string, Access>();
  let editor: Promise<EditorProxy> | null = null;

  const accessFor = (settings: DocumentRegistry): Access => {
    const policy = settings.signatures;
    const key = `${settingsKey(settings, settings.authorities)} ${JSON.stringify(policy)}`;
    const known = made.get(key);
    if (known) return known;
    const ports = deferred(clock, async () => {
      editor ??= proxy();
      return host({ ...(await editor), authorities: settings.authorities });
    });
    const registry = createRegistry(ports, settings);
    const facts = createRegistryFacts(registry, ports.now);
    const signatures = verifier && createSignatureFacts({ registry, verifier, policy, age: anyDay, now: ports.now });
    const access: Access = {
      ...{ registry, facts, signatures, store: ports.store },
      catalogue: null,
      cancel: () => undefined,
      isAsking: false,
    };
    made.set(key, access);
    return access;
  };

  const ask = async (access: Access): Promise<void> => {
    // What comes up meanwhile is asked when this is done.
    if (access.isAsking || !isWanting(access)) return;
    access.isAsking = true;
    const { signal } = new AbortController();
    const learned = await Promise.all([access.facts.fetch(signal), access.signatures?.fetch(signal)]);
    const isNew = learned.includes(true);
    access.isAsking = false;
    if (isNew) {
      access.catalogue = null;
      learnt();
    }
  };

  return {
    anew: (settings) => createRegistryFacts(accessFor(settings).registry, Date.now, 0),
    byTheWay: (settings) => (settings.online ? accessFor(settings).facts : null),
    signatures: (settings) => (settings.online ? accessFor(settings).signatures : null),
    store: (settings) => accessFor(settings).store,
    catalogue(settings, plain) {
      if (!settings.online) return plain;
      const access = accessFor(settings);
      if (access.catalogue?.plain !== plain) {
        access.catalogue = { plain, online: withRegistry(plain, access.facts) };
      }
      return access.catalogue.online;
    },
    withTags: (settings, plain) => (settings.online ? withRegistryTags(plain, accessFor(settings).facts) : plain),
    askSoon(settings) {
      if (!settings.online) return;
      const access = accessFor(settings);
      access.cancel();
      if (isWanting(access)) access.cancel = clock.after(pause, () => void ask(access));
    },
    askNow(settings) {
      if (settings.online) void ask(accessFor(settings));
    },
  };
}

function isWanting({ facts, signatures }: Access): boolean {
  return facts.wanting || signatures?.wanting === true;
}

/** Ports that are made when they are needed, so that nothing is even looked at before the first question. */
function deferred(clock: Clock, make: () => Promise<RegistryPorts>): RegistryPorts {
  let made: Promise<RegistryPorts> | null = null;
  const ports = (): Promise<RegistryPorts> => {
    made ??= make();
    return made;
  };
  return {
    http: async (request) => (await ports()).http(request),
    credentials: async (host) => (await ports()).credentials(host),
    store: {
      read: async (key) => (await ports()).store?.read(key) ?? null,
      write: async (key, text) => (await ports()).store?.write(key, text),
    },
    now: Date.now,
    after: clock.after,
  };
}
