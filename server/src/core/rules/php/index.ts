import type { AnyRule } from "../../rule";
import phpComposerNoDev from "./php-composer-no-dev";
import phpOpcache from "./php-opcache";
import phpXdebugInFinal from "./php-xdebug-in-final";

/** The rules of the theme php, in the order of their ids. */
export const phpRules: readonly AnyRule[] = [phpComposerNoDev, phpOpcache, phpXdebugInFinal];
