/** The instructions that exist, and what the builder demands of each (BuildKit: instructions/parse.go). */

export interface KeywordRules {
  /** Flags it takes, with whether a flag may come more than once. */
  readonly flags: { readonly [name: string]: "once" | "many" };
  /** Fewest and most words; where `words` is null the rest of the line is one argument. */
  readonly least: number;
  readonly most: number;
  /** Arguments may be a JSON list of strings. */
  readonly json: boolean;
  /** Blanks part its words even between quotes (BuildKit: parseStringsWhitespaceDelimited). */
  readonly parted?: boolean;
  /** The rest of the line is one value, blanks and comment signs included. */
  readonly wholeLine?: boolean;
}

const any = Number.POSITIVE_INFINITY;

/** Every instruction of the Dockerfile language. */
export const keywords: { readonly [keyword: string]: KeywordRules } = {
  ADD: {
    flags: {
      chown: "once",
      chmod: "once",
      link: "once",
      checksum: "once",
      "keep-git-dir": "once",
      exclude: "many",
      unpack: "once",
    },
    least: 2,
    most: any,
    json: true,
    parted: true,
  },
  ARG: { flags: {}, least: 1, most: any, json: false },
  CMD: { flags: {}, least: 0, most: any, json: true },
  COPY: {
    flags: { from: "once", chown: "once", chmod: "once", link: "once", parents: "once", exclude: "many" },
    least: 2,
    most: any,
    json: true,
    parted: true,
  },
  ENTRYPOINT: { flags: {}, least: 0, most: any, json: true },
  ENV: { flags: {}, least: 1, most: any, json: false },
  EXPOSE: { flags: {}, least: 1, most: any, json: false, parted: true },
  FROM: { flags: { platform: "once" }, least: 1, most: 3, json: false, parted: true },
  HEALTHCHECK: {
    flags: { interval: "once", timeout: "once", "start-period": "once", "start-interval": "once", retries: "once" },
    least: 1,
    most: any,
    json: false,
  },
  LABEL: { flags: {}, least: 1, most: any, json: false },
  MAINTAINER: { flags: {}, least: 1, most: any, json: false, wholeLine: true },
  ONBUILD: { flags: {}, least: 1, most: any, json: false },
  RUN: { flags: { mount: "many", network: "once", security: "once", device: "many" }, least: 0, most: any, json: true },
  SHELL: { flags: {}, least: 1, most: any, json: true },
  STOPSIGNAL: { flags: {}, least: 1, most: any, json: false, wholeLine: true },
  USER: { flags: {}, least: 1, most: any, json: false, wholeLine: true },
  VOLUME: { flags: {}, least: 1, most: any, json: true, parted: true },
  WORKDIR: { flags: {}, least: 1, most: any, json: false, wholeLine: true },
};

/** True for an upper-case instruction keyword that exists. */
export function isKeyword(keyword: string): boolean {
  return Object.hasOwn(keywords, keyword);
}
