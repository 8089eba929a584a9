/** Users that a stage has: of its base image, and those that its instructions make. */
import { imageUnder } from "../catalogue/stage";
import { scriptsOf } from "../model/scripts";
import type { Model, Stage } from "../model/types";
import { flagValue, operands } from "../shell/commands";
import type { CompletionContext, Offer } from "./complete-item";
import type { ArgumentPlace } from "./complete-place";

/** Users to name at a place, the ones that are no root first. */
export function userOffers(model: Model, place: ArgumentPlace, context: CompletionContext): readonly Offer[] {
  const { stage, instruction } = place;
  const offers: Offer[] = [];
  const add = (name: string, detail: string): void => {
    if (!offers.some((one) => one.label === name)) offers.push({ kind: "user", label: name, insert: name, detail });
  };
  for (const user of stage ? createdUsers(stage, instruction.index) : []) {
    add(user.name, user.uid === null ? "made in this file" : `made in this file, uid ${user.uid}`);
  }
  const image = stage && imageUnder(stage, context.catalogue)?.user;
  if (image?.ready) {
    const { name, uid, write } = image.ready;
    const number = uid === null ? "" : `, uid ${uid}`;
    if (write !== null) add(write, `of the base image: ${name}${number}`);
    add(name, `of the base image${number}`);
    if (uid !== null) add(String(uid), `of the base image: ${name}`);
  } else if (image && image.how === "declared") add(image.runsAs, "of the base image");
  for (const other of model.instructions) {
    const name = other.keyword === "USER" && other !== instruction ? other.parsed.words[0]?.value : null;
    if (name) add(name, "used in this file");
  }
  add("nobody", "has no rights");
  add("root", "may do everything");
  return offers;
}

interface CreatedUser {
  readonly name: string;
  readonly uid: string | null;
}

const makers: { readonly [command: string]: readonly string[] } = {
  useradd: [
    "-u",
    "--uid",
    "-g",
    "--gid",
    "-G",
    "--groups",
    "-d",
    "--home-dir",
    "--home",
    "-s",
    "--shell",
    "-c",
    "-b",
    "-k",
  ],
  adduser: ["-u", "--uid", "-g", "-G", "--gid", "--ingroup", "-h", "--home", "-s", "--shell", "--gecos"],
};

/** Accounts that RUNs before an instruction make, in the stage and those below it. */
export function createdUsers(stage: Stage, before: number): readonly CreatedUser[] {
  const found: CreatedUser[] = [];
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    for (const instruction of link.instructions) {
      if (instruction.keyword !== "RUN" || instruction.index >= before) continue;
      if (!/useradd|adduser/.test(instruction.parsed.text)) continue;
      for (const { commands } of scriptsOf(instruction)) {
        for (const command of commands) {
          const flags = command.name === null ? undefined : makers[command.name];
          const name = flags && operands(command, flags)[0]?.value;
          if (name && /^[A-Za-z_][\w-]*$/.test(name)) {
            found.push({ name, uid: flagValue(command, ["-u", "--uid"])?.value ?? null });
          }
        }
      }
    }
  }
  return found;
}
