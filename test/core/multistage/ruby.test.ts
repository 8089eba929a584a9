/** Splitting a stage that installs gems and runs a Ruby program. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf, reportsOf } from "./offers";

const slim = "FROM ruby:3.4-slim";
const compiler = "RUN apt-get update && apt-get install -y build-essential";
const bundle = ["WORKDIR /app", "COPY Gemfile Gemfile.lock ./", "RUN bundle install"];
const start = 'CMD ["bundle", "exec", "puma"]';
const base = [slim, compiler, ...bundle, "COPY . ."];
const count = (...parts: readonly string[]) => offersOf(lines(...parts)).length;
const only = (...parts: readonly string[]) => {
  const [offer, ...more] = offersOf(lines(...parts));
  expect(more).toEqual([]);
  return offer?.text ?? "";
};
const lock = (...gems: readonly string[]) =>
  lines(
    "GEM",
    "  remote: https://rubygems.org/",
    "  specs:",
    ...gems.map((gem) => `    ${gem}`),
    "",
    "PLATFORMS",
    "  ruby",
  );

describe("gems of Bundler", () => {
  it("are all that the second stage takes from the first", () => {
    const after = only(
      slim,
      "RUN apt-get update && apt-get install -y build-essential libpq-dev libyaml-dev nodejs",
      "ENV RAILS_ENV=production BUNDLE_WITHOUT=development",
      "ENV BUNDLE_JOBS=4",
      "WORKDIR /app",
      "COPY Gemfile Gemfile.lock ./",
      "RUN gem install bundler && bundle install",
      "COPY . .",
      "RUN SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile",
      "EXPOSE 3000",
      "STOPSIGNAL SIGINT",
      start,
    );
    expect(after).toBe(
      lines(
        `${slim} AS build`,
        "RUN apt-get update && apt-get install -y build-essential libpq-dev libyaml-dev nodejs",
        "ENV RAILS_ENV=production BUNDLE_WITHOUT=development",
        "ENV BUNDLE_JOBS=4",
        "WORKDIR /app",
        "COPY Gemfile Gemfile.lock ./",
        "RUN gem install bundler && bundle install",
        "",
        slim,
        "RUN apt-get update \\",
        "    && apt-get install -y --no-install-recommends libpq5 libyaml-0-2 nodejs \\",
        "    && rm -rf /var/lib/apt/lists/*",
        "ENV RAILS_ENV=production BUNDLE_WITHOUT=development",
        "WORKDIR /app",
        "COPY --from=build /usr/local/bundle /usr/local/bundle",
        "COPY . .",
        "RUN SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile",
        "EXPOSE 3000",
        "STOPSIGNAL SIGINT",
        start,
      ),
    );
  });

  it("keep line ends", () => {
    const after = offersOf(`${[...base, start].join("\r\n")}\r\n`)[0]?.text ?? "";
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(after).toContain("\r\nCOPY --from=build /usr/local/bundle /usr/local/bundle\r\n");
  });

  it("leave Gemfile where Bundler looks for it when the program starts", () => {
    const after = only(slim, compiler, ...bundle, "COPY app.rb config.ru ./", start);
    expect(lastStage(after)).toContain("COPY Gemfile Gemfile.lock ./\n");
    expect(lastStage(only(...base, start))).not.toContain("Gemfile");
  });

  it("are looked for where Bundler is told to put them", () => {
    const trees = (...more: readonly string[]) =>
      lastStage(only(slim, compiler, "WORKDIR /app", "COPY . .", ...more, start)).match(/(?<=--from=build )\S+/g);
    expect(trees("RUN bundle install --path vendor/bundle")).toEqual(["/usr/local/bundle", "/app/vendor/bundle"]);
    expect(trees("ENV BUNDLE_PATH=/gems", "RUN bundle install")).toEqual(["/usr/local/bundle", "/gems"]);
    expect(trees("ENV BUNDLE_DEPLOYMENT=1", "RUN bundle install")).toEqual(["/usr/local/bundle", "/app/vendor/bundle"]);
    expect(trees("ENV BUNDLE_DEPLOYMENT=1 BUNDLE_PATH=/usr/local/bundle", "RUN bundle install")).toEqual([
      "/usr/local/bundle",
    ]);
    expect(trees("RUN bundle config set --local path /gems && bundle install")).toEqual(["/usr/local/bundle", "/gems"]);
    expect(trees("RUN gem install sinatra")).toEqual(["/usr/local/bundle"]);
  });

  it("keep Bundler's settings, which it reads again", () => {
    const after = only(
      slim,
      compiler,
      "WORKDIR /app",
      "COPY . .",
      "RUN bundle config set without test && bundle install",
      start,
    );
    expect(lastStage(after)).toContain("RUN bundle config set without test\n");
    const before = only(slim, compiler, "RUN bundle config set frozen true", ...bundle, "COPY . .", start);
    expect(before.match(/^RUN bundle config set frozen true$/gm)?.length).toBe(2);
  });

  it("stay where they may lie elsewhere", () => {
    const gems = (...more: readonly string[]) => count(slim, compiler, "WORKDIR /app", "COPY . .", ...more, start);
    expect(gems("ENV GEM_HOME=/gems", "RUN bundle install")).toBe(0);
    expect(gems("ARG DIR", "ENV BUNDLE_PATH=$DIR", "RUN bundle install")).toBe(0);
    expect(gems("RUN bundle install --standalone")).toBe(0);
    expect(gems("RUN bundle install --binstubs")).toBe(0);
    expect(gems("RUN bundle install --gemfile=/app/Gemfile")).toBe(1);
    expect(gems("RUN bundle install --gemfile=/gems/Gemfile")).toBe(0);
    expect(gems("RUN gem install --user-install a")).toBe(0);
    expect(gems("RUN useradd u", "USER u", "RUN bundle install")).toBe(0);
    expect(gems("RUN bundle config build.nokogiri --use-system-libraries && bundle install")).toBe(0);
  });

  it("get their libraries by the names of the system", () => {
    const apk = [
      "FROM ruby:3.4-alpine",
      "RUN apk add --no-cache build-base mariadb-dev tzdata",
      ...bundle,
      "COPY . .",
      start,
    ];
    expect(lastStage(only(...apk))).toContain("RUN apk add --no-cache libstdc++ mariadb-connector-c tzdata\n");
    const apt = (from: string, name: string) =>
      only(
        `FROM ruby:3.4-slim-${from}`,
        `RUN apt-get update && apt-get install -y build-essential ${name}`,
        ...bundle,
        start,
      );
    expect(lastStage(apt("bookworm", "libmagickwand-dev"))).toContain(" libmagickwand-6.q16-6 ");
    expect(lastStage(apt("trixie", "libvips-dev"))).toContain(" libvips42t64 ");
    expect(count(slim, "RUN apt-get update && apt-get install -y build-essential libfoo-dev", ...bundle, start)).toBe(
      0,
    );
  });

  it("of a folder of a monorepo stay in that folder", () => {
    const after = only(
      slim,
      compiler,
      "WORKDIR /srv/api",
      "COPY api/Gemfile api/Gemfile.lock ./",
      "RUN bundle install",
      "COPY api .",
      start,
    );
    expect(lastStage(after)).toContain("WORKDIR /srv/api\nCOPY api/Gemfile api/Gemfile.lock ./\n");
  });

  it("take the account along", () => {
    const after = only(...base, "RUN useradd rails && chown -R rails log tmp", "USER rails", start);
    expect(lastStage(after)).toContain("RUN useradd rails && chown -R rails log tmp\nUSER rails\n");
  });
});

describe("the full image", () => {
  const full = ["FROM ruby:3.4", ...bundle, "COPY . .", start];
  const withLock = (text: string, ...file: readonly string[]) =>
    offersOf(lines(...(file.length > 0 ? file : full)), { files: { "Gemfile.lock": text } });

  it("installs, and the slim one runs with the libraries of the gems", () => {
    const [offer] = withLock(lock("pg (1.6.2)", "puma (7.1.0)", "  nio4r (~> 2.0)", "mini_magick (5.3.1)"));
    expect(offer?.base).toBe("ruby:3.4-slim");
    expect(offer?.text).toContain("--no-install-recommends imagemagick libpq5 \\\n");
    expect(reportsOf(lines(...full))[0]?.severity).toBe("hint");
  });

  it("keeps the release and the variables", () => {
    const from = (...lead: readonly string[]) => withLock(lock("puma (7.1.0)"), ...lead, ...full.slice(1))[0]?.base;
    expect(from("FROM ruby:3.4-bookworm")).toBe("ruby:3.4-slim-bookworm");
    expect(from("ARG RUBY_VERSION=3.4", "FROM ruby:$RUBY_VERSION")).toBe("ruby:$RUBY_VERSION-slim");
    expect(from("FROM ruby:2.7")).toBe(undefined);
  });

  it("is kept where the gems are not known, or want more of it", () => {
    expect(offersOf(lines(...full)).length).toBe(0);
    expect(withLock("").length).toBe(0);
    expect(withLock(`GIT\n  remote: https://example.com/a.git\n\n${lock("puma (7.1.0)")}`).length).toBe(0);
    expect(withLock(lock("wkhtmltopdf-binary (0.12.6.8)")).length).toBe(0);
    expect(withLock(lock("passenger (6.1.0)")).length).toBe(0);
    expect(withLock(lock("sqlite3 (1.4.4)"))[0]?.text).toContain(" libsqlite3-0 ");
    expect(withLock(lock("sqlite3 (2.1.0)"))[0]?.text).not.toContain("apt-get");
    expect(offersOf(lines("FROM ruby:3.4", "RUN gem install a", 'CMD ["a"]')).length).toBe(0);
  });
});

describe("what starts", () => {
  it("may be a program of a gem, or a script that can be read", () => {
    expect(count(...base, 'CMD ["./bin/rails", "server"]')).toBe(1);
    const text = lines(...base, 'ENTRYPOINT ["/app/bin/docker-entrypoint"]', 'CMD ["./bin/rails", "server"]');
    const offers = (script: string) => offersOf(text, { files: { "bin/docker-entrypoint": script } }).length;
    expect(offersOf(text).length).toBe(0);
    expect(offers('#!/bin/bash -e\n./bin/rails db:prepare\nexec "$@"\n')).toBe(1);
    expect(offers('#!/bin/bash -e\nbundle check || bundle install\nexec "$@"\n')).toBe(0);
  });

  it("is no build, test or shell", () => {
    for (const command of ['["rspec"]', '["irb"]', '["bash"]', '["bundle", "exec", "guard"]', '["foreman", "start"]']) {
      expect(reportsOf(lines(...base, `CMD ${command}`)), command).toEqual([]);
    }
    expect(reportsOf(lines(...base, "ONBUILD RUN true", start))).toEqual([]);
    expect(reportsOf(lines(...base, start), { path: "Dockerfile.dev" })).toEqual([]);
    expect(reportsOf(lines(...base))).toEqual([]);
  });

  it("is one service, not several", () => {
    const redis = "RUN apt-get update && apt-get install -y redis-server";
    expect(count(...base, redis, "CMD service redis-server start && bundle exec puma")).toBe(0);
    const script = lines(...base, redis, 'CMD ["./start.sh"]');
    const files = { "start.sh": "#!/bin/sh\nredis-server --daemonize yes\nexec bundle exec puma\n" };
    expect(offersOf(script, { files }).length).toBe(0);
  });

  it("needs nothing that an unknown RUN may have made", () => {
    expect(count(...base, "RUN yarn install && yarn build", start)).toBe(0);
    expect(count(...base, "RUN make -C ext", start)).toBe(0);
    expect(
      count(slim, compiler, "RUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash -", ...bundle, start),
    ).toBe(0);
  });
});
