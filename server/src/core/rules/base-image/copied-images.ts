/** Images without a version that a COPY, an ADD or a mount takes files from. Shared by the rules about `latest`. */
import { pins } from "../../catalogue/advice";
import { advisedImage } from "../../fixes/base";
import { imagePlaces } from "../../fixes/image-places";
import type { ImageReference } from "../../image/reference";
import type { Finding, Fix, RuleContext } from "../../rule";

/**
 * A finding for each image that is only copied from and that `isMeant` picks; one with a digest never is. `says` begins
 * the message. It is information, since only a few files come from there, and answers to no peer: theirs look at FROM.
 */
export function* copiedImages(
  { model, catalogue, today }: Pick<RuleContext, "model" | "catalogue" | "today">,
  isMeant: (reference: ImageReference) => boolean,
  says: (reference: ImageReference) => string,
): Iterable<Finding> {
  if (!/--from=|from=/.test(model.text)) return;
  for (const place of imagePlaces(model, catalogue)) {
    const { kind, reference } = place;
    if ((kind !== "copy" && kind !== "mount") || reference.digest !== null || !isMeant(reference)) continue;
    const advice = pins(catalogue, reference, today);
    const best = advice[0];
    yield {
      message: `${says(reference)} ${best ? `Pin a line, such as ${advisedImage(best)}.` : "Pin the version that you tested with."}`,
      range: place.span,
      severity: "info",
      aliases: {},
      fixes: () =>
        advice.flatMap((one): readonly Fix[] => {
          const edits = place.rewrite(advisedImage(one));
          return edits
            ? [{ title: `Pin to ${advisedImage(one)}`, applicability: "unsafe", reason: one.consequence, edits }]
            : [];
        }),
    };
  }
}
