/** Every rule, theme by theme: the list is visible, nothing registers itself. */
import type { AnyRule } from "../rule";
import { baseImageRules } from "./base-image/index";
import { copyRules } from "./copy/index";
import { gpuRules } from "./gpu/index";
import { instructionRules } from "./instruction/index";
import { labelRules } from "./label/index";
import { layoutRules } from "./layout/index";
import { packageRules } from "./package/index";
import { phpRules } from "./php/index";
import { rubyRules } from "./ruby/index";
import { runtimeRules } from "./runtime/index";
import { secretRules } from "./secret/index";
import { shellRules } from "./shell/index";
import { stageRules } from "./stage/index";
import { suppressionRules } from "./suppression/index";
import { userRules } from "./user/index";
import { windowsRules } from "./windows/index";

/** All rules. */
export const allRules: readonly AnyRule[] = [
  ...baseImageRules,
  ...copyRules,
  ...gpuRules,
  // Of two findings about one fault the first counts; what runtime says of HEALTHCHECK and SHELL says more.
  ...runtimeRules,
  ...instructionRules,
  ...labelRules,
  ...layoutRules,
  ...packageRules,
  ...phpRules,
  ...rubyRules,
  ...secretRules,
  ...shellRules,
  ...stageRules,
  ...suppressionRules,
  ...userRules,
  ...windowsRules,
];
