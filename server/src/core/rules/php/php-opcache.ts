import { imageUnder } from "../../catalogue/stage";
import { hasTemplate } from "../../fixes/mount";
import { insertAfter, keywordLike } from "../../fixes/user";
import { compareNumbers, numbersOf } from "../../image/tag";
import { installedPackages } from "../../multistage/installed";
import { defineRule } from "../../rule";

export default defineRule({
  id: "php-opcache",
  theme: "php",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A PHP image that serves pages does not enable OPcache.",
  why: "Without OPcache PHP compiles every file anew for every request. The official images enable it since 2025, and PHP 8.5 cannot do without; older images, whose tags are no longer rebuilt, and Alpine's packages leave it to you. Off by default: it is a matter of speed.",
  aliases: { tally: ["tally/php/enable-opcache-in-production"] },
  fixable: "unsafe",
  examples: [
    {
      title: "An image that is no longer rebuilt",
      code: "FROM [|php:7.4-fpm|]\nCOPY . /var/www/html\n",
      fixed: "FROM php:7.4-fpm\nRUN docker-php-ext-enable opcache\nCOPY . /var/www/html\n",
    },
    {
      title: "Alpine's own packages",
      code: "FROM alpine:3.24\nRUN apk add --no-cache [|php84-fpm|] php84-mysqli\n",
    },
    { title: "Enabled", code: "FROM php:7.4-fpm\nRUN docker-php-ext-install mysqli opcache\n" },
    { title: "An image of today", code: "FROM php:8.4-fpm\nCOPY . /var/www/html\n" },
    { title: "Nothing is served", code: "FROM php:7.4-cli\nCOPY . /app\n" },
    { title: "Alpine, with it", code: "FROM alpine:3.24\nRUN apk add --no-cache php84-fpm php84-opcache\n" },
  ],
  *check({ model, catalogue }) {
    const final = model.finalStage;
    if (!final?.root.base.span || !/php/.test(model.text) || /opcache/i.test(model.text)) return;
    const image = imageUnder(final, catalogue);
    if (image?.repository.name === "php") {
      const isServer = image.variants.includes("fpm") || image.variants.includes("apache");
      const isOld = image.line !== null && compareNumbers(numbersOf(image.line), [8, 2]) < 0;
      // A start script or a folder of settings that is copied may well enable it.
      if (!isServer || !isOld || copiesSettings(final.instructions.map(({ parsed }) => parsed.text))) return;
      yield {
        message: `This image of PHP ${image.line} compiles every file for every request. Enable OPcache.`,
        range: final.root.base.span,
        fixes: () =>
          hasTemplate(model, final.from.span) || final.shellAtEnd.kind !== "posix" || final.userAtEnd.kind !== "base"
            ? []
            : [
                {
                  title: "Enable OPcache",
                  applicability: "unsafe",
                  reason: "PHP keeps compiled files in memory, and looks for changed ones only every other second.",
                  edits: [insertAfter(model, final.from, `${keywordLike(final, "RUN")} docker-php-ext-enable opcache`)],
                },
              ],
      };
      return;
    }
    for (const stage of model.stages) {
      if (!stage.ships) continue;
      const server = installedPackages(stage).find(
        ({ package: one, operation }) => operation.manager === "apk" && /^php\d*-fpm$/.test(one.name),
      );
      if (!server) continue;
      yield {
        message: `${server.package.name} comes without OPcache, so PHP compiles every file for every request. Install ${server.package.name.replace("-fpm", "-opcache")} too.`,
        range: server.script.locate(server.package.word.from, server.package.word.to),
      };
      return;
    }
  },
});

function copiesSettings(texts: readonly string[]): boolean {
  return texts.some((text) => /^\s*(?:COPY|ADD)\b[\s\S]*(?:conf\.d|php\.ini|\.ini\b)/i.test(text));
}
