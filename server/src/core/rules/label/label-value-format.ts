/** Values whose form is agreed on: an address, a time, a licence, a commit, a version, an e-mail address. */
import { instructionsNamed } from "../../model/index-of";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { labelsIn, labelValue } from "./labels";

export default defineRule({
  id: "label-value-format",
  theme: "label",
  category: "maintainability",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A label's value is not the address, time, licence, commit, version or e-mail address that is asked for.",
  why: "Tools read these labels and pass over what they cannot read. The option says which label has which form; without it the keys of the OCI image specification whose form is laid down there are looked at. Values with unknown variables are not judged.",
  aliases: { hadolint: ["DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"] },
  scope: "instruction",
  fixable: "none",
  options: {
    labels: {
      type: "strings",
      default: [
        "org.opencontainers.image.created=rfc3339",
        "org.opencontainers.image.url=url",
        "org.opencontainers.image.documentation=url",
        "org.opencontainers.image.source=url",
        "org.opencontainers.image.licenses=spdx",
      ],
      description: "`key=form` for each label; forms are text, url, rfc3339, spdx, hash, semver and email.",
    },
  },
  examples: [
    {
      title: "A day is no time",
      code: 'FROM alpine:3.24\nLABEL org.opencontainers.image.created=[|"2026-09-01"|]\n',
    },
    {
      title: "A name that is no SPDX identifier",
      code: 'FROM alpine:3.24\nLABEL org.opencontainers.image.licenses=[|"Apache 2.0"|]\n',
    },
    {
      title: "A version by the project's own schema",
      options: { labels: ["version=semver", "vcs-ref=hash", "contact=email"] },
      code: "FROM alpine:3.24\nLABEL version=[|v1|] vcs-ref=[|main|] contact=[|me|]\n",
    },
    {
      title: "As they should be",
      options: { labels: ["version=semver", "vcs-ref=hash", "contact=email", "note=text", "built=rfc3339", "l=spdx"] },
      code: 'FROM alpine:3.24\nLABEL version=1.2.3-rc.1 vcs-ref=1a2b3c4 contact=me@example.com note="" built=2026-09-01T12:00:00Z l="MIT OR (Apache-2.0 WITH LLVM-exception)"\n',
    },
    { title: "A variable", code: "FROM alpine:3.24\nARG DATE\nLABEL org.opencontainers.image.created=$DATE\n" },
    { title: "Another label", code: "FROM alpine:3.24\nLABEL created=yesterday\n" },
  ],
  *check({ model, options }) {
    const forms = new Map(options.labels.map((text) => splitForm(text)));
    if (forms.size === 0) return;
    for (const instruction of instructionsNamed(model, "LABEL")) {
      for (const label of labelsIn(instruction)) {
        const form = formats[forms.get(label.key) ?? ""];
        const value = form && labelValue(label);
        if (!form || !label.pair.value || value === null || value === undefined || form.holds(value)) continue;
        yield {
          message: `The value of ${label.key} is not ${form.what}. Write it like ${form.example}.`,
          range: locate(label.instruction, label.pair.value),
          aliases: { hadolint: [form.peer] },
        };
      }
    }
  },
});

function splitForm(text: string): [key: string, form: string] {
  const equals = text.lastIndexOf("=");
  return equals < 0
    ? [text, ""]
    : [
        text.slice(0, equals),
        text
          .slice(equals + 1)
          .trim()
          .toLowerCase(),
      ];
}

interface Format {
  readonly what: string;
  readonly example: string;
  readonly peer: string;
  holds(value: string): boolean;
}

const formats: { readonly [form: string]: Format | undefined } = {
  url: {
    what: "an address",
    example: "https://example.com",
    peer: "DL3052",
    holds: (value) => /^[a-z][a-z0-9+.-]*:\/\/[^\s/]\S*$/i.test(value),
  },
  rfc3339: {
    what: "a time as RFC 3339 writes it",
    example: "2026-09-01T12:00:00Z",
    peer: "DL3053",
    holds: (value) => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(value),
  },
  spdx: { what: "an SPDX licence expression", example: "Apache-2.0", peer: "DL3054", holds: isLicence },
  hash: {
    what: "a commit of git",
    example: "1a2b3c4",
    peer: "DL3055",
    holds: (value) => /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/i.test(value),
  },
  semver: {
    what: "a semantic version",
    example: "1.2.3",
    peer: "DL3056",
    holds: (value) =>
      /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$/.test(
        value,
      ),
  },
  email: {
    what: "an e-mail address",
    example: "me@example.com",
    peer: "DL3058",
    holds: (value) => /^[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)+$/.test(value),
  },
};

/** True for an expression that SPDX's grammar allows, unless it is one of the names that only look like identifiers. */
function isLicence(value: string): boolean {
  const words = value.replace(/[()]/g, " ").trim().split(/\s+/);
  return words.every((word, at) => {
    const joins = /^(?:AND|OR|WITH)$/.test(word);
    return at % 2 === 1 ? joins : !joins && /^[A-Za-z0-9.:+-]+$/.test(word) && !nicknames.test(word);
  });
}

const nicknames = /^(?:[AL]?GPL-?v?\d?(?:\.\d)?\+?|Apache-?v?\d?|Apache2\.0|BSD|MPL|CC|proprietary|none|unknown)$/i;
