/**
 * What Python packages need from the system where they run: libraries they load and programs they call that the full
 * Python image has and the slim one lacks. Sources: the packages' own installation pages, and the package list of
 * docker-library/buildpack-deps, which is what the full image adds.
 */
import { compareNumbers, numbersOf } from "../../image/tag";
import { type LibraryRelease, runtimeLibraries } from "../runtime-libraries";
import type { Requirement } from "./python-requirements";

/**
 * The system packages that a slim image needs for the given packages; null where one of them is known to want more than
 * can be said here. `python`: version of the image, `3.12`.
 */
export function pythonLibraries(
  requirements: readonly Requirement[],
  release: LibraryRelease,
  python: string | null,
): readonly string[] | null {
  const wanted = new Set<string>();
  for (const one of requirements) {
    if (unfit.has(one.name) || (compiledBefore(one, python) && one.version !== null)) return null;
    const headers = Object.hasOwn(headersOf, one.name) ? headersOf[one.name] : undefined;
    if (headers) {
      const libraries = runtimeLibraries(headers, release);
      if (!libraries) return null;
      for (const library of libraries) wanted.add(library);
    }
    const programs = Object.hasOwn(programsOf, one.name) ? programsOf[one.name] : undefined;
    if (programs) wanted.add(programs);
  }
  return [...wanted];
}

/** Headers in the full image that these are built against, or whose library they load. */
const headersOf: Readonly<Record<string, string>> = {
  psycopg2: "libpq-dev",
  psycopg: "libpq-dev",
  "psycopg-c": "libpq-dev",
  mysqlclient: "default-libmysqlclient-dev",
  pycurl: "libcurl4-openssl-dev",
  "python-magic": "libmagic-dev",
  gssapi: "libkrb5-dev",
  pykerberos: "libkrb5-dev",
  cairocffi: "libcairo2-dev",
  cairosvg: "libcairo2-dev",
  pycairo: "libcairo2-dev",
};

/** Programs that these call. */
const programsOf: Readonly<Record<string, string>> = {
  gitpython: "git",
  "pre-commit": "git",
  cookiecutter: "git",
  dvc: "git",
  lightgbm: "libgomp1",
};

/** They want compilers when they run, screens, browsers, or libraries that depend on how they were built. */
const unfit: ReadonlySet<string> = new Set([
  ...["uwsgi", "weasyprint", "wand", "pygobject", "opencv-python", "opencv-contrib-python", "bsddb3", "berkeleydb"],
  ...[
    "triton",
    "vllm",
    "deepspeed",
    "pytensor",
    "theano",
    "theano-pymc",
    "pymc",
    "cmdstanpy",
    "pystan",
    "cppyy",
    "numba-scipy",
  ],
  ...[
    "playwright",
    "pyppeteer",
    "selenium",
    "jupyter",
    "jupyterlab",
    "notebook",
    "ansible",
    "ansible-core",
    "mercurial",
  ],
  ...[
    "rpy2",
    "pyopencl",
    "pyqt5",
    "pyqt6",
    "pyside6",
    "kivy",
    "pygame",
    "mysql-python",
    "python-ldap",
    "xmlsec",
    "pyaudio",
  ],
  ...["maturin", "setuptools-rust", "pyinstaller", "nuitka", "pdfkit", "imgkit", "pgmagick", "gdal", "h5py-wrapper"],
]);

/**
 * The first version with finished builds for a Python; older ones are compiled against libraries that the full image
 * happens to have. Source: the files listed for each version on PyPI.
 */
const builtSince: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pillow: { "3.9": "8.0", "3.10": "8.4", "3.11": "9.3", "3.12": "10.1", "3.13": "11.0", "3.14": "12.0" },
  lxml: { "3.9": "4.6", "3.10": "4.7", "3.11": "4.9.2", "3.12": "4.9.3", "3.13": "5.3", "3.14": "6.0" },
  "psycopg2-binary": {
    "3.9": "2.8.6",
    "3.10": "2.9.2",
    "3.11": "2.9.5",
    "3.12": "2.9.8",
    "3.13": "2.9.10",
    "3.14": "2.9.11",
  },
};

function compiledBefore({ name, version }: Requirement, python: string | null): boolean {
  const since = Object.hasOwn(builtSince, name) ? builtSince[name] : undefined;
  if (!since || version === null) return false;
  const first = python === null ? undefined : since[python];
  return first === undefined || compareNumbers(numbersOf(version), numbersOf(first)) < 0;
}
