/** Splitting a stage that compiles PHP extensions. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf, reportsOf } from "./offers";

const apache = "FROM php:8.4-apache";
const headers = "RUN apt-get update && apt-get install -y --no-install-recommends libicu-dev";
const extension = "RUN docker-php-ext-install intl";
const base = [apache, headers, extension, "COPY . /var/www/html/"];
const folders = [
  "COPY --from=build /usr/local/lib/php/extensions /usr/local/lib/php/extensions",
  "COPY --from=build /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d",
];
const install = (...names: readonly string[]) => [
  "RUN apt-get update \\",
  `    && apt-get install -y --no-install-recommends ${names.join(" ")} \\`,
  "    && rm -rf /var/lib/apt/lists/*",
];
const count = (...parts: readonly string[]) => offersOf(lines(...parts)).length;
const only = (...parts: readonly string[]) => {
  const [offer, ...more] = offersOf(lines(...parts));
  expect(more).toEqual([]);
  return offer?.text ?? "";
};

describe("extensions", () => {
  it("and their settings are all that the second stage takes from the first", () => {
    expect(only(...base, "EXPOSE 80")).toBe(
      lines(
        `${apache} AS build`,
        headers,
        extension,
        "",
        ...[apache, ...install("libicu76"), ...folders, "COPY . /var/www/html/", "EXPOSE 80"],
      ),
    );
  });

  it("are compiled without what belongs to the site", () => {
    const after = only(
      apache,
      "ENV APP_ENV=prod",
      "RUN apt-get update && apt-get install -y libpng-dev libzip-dev unzip git \\",
      "    && docker-php-ext-install gd zip \\",
      "    && a2enmod rewrite && rm -rf /var/lib/apt/lists/*",
      "COPY --from=composer:2 /usr/bin/composer /usr/bin/composer",
      "WORKDIR /var/www/html",
      "COPY . .",
      "RUN composer install --no-dev",
      "RUN chown -R www-data:www-data storage",
      'RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"',
    );
    expect(lastStage(after)).toBe(
      lines(
        apache,
        ...install("git", "libpng16-16t64", "libzip5", "unzip"),
        "ENV APP_ENV=prod",
        ...folders,
        "RUN a2enmod rewrite",
        "COPY --from=composer:2 /usr/bin/composer /usr/bin/composer",
        "WORKDIR /var/www/html",
        "COPY . .",
        "RUN composer install --no-dev",
        "RUN chown -R www-data:www-data storage",
        'RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"',
      ),
    );
    expect(after.slice(0, after.indexOf("\n\n"))).not.toContain("composer");
  });

  it("keep what the same RUN fetches behind them, and are kept by what it fetches before", () => {
    const fetch = "curl -fsSL https://example.com/a.phar -o /usr/local/bin/a";
    const behind = only(apache, headers, `RUN docker-php-ext-install intl && ${fetch}`, "COPY . .");
    expect(lastStage(behind)).toContain(`RUN ${fetch}\n`);
    expect(count(apache, headers, `RUN ${fetch} && docker-php-ext-install intl`, "COPY . .")).toBe(0);
  });

  it("keep settings that the same RUN writes", () => {
    const after = only(
      apache,
      "RUN apt-get update && apt-get install -y libicu-dev; docker-php-ext-install intl opcache; \\",
      "  { echo 'opcache.validate_timestamps=0'; } > /usr/local/etc/php/conf.d/op.ini",
    );
    expect(lastStage(after)).toContain(
      "RUN { echo 'opcache.validate_timestamps=0'; } > /usr/local/etc/php/conf.d/op.ini\n",
    );
  });

  it("of PECL are copied as well, with the C++ library on Alpine where they may need it", () => {
    const alpine = ["FROM php:8.4-fpm-alpine", "RUN apk add --no-cache $PHPIZE_DEPS icu-dev"];
    const pecl = (name: string) =>
      lastStage(
        only(...alpine, `RUN pecl install ${name} && docker-php-ext-enable ${name}`, "COPY . /app", 'CMD ["php-fpm"]'),
      );
    expect(pecl("redis")).toContain("RUN apk add --no-cache icu-libs\n");
    expect(pecl("swoole")).toContain("RUN apk add --no-cache icu-libs libstdc++\n");
    expect(count(...alpine, "RUN pecl install /tmp/a.tgz", 'CMD ["php-fpm"]')).toBe(0);
  });

  it("keep line ends, variables and digests", () => {
    const text = `${["ARG V=8.4", `FROM php:\${V}-apache`, headers, extension].join("\r\n")}\r\n`;
    const [offer] = offersOf(text);
    expect(offer?.base).toBe("php:${V}-apache");
    expect(offer?.text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    const digest = `php:8.4-apache@sha256:${"ab".repeat(32)}`;
    expect(offersOf(lines(`FROM ${digest}`, headers, extension))[0]?.base).toBe(digest);
  });

  it("need the libraries behind their headers", () => {
    const apt = (from: string, ...names: readonly string[]) =>
      lastStage(
        only(
          `FROM php:8.4-${from}`,
          `RUN apt-get update && apt-get install -y ${names.join(" ")}`,
          extension,
          'CMD ["php", "a.php"]',
        ),
      );
    expect(apt("cli-bookworm", "libmemcached-dev")).toContain(" libmemcached11 libmemcachedutil2 ");
    expect(apt("cli-trixie", "libxslt1-dev", "libldap2-dev")).toContain(" libldap2 libxslt1.1 ");
    const unknown = "RUN apt-get update && apt-get install -y libfoo-dev";
    expect(count("FROM php:8.4-cli", unknown, extension, 'CMD ["php", "a.php"]')).toBe(0);
    expect(count("FROM php:7.2-apache", headers, extension)).toBe(0);
  });

  it("of a folder of a monorepo", () => {
    const after = only(
      apache,
      headers,
      extension,
      "COPY services/web/public /var/www/html/",
      "COPY services/web/src /var/www/src/",
    );
    expect(lastStage(after)).toContain(
      "COPY services/web/public /var/www/html/\nCOPY services/web/src /var/www/src/\n",
    );
  });

  it("whose sources come with the file are not followed", () => {
    expect(count(apache, headers, "COPY ext /usr/src/php/ext/own", "RUN docker-php-ext-install own")).toBe(0);
    expect(count(apache, `${headers} git && git clone https://example.com/a /a && docker-php-ext-install intl`)).toBe(
      0,
    );
    expect(count(apache, headers, "RUN cd /a && phpize && ./configure && make install", extension)).toBe(0);
  });

  it("that clean up after themselves need no second stage", () => {
    const text = lines(
      "FROM php:8.4-fpm-alpine",
      "RUN apk add --no-cache --virtual .b $PHPIZE_DEPS icu-dev && docker-php-ext-install intl && apk del .b",
    );
    expect(reportsOf(text)).toEqual([]);
  });
});

describe("what starts", () => {
  const entry = [...base, "COPY start.sh /usr/local/bin/", 'ENTRYPOINT ["start.sh"]', 'CMD ["apache2-foreground"]'];

  it("is the image's own server, or a script that can be read", () => {
    const offers = (script: string) => offersOf(lines(...entry), { files: { "start.sh": script } }).length;
    expect(offersOf(lines(...entry)).length).toBe(0);
    expect(offers('#!/bin/sh\nphp artisan migrate --force\nexec "$@"\n')).toBe(1);
    expect(offers('#!/bin/sh\npecl install xdebug\nexec "$@"\n')).toBe(0);
  });

  it("is not supervised, developed or unknown", () => {
    expect(reportsOf(lines(...base, 'CMD ["supervisord"]'))).toEqual([]);
    expect(reportsOf(lines(...base, 'CMD ["bash"]'))).toEqual([]);
    expect(reportsOf(lines("FROM php:8.4-cli", headers, extension))).toEqual([]);
    expect(reportsOf(lines(...base), { path: "Dockerfile.dev" })).toEqual([]);
    expect(reportsOf(lines(...base, "ONBUILD COPY . /x"))).toEqual([]);
  });

  it("needs nothing that an unknown RUN may have made", () => {
    expect(count(...base, "RUN npm ci && npm run build")).toBe(0);
    expect(count(...base, "RUN install-php-extensions gd")).toBe(0);
  });
});
