/** An image without the signature that a policy asks for. Silent without a policy, and unless registries may be asked. */
import { imagePlaces } from "../../fixes/image-places";
import type { SignatureReport } from "../../image/signature";
import { defineRule } from "../../rule";

const image = "ghcr.io/our-team/base:1";

export default defineRule({
  id: "unsigned-base-image",
  theme: "base-image",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "An image lacks the signature that the project's policy asks for.",
  why: "A signature shows that an image comes from who should have built it, whatever happened to the registry on the way. That somebody signed says nothing: `signatures.required` in `.plimsoll.yaml` names the keys and accounts that count, and turns this rule on. Signatures are checked where `registry.online` is true, and by `plimsoll verify`; without an answer of the registry the rule is silent.",
  aliases: { dockle: ["CIS-DI-0005"] },
  fixable: "none",
  examples: [
    { title: "No signature", code: `FROM [|${image}|]\n`, signatures: { [image]: { state: "unsigned" } } },
    {
      title: "Signed by somebody else",
      code: `FROM alpine:3.24\nCOPY --from=[|${image}|] /a /a\n`,
      signatures: {
        [image]: {
          state: "refused",
          found: ["Sigstore bundle"],
          reasons: [
            "it is signed by mallory@example.com (https://accounts.example.com), whom the policy does not name",
          ],
        },
      },
    },
    {
      title: "Signed by whom the policy names",
      code: `FROM ${image}\n`,
      signatures: { [image]: { state: "verified", found: ["Sigstore bundle"], signer: "the key team.pub" } },
    },
    {
      title: "No policy asks",
      code: `FROM ${image}\n`,
      signatures: { [image]: { state: "unsigned", required: false } },
    },
    { title: "Nobody looked", code: `FROM ${image}\n` },
  ],
  *check({ model, catalogue, facts }) {
    for (const { kind, reference, span } of imagePlaces(model, catalogue)) {
      const report = facts.signatures?.signature(reference);
      if (!report?.required || report.state === "verified") continue;
      yield {
        message: `${reference.text} ${faultOf(report)}. Take an image that is signed by whom the policy names, or mend the policy.`,
        range: span,
        ...(kind === "from" ? { subject: "base" as const } : {}),
      };
    }
  },
});

function faultOf({ state, found, reasons }: SignatureReport): string {
  if (state === "unsigned") return "has no signature, and the policy asks for one";
  const why = reasons.length > 0 ? `: ${reasons.join("; ")}` : "";
  return `has no signature that the policy accepts (${found.join(", ")})${why}`;
}
