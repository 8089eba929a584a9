/** Instructions at the beginning of a line. */
import type { Model } from "../model/types";
import { type CompletionContext, type CompletionList, type Offer, offer } from "./complete-item";
import { instructionHelp, referenceLink } from "./help";
import { stageSnippets } from "./snippets";

/** In the order in which they are used most. */
const order =
  "RUN COPY FROM ENV ARG WORKDIR CMD ENTRYPOINT EXPOSE USER LABEL VOLUME HEALTHCHECK ADD SHELL STOPSIGNAL ONBUILD MAINTAINER".split(
    " ",
  );

/** Longer forms of instructions. */
const forms: readonly {
  readonly keyword: string;
  readonly label: string;
  readonly insert: string;
  readonly detail: string;
}[] = [
  {
    keyword: "RUN",
    label: "RUN <<EOF",
    insert: "RUN <<EOF\n${1:set -eu}\n$0\nEOF",
    detail: "a script of several lines",
  },
  {
    keyword: "RUN",
    label: "RUN --mount=type=cache",
    insert: "RUN --mount=type=cache,target=${1:/root/.cache} $0",
    detail: "with a cache that stays out of the image",
  },
  {
    keyword: "RUN",
    label: "RUN --mount=type=secret",
    insert: 'RUN --mount=type=secret,id=${1:token} \\\\\n    ${2:command} "\\$(cat /run/secrets/${1:token})"',
    detail: "with a secret that stays out of the image",
  },
  { keyword: "CMD", label: "CMD [ ]", insert: 'CMD ["${1:program}"$0]', detail: "without a shell" },
  {
    keyword: "ENTRYPOINT",
    label: "ENTRYPOINT [ ]",
    insert: 'ENTRYPOINT ["${1:program}"$0]',
    detail: "without a shell",
  },
  {
    keyword: "HEALTHCHECK",
    label: "HEALTHCHECK CMD",
    insert: "HEALTHCHECK --interval=${1:30s} --timeout=${2:5s} CMD ${3:curl -f http://localhost:8080/ || exit 1}",
    detail: "a check that runs in the container",
  },
  {
    keyword: "COPY",
    label: "COPY --from",
    insert: "COPY --from=${1:build} ${2:/app} ${3:/app}",
    detail: "from another stage",
  },
  { keyword: "FROM", label: "FROM … AS", insert: "FROM ${1:image} AS ${2:name}", detail: "a stage with a name" },
  { keyword: "COPY", label: "COPY <<EOF", insert: "COPY <<EOF ${1:/etc/file}\n$0\nEOF", detail: "a file written here" },
];

/** Completes a keyword. Before the first FROM only FROM and ARG make sense, and inside ONBUILD three do not. */
export function completeKeyword(
  model: Model,
  offset: number,
  place: { readonly partial: string; readonly inOnbuild: boolean },
  context: CompletionContext,
): CompletionList {
  const { partial, inOnbuild } = place;
  const firstFrom = model.stages[0]?.from.span.start ?? Number.POSITIVE_INFINITY;
  const beforeStages = offset - partial.length <= firstFrom && !inOnbuild;
  const lower = prefersLowerCase(model, partial);
  const spell = (text: string): string => (lower ? text.toLowerCase() : text);
  const allowed = order.filter((keyword) =>
    beforeStages ? keyword === "FROM" || keyword === "ARG" : !(inOnbuild && notInOnbuild.has(keyword)),
  );
  const offers: Offer[] = allowed.map((keyword) => {
    const help = instructionHelp[keyword];
    return {
      kind: "keyword",
      label: spell(keyword),
      insert: `${spell(keyword)} `,
      goesOn: true,
      detail: help?.signatures[0]?.label ?? "",
      documentation: `${help?.text ?? ""}\n\n[Reference](${referenceLink(keyword)})`,
      ...(keyword === "MAINTAINER" ? { deprecated: true } : {}),
    };
  });
  if (context.snippets && !lower) {
    for (const { keyword, label, insert, detail } of forms) {
      if (allowed.includes(keyword)) offers.push({ kind: "snippet", label, insert, snippet: true, detail });
    }
    if (!inOnbuild) offers.push(...stageSnippets(context.catalogue, context.today));
  }
  return offer(offset, partial, offers);
}

const notInOnbuild: ReadonlySet<string> = new Set(["FROM", "ONBUILD", "MAINTAINER"]);

/** A file is written in one case; who begins another way in it still gets the file's. */
function prefersLowerCase(model: Model, partial: string): boolean {
  const first = model.instructions.find((one) => one.keywordSpan.end - one.keywordSpan.start > partial.length);
  if (!first) return partial !== "" && partial === partial.toLowerCase() && model.instructions.length > 1;
  const { from, to } = first.parsed.keywordSpan;
  return first.parsed.text[from] !== first.keyword[0] && to > from;
}
