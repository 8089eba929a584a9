/** Names that tags use for the system inside an image: release code names, and words such as `alpine3.24` or `ubi9`. */

/** A system as a tag names it. */
export interface NamedSystem {
  /** `debian`, `ubuntu`, `alpine`, `oraclelinux`, `amazonlinux`, `rhel`, `azurelinux`, `windows` … */
  readonly family: string;
  /** `12`, `24.04`, `3.24`, `2022` (of `ltsc2022`); null when the word names the family alone (`alpine`). */
  readonly version: string | null;
}

/** Code names of Debian, oldest first. Source: https://www.debian.org/releases/ */
const debianCodenames: Readonly<Record<string, string>> = {
  squeeze: "6",
  wheezy: "7",
  jessie: "8",
  stretch: "9",
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
  forky: "14",
  duke: "15",
};

/** Code names of Ubuntu. Source: https://wiki.ubuntu.com/Releases */
const ubuntuCodenames: Readonly<Record<string, string>> = {
  precise: "12.04",
  trusty: "14.04",
  xenial: "16.04",
  artful: "17.10",
  bionic: "18.04",
  cosmic: "18.10",
  disco: "19.04",
  eoan: "19.10",
  focal: "20.04",
  groovy: "20.10",
  hirsute: "21.04",
  impish: "21.10",
  jammy: "22.04",
  kinetic: "22.10",
  lunar: "23.04",
  mantic: "23.10",
  noble: "24.04",
  oracular: "24.10",
  plucky: "25.04",
  questing: "25.10",
  resolute: "26.04",
  stonking: "26.10",
};

/** Words that name a system with its version glued on: the word, and the family it stands for. */
const gluedWords: readonly (readonly [RegExp, string])[] = [
  [/^alpine(\d+(?:\.\d+)*)?$/, "alpine"],
  [/^debian(\d+(?:\.\d+)*)?$/, "debian"],
  [/^ubuntu(\d+(?:\.\d+)*)?$/, "ubuntu"],
  [/^(?:oraclelinux|ol)(\d+)$/, "oraclelinux"],
  [/^oracle()$/, "oraclelinux"],
  [/^(?:amazonlinux|al)(20\d\d|2|1)$/, "amazonlinux"],
  [/^amazonlinux()$/, "amazonlinux"],
  [/^(?:ubi|rhel)(\d+(?:\.\d+)*)?$/, "rhel"],
  [/^rockylinux(\d+(?:\.\d+)*)?$/, "rocky"],
  [/^almalinux(\d+(?:\.\d+)*)?$/, "almalinux"],
  [/^centos(\d+)?$/, "centos"],
  [/^fedora(\d+)?$/, "fedora"],
  [/^azurelinux(\d+(?:\.\d+)*)?$/, "azurelinux"],
  [/^cbl-?mariner(\d+(?:\.\d+)*)?$/, "cbl-mariner"],
  [/^(?:windowsservercore|nanoserver)()$/, "windows"],
  [/^(?:windowsservercore|nanoserver)-?(?:ltsc)?(\d{4})$/, "windows"],
];

/** The release that a code name stands for (`bookworm` → Debian 12), or null. */
export function systemOfCodename(word: string): NamedSystem | null {
  const debian = Object.hasOwn(debianCodenames, word) ? debianCodenames[word] : undefined;
  if (debian !== undefined) return { family: "debian", version: debian };
  const ubuntu = Object.hasOwn(ubuntuCodenames, word) ? ubuntuCodenames[word] : undefined;
  if (ubuntu !== undefined) return { family: "ubuntu", version: ubuntu };
  return word === "sid" ? { family: "debian", version: null } : null;
}

/** The code name of a release (`debian`, `12` → `bookworm`), or null when it has none. */
export function codenameOf(family: string, version: string | null): string | null {
  const table = family === "debian" ? debianCodenames : family === "ubuntu" ? ubuntuCodenames : {};
  for (const [codename, itsVersion] of Object.entries(table)) if (itsVersion === version) return codename;
  return null;
}

/** The system that one word of a tag names (`bookworm`, `alpine3.24`, `ubi9`, `al2023`), or null. */
export function systemOfWord(word: string): NamedSystem | null {
  const named = systemOfCodename(word);
  if (named !== null) return named;
  for (const [pattern, family] of gluedWords) {
    const match = pattern.exec(word);
    if (match !== null) return { family, version: match[1] === undefined || match[1] === "" ? null : match[1] };
  }
  return null;
}
