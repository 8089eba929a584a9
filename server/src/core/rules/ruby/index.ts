import type { AnyRule } from "../../rule";
import railsAssetsNeedDummyKey from "./rails-assets-need-dummy-key";

/** The rules of the theme ruby, in the order of their ids. */
export const rubyRules: readonly AnyRule[] = [railsAssetsNeedDummyKey];
