import type { AnyRule } from "../../rule";
import labelBuildxOverlap from "./label-buildx-overlap";
import labelDuplicateKey from "./label-duplicate-key";
import labelEmpty from "./label-empty";
import labelGroup from "./label-group";
import labelInvalidKey from "./label-invalid-key";
import labelOrder from "./label-order";
import labelRequiredMissing from "./label-required-missing";
import labelStaleBaseDigest from "./label-stale-base-digest";
import labelSuperfluous from "./label-superfluous";
import labelValueFormat from "./label-value-format";
import maintainerDeprecated from "./maintainer-deprecated";

/** The rules of the theme label, in the order of their ids. */
export const labelRules: readonly AnyRule[] = [
  labelBuildxOverlap,
  labelDuplicateKey,
  labelEmpty,
  labelGroup,
  labelInvalidKey,
  labelOrder,
  labelRequiredMissing,
  labelStaleBaseDigest,
  labelSuperfluous,
  labelValueFormat,
  maintainerDeprecated,
];
