/** Which file names are Dockerfiles. Pure: the language server asks the same question. */

// Endings that say the file is something else, although its name begins like a Dockerfile's: source code of tools that
// handle Dockerfiles, templates that become one later, documents, pictures, leftovers of editors.
const otherEndings: ReadonlySet<string> = new Set(
  (
    "dockerignore containerignore " +
    "go js cjs mjs jsx ts cts mts tsx py pyi pyc rb rs java kt kts scala groovy cs fs vb c cc cpp cxx h hpp m mm swift " +
    "php pl pm lua r jl dart ex exs erl hs ml mli clj cljs elm nim zig sh bash zsh fish ps1 psm1 bat cmd vim el " +
    "css scss sass less vue svelte html htm xml xsl svg png jpg jpeg gif ico webp pdf " +
    "md mdx markdown rst adoc asciidoc tex csv tsv json jsonc json5 jsonl yaml yml toml ini cfg conf properties lock log " +
    "j2 jinja jinja2 tmpl tpl gotmpl template templ in erb ejs mustache hbs handlebars liquid twig m4 tt cue jsonnet dhall " +
    "tmlanguage sublime-syntax snap map patch diff sum sha256 sha512 md5 sig asc tar gz tgz zip bz2 xz zst " +
    "bak orig rej old swp swo tmp"
  ).split(" "),
);

/**
 * True when a file of this name is taken for a Dockerfile: `Dockerfile`, `Dockerfile.*`, `Dockerfile-*`, `Dockerfile_*`,
 * `*.dockerfile`, the same for `Containerfile`, but nothing with the ending of source code, templates or documents. Takes
 * a path or a URI, with slashes or backslashes; upper and lower case count only where a dash or underscore follows,
 * since tools bear names such as `dockerfile-lint`.
 */
export function isDockerfileName(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  if (/^(?:docker|container)file$/i.test(name)) return true;
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  if (ending !== undefined && otherEndings.has(ending)) return false;
  // `Dockerfile-template` is put together into one later, just as `Dockerfile.template` is.
  if (name.endsWith("~") || /[-_]template$/i.test(name)) return false;
  if (/.\.(?:docker|container)file$/i.test(name)) return true;
  return /^(?:docker|container)file\../i.test(name) || /^(?:Docker|Container)file[-_]./.test(name);
}
