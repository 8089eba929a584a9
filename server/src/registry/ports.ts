/** What the registry client needs of its host. Node and the browser each bring their own; tests bring fakes. */

/** One request. Redirects are not followed by the host: who may get which header is decided here. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** The answer's body may have this many bytes. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** The value of a header, by its name in lower case; null where it is missing. */
  header(name: string): string | null;
  readonly body: Uint8Array;
}

/** Sends a request. Rejects with a `RegistryFault` where there is no answer, and with anything when it was aborted. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** How to say who one is. */
export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  | { readonly kind: "identity"; readonly token: string };

/** Credentials for one host (with its port, where one is written), or null. Never rejects. */
export type CredentialSource = (host: string) => Promise<Credentials | null>;

/** Keeps texts between runs. Both may fail silently: a cache is no promise. */
export interface AnswerStore {
  read(key: string): Promise<string | null>;
  write(key: string, text: string): Promise<void>;
}

export interface RegistryPorts {
  readonly http: Http;
  readonly credentials: CredentialSource;
  /** Null: nothing is kept between runs. */
  readonly store: AnswerStore | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs once after a pause in milliseconds; the answer cancels it. */
  readonly after: (pause: number, run: () => void) => () => void;
}
