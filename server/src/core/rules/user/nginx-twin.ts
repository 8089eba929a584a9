/** nginx made for a plain user, in place of the image whose main process needs root. */
import { rewriteBase } from "../../fixes/base";
import { nginxSettings } from "../../fixes/non-root/nginx";
import { insertBefore, keywordLike, switchUser } from "../../fixes/user";
import type { Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Facts, Fix, RuleContext } from "../../rule";
import type { Edit } from "../../text";
import { listed } from "./folders";
import type { RootRuntime } from "./root-runtime";

/** True when the server of the image itself runs, whose main process cannot do without root. */
export function isNginx({ image, entry }: RootRuntime): boolean {
  return image?.repository.name === "nginx" && entry.commands.every(({ name }) => name === "nginx");
}

/** What to do about such a stage, as the end of a message. */
export function nginxAdvice({ model, facts }: RuleContext, { stage }: RootRuntime): string {
  const { obstacle } = nginxSettings(model, stage, facts);
  const twin = "Use nginxinc/nginx-unprivileged, which listens on 8080";
  return obstacle === null ? `${twin}.` : `${twin}; ${obstacle}.`;
}

/** The move to nginx-unprivileged, where it is sure to start; build steps of the stage still get root. */
export function swapNginx({ model, facts }: RuleContext, { stage, image }: RootRuntime): readonly Fix[] {
  const { reference, word } = stage.base;
  if (!reference || !image?.known || image.dropped !== null || reference.digest !== null) return [];
  if (!word || word.variables.length > 0 || stage.instructions.some(({ keyword }) => keyword === "USER")) return [];
  const settings = nginxSettings(model, stage, facts);
  if (settings.obstacle !== null) return [];
  const wanted = `nginxinc/nginx-unprivileged${reference.tag === null ? "" : `:${reference.tag}`}`;
  const swap = rewriteBase(model, stage, wanted);
  if (!swap) return [];
  const run = stage.instructions.find(({ keyword }) => keyword === "RUN");
  const back = run ? switchUser(model, stage, { user: "101" }, () => true) : [];
  if (!back) return [];
  const keepsPort = settings.listening.length > 0;
  const edits: Edit[] = [
    ...swap,
    ...(run ? [insertBefore(model, run, `${keywordLike(stage, "USER")} root`)] : []),
    ...(keepsPort ? [] : exposeEdits(stage)),
    ...settings.edits,
    ...back,
  ];
  const others = composeWithPort(facts) ?? "compose files and Kubernetes";
  const script = settings.hiddenScript === null ? "" : `; see that ${settings.hiddenScript} needs no root`;
  const reason = keepsPort
    ? `It runs as user 101, for whom ${listed(settings.listening)} should listen on 8080 instead of 80, as should EXPOSE and ${others}${script}.`
    : `It runs as user 101 and listens on port 8080 instead of 80: change that in ${others}${settings.isHidden ? ", and `listen 80` in the configuration that is copied" : ""}${script}.`;
  const note = `Change \`listen 80\` to \`listen 8080\` in ${keepsPort ? listed(settings.listening) : "the configuration you copy"}, and the port in ${others}.`;
  return [
    {
      title: `Use ${wanted}`,
      applicability: "unsafe",
      reason,
      edits,
      ...(settings.otherFiles.length > 0 ? { otherFiles: settings.otherFiles } : {}),
      note,
    },
  ];
}

/** The compose file next to the Dockerfile that maps port 80 of a container; null when there is none. */
function composeWithPort(facts: Facts): string | null {
  const names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
  return names.find((name) => /:80(?:\/tcp)?["']?\s*$/m.test(facts.file(name) ?? "")) ?? null;
}

function exposeEdits(stage: Stage): readonly Edit[] {
  const edits: Edit[] = [];
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "EXPOSE") continue;
    for (const word of instruction.parsed.words) {
      if (!/^80(?:\/tcp)?$/i.test(word.text)) continue;
      const { start } = locate(instruction, word);
      edits.push({ span: { start, end: start + 2 }, newText: "8080" });
    }
  }
  return edits;
}
