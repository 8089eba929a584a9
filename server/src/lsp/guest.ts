/** Answers of ShellCheck as facts of a document: asked once typing pauses, beside our own findings and never in front. */
import type { ShellCheckGuest, ShellCheckScript } from "../core/index";
import type { Clock } from "./clock";
import type { ContextFacts } from "./facts";

/** Milliseconds without a question before ShellCheck is started: it takes longer than a keystroke. */
const pause = 300;

export interface GuestFacts extends ContextFacts {
  /** Nobody waits for answers any more. */
  drop(): void;
}

export interface GuestUse {
  readonly guest: ShellCheckGuest;
  readonly clock: Clock;
  /** Whether the settings want it for the document. */
  readonly isOn: () => boolean;
  /** ShellCheck has answered; `learnt` is false when it could not. */
  readonly answered: (learnt: boolean) => void;
}

/** Facts with ShellCheck's answers beside the others. */
export function withShellCheck(facts: ContextFacts, { guest, clock, isOn, answered }: GuestUse): GuestFacts {
  let wanted: readonly ShellCheckScript[] = [];
  let isAsking = false;
  let cancel: () => void = () => undefined;

  const ask = async (): Promise<void> => {
    // One process at a time; what came up meanwhile is asked afterwards.
    if (isAsking || wanted.length === 0) return;
    isAsking = true;
    const scripts = wanted;
    wanted = [];
    const learnt = await guest.learn(scripts);
    isAsking = false;
    answered(learnt);
    if (learnt) await ask();
  };

  const askAbout: NonNullable<ContextFacts["shellcheck"]> = (scripts) => {
    const known = guest.known(scripts);
    // Only the present text counts: what an older one asked is nobody's question any more.
    wanted = scripts.filter((_, index) => known[index] === undefined);
    cancel();
    if (wanted.length > 0) cancel = clock.after(pause, () => void ask());
    return known;
  };

  return {
    file: facts.file,
    list: facts.list,
    // Where it is off there is nobody to ask, and the rule does not even look for scripts.
    get shellcheck() {
      return isOn() ? askAbout : undefined;
    },
    get wanting() {
      return facts.wanting;
    },
    fetch: () => facts.fetch(),
    refresh: () => facts.refresh(),
    drop: () => cancel(),
  };
}

/** Facts with what ShellCheck said before. A file that nobody looks at is no reason to start a program. */
export function withKnownAnswers(facts: ContextFacts, guest: ShellCheckGuest): ContextFacts {
  return {
    file: facts.file,
    list: facts.list,
    shellcheck: (scripts) => guest.known(scripts),
    get wanting() {
      return facts.wanting;
    },
    fetch: () => facts.fetch(),
    refresh: () => facts.refresh(),
  };
}
