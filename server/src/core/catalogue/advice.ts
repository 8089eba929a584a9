/**
 * Which tag to move to: for a base that is not pinned, for a heavy one, and for one that has ended.
 *
 * Three rules hold for all advice, because linters that broke them were switched off: a proposed tag is live in the
 * data; the kind of system (glibc or musl, Debian or Alpine) stays, unless a warning says otherwise; a long-term line
 * is never left for a short one.
 */
export { endOfLife } from "./end-of-life";
export { pins } from "./pins";
export { smaller } from "./smaller";
export { successors } from "./successors";
