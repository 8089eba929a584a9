/**
 * Packages of the distributions that Dockerfiles install most, for completion. The names are those in the archives of
 * Debian and Ubuntu, of Alpine, and of Fedora and Red Hat's family.
 */
import type { PackageFamily } from "../shell/managers";

/** A package, and what it is good for in an image. */
export interface UsualPackage {
  readonly name: string;
  readonly text: string;
}

/** The packages of a family, the most usual first; empty for managers of a language. */
export function usualPackages(family: PackageFamily): readonly UsualPackage[] {
  return packages[family] ?? [];
}

const pairs = (...list: readonly (readonly [string, string])[]): readonly UsualPackage[] =>
  list.map(([name, text]) => ({ name, text }));

const packages: { readonly [family in PackageFamily]?: readonly UsualPackage[] } = {
  apt: pairs(
    ["ca-certificates", "certificates of authorities, for TLS"],
    ["curl", "fetches URLs"],
    ["git", "version control"],
    ["gnupg", "checks signatures"],
    ["tini", "a small init for containers"],
    ["tzdata", "time zones"],
    ["jq", "reads JSON"],
    ["unzip", "unpacks zip files"],
    ["xz-utils", "unpacks .xz"],
    ["openssh-client", "ssh, for git over SSH"],
    ["procps", "ps and top"],
    ["gosu", "starts a program as another user"],
    ["build-essential", "compilers and make; for build stages"],
    ["pkg-config", "finds libraries; for build stages"],
    ["libssl-dev", "headers of OpenSSL; for build stages"],
    ["libffi-dev", "headers of libffi; for build stages"],
    ["libpq-dev", "headers of PostgreSQL's client; for build stages"],
    ["libpq5", "PostgreSQL's client library"],
    ["python3", "Python"],
    ["python3-venv", "virtual environments of Python"],
  ),
  apk: pairs(
    ["ca-certificates", "certificates of authorities, for TLS"],
    ["curl", "fetches URLs"],
    ["git", "version control"],
    ["bash", "the shell, which Alpine does not have by itself"],
    ["tini", "a small init for containers"],
    ["tzdata", "time zones"],
    ["jq", "reads JSON"],
    ["su-exec", "starts a program as another user"],
    ["openssh-client", "ssh, for git over SSH"],
    ["gcompat", "runs some programs that were linked against glibc"],
    ["build-base", "compilers and make; for build stages"],
    ["pkgconf", "finds libraries; for build stages"],
    ["openssl-dev", "headers of OpenSSL; for build stages"],
    ["libffi-dev", "headers of libffi; for build stages"],
    ["libpq-dev", "headers of PostgreSQL's client; for build stages"],
    ["libpq", "PostgreSQL's client library"],
    ["python3", "Python"],
  ),
  rpm: pairs(
    ["ca-certificates", "certificates of authorities, for TLS"],
    ["curl", "fetches URLs"],
    ["git", "version control"],
    ["tar", "unpacks archives"],
    ["gzip", "unpacks .gz"],
    ["unzip", "unpacks zip files"],
    ["findutils", "find and xargs"],
    ["procps-ng", "ps and top"],
    ["shadow-utils", "useradd and groupadd"],
    ["tzdata", "time zones"],
    ["jq", "reads JSON"],
    ["gcc", "the C compiler; for build stages"],
    ["gcc-c++", "the C++ compiler; for build stages"],
    ["make", "for build stages"],
    ["openssl-devel", "headers of OpenSSL; for build stages"],
    ["python3", "Python"],
  ),
};
