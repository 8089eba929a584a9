/** Ruby, PHP and GPU images: line ends, heredocs, ONBUILD, other shells, and what must not be said. */
import { describe, expect, it } from "vitest";
import { gpuRules } from "../../../server/src/core/rules/gpu/index";
import { phpRules } from "../../../server/src/core/rules/php/index";
import { rubyRules } from "../../../server/src/core/rules/ruby/index";
import { benchOf } from "./setup";

const ruby = benchOf(rubyRules);
const php = benchOf(phpRules);
const gpu = benchOf(gpuRules);

describe("bundler-cache-left", () => {
  const id = ["bundler-cache-left"];
  it("keeps CRLF and a backtick as escape character", () => {
    const text = "# escape=`\r\nFROM ruby:4.0\r\nRUN gem list && `\r\n    bundle install\r\n";
    expect(ruby.fixed(text, id)).toBe(
      "# escape=`\r\nFROM ruby:4.0\r\nRUN gem list && `\r\n    bundle install && `\r\n    rm -rf /usr/local/bundle/cache /usr/local/bundle/ruby/*/cache\r\n",
    );
  });

  it("writes into a heredoc", () => {
    const text = "FROM ruby:4.0\nRUN <<EOF\nset -e\nbundle install\nEOF\n";
    expect(ruby.fixed(text, id)).toContain("bundle install\nrm -rf /usr/local/bundle/cache");
  });

  it("offers nothing in a subshell or where the path is not known", () => {
    expect(ruby.fixed("FROM ruby:4.0\nRUN (cd app && bundle install)\n", id)).toBeNull();
    expect(ruby.fixed("FROM ruby:4.0\nARG P\nENV BUNDLE_PATH=$P\nRUN bundle install\n", id)).toBeNull();
  });

  it("follows BUNDLE_PATH, through the variable of a COPY too", () => {
    const text =
      'FROM ruby:4.0 AS base\nENV BUNDLE_PATH="/gems"\nFROM base AS build\nRUN bundle install\nFROM base\nCOPY --from=build "${BUNDLE_PATH}" "${BUNDLE_PATH}"\n';
    expect(ruby.fixed(text, id)).toContain("bundle install && rm -rf /gems/ruby/*/cache\n");
  });

  it("is silent in ONBUILD and for other shells", () => {
    ruby.expectMarks("FROM ruby:4.0\nONBUILD RUN bundle install\n", id);
    ruby.expectMarks('FROM ruby:4.0\nSHELL ["pwsh", "-c"]\nRUN bundle install\n', id);
  });
});

describe("ruby-deprecated-bundler-flags", () => {
  const id = ["ruby-deprecated-bundler-flags"];
  it("takes a list of groups in every form", () => {
    expect(ruby.fixed("FROM ruby:4.0\nRUN bundle install --without=development:test --jobs 4\n", id)).toBe(
      "FROM ruby:4.0\nRUN bundle config set --local without development:test && bundle install --jobs 4\n",
    );
    expect(ruby.fixed("FROM ruby:4.0\nRUN bundle --without development test\n", id)).toBe(
      "FROM ruby:4.0\nRUN bundle config set --local without 'development test' && bundle\n",
    );
  });

  it("takes flags on lines of their own", () => {
    expect(ruby.fixed("FROM ruby:4.0\nRUN bundle install \\\n    --deployment \\\n    --jobs 4\n", id)).toBe(
      "FROM ruby:4.0\nRUN bundle config set --local deployment true && bundle install \\\n    --jobs 4\n",
    );
  });

  it("offers nothing where a variable is the value, or a wrapper stands before it", () => {
    expect(ruby.fixed("FROM ruby:4.0\nRUN bundle install --without $GROUPS\n", id)).toBeNull();
    expect(ruby.fixed("FROM ruby:4.0\nRUN sudo bundle install --deployment\n", id)).toBeNull();
    expect(ruby.fixed("FROM ruby:4.0\nRUN test -f x || bundle install --deployment\n", id)).toBeNull();
  });
});

describe("ruby for production", () => {
  const ids = ["ruby-bundle-deployment", "ruby-bundle-without-development"];
  it("is not assumed where the environments differ, or come later as something else", () => {
    const file = (env: string) => `FROM ruby:4.0\n${env}COPY Gemfile Gemfile.lock ./\nRUN bundle install\n`;
    expect(ruby.reports(file("ENV RAILS_ENV=production\n"), ids)).toHaveLength(2);
    expect(ruby.reports(file("ENV RAILS_ENV=production RACK_ENV=development\n"), ids)).toEqual([]);
    expect(ruby.reports(file(""), ids)).toEqual([]);
    expect(ruby.reports(`${file("ENV RAILS_ENV=production\n")}ENV RAILS_ENV=test\n`, ids)).toEqual([]);
  });
});

describe("ruby-state-paths-not-writable", () => {
  const id = ["ruby-state-paths-not-writable"];
  const file = (lines: string) => `FROM ruby:4.0-slim\nWORKDIR /rails\n${lines}CMD ["./bin/rails", "server"]\n`;
  it("is silent where the user is root, a variable, or anything gives files away", () => {
    expect(ruby.reports(file("COPY . .\nUSER 1000\n"), id)).toHaveLength(1);
    expect(ruby.reports(file("COPY . .\nUSER root\n"), id)).toEqual([]);
    expect(ruby.reports(file("ARG U\nCOPY . .\nUSER $U\n"), id)).toEqual([]);
    expect(ruby.reports(file("COPY . .\nRUN ./setup.sh\nUSER 1000\n"), id)).toEqual([]);
    expect(ruby.reports(file("COPY app app\nUSER 1000\n"), id)).toEqual([]);
  });
});

describe("php", () => {
  it("adds --no-dev with CRLF kept, and in a heredoc", () => {
    expect(php.fixed("FROM php:8.5-fpm\r\nRUN composer install \\\r\n  -o\r\n", ["php-composer-no-dev"])).toBe(
      "FROM php:8.5-fpm\r\nRUN composer install --no-dev \\\r\n  -o\r\n",
    );
    expect(php.fixed("FROM php:8.5-fpm\nRUN <<EOF\ncomposer install\nEOF\n", ["php-composer-no-dev"])).toContain(
      "composer install --no-dev\n",
    );
  });

  it("leaves flags that a variable holds, ONBUILD and folders for development alone", () => {
    php.expectMarks("FROM php:8.5-fpm\nARG FLAGS\nRUN composer install $FLAGS\n", ["php-composer-no-dev"]);
    php.expectMarks("FROM php:8.5-fpm\nONBUILD RUN composer install\n", ["php-composer-no-dev"]);
    const text = "FROM php:8.5-fpm\nRUN install-php-extensions xdebug\n";
    expect(php.reports(text, ["php-xdebug-in-final"])).toHaveLength(1);
    expect(php.reports(text, ["php-xdebug-in-final"], { path: "dev/docker/Dockerfile" })).toEqual([]);
  });

  it("leaves settings written for Xdebug to the reader", () => {
    const text =
      'FROM php:8.5-fpm\nRUN pecl install xdebug && docker-php-ext-enable xdebug && echo "xdebug.mode=debug" > /x.ini\n';
    expect(php.fixed(text, ["php-xdebug-in-final"])).toBeNull();
  });
});

describe("gpu", () => {
  it("takes one package out of a list with its line", () => {
    const text =
      "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\r\nRUN apt-get install -y \\\r\n    curl \\\r\n    nvidia-container-toolkit\r\n";
    expect(gpu.fixed(text, ["gpu-container-runtime-in-image"])).toBe(
      "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\r\nRUN apt-get install -y \\\r\n    curl\r\n",
    );
  });

  it("follows the base through stages, and says nothing where it does not know it", () => {
    const id = ["gpu-redundant-cuda-install"];
    gpu.expectMarks(
      "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04 AS base\nFROM base\nRUN apt-get install -y [|nvidia-cuda-toolkit|]\n",
      id,
    );
    gpu.expectMarks("FROM nvidia/cuda:latest\nRUN apt-get install -y nvidia-cuda-toolkit\n", id);
    gpu.expectMarks(
      "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nONBUILD RUN apt-get install -y nvidia-cuda-toolkit\n",
      id,
    );
  });

  it("compares majors of wheels only", () => {
    const id = ["gpu-cuda-version-mismatch"];
    const text = (wheel: string) =>
      `FROM nvidia/cuda:11.8.0-devel-ubuntu22.04\nRUN pip install torch==2.6.0 --extra-index-url https://download.pytorch.org/whl/${wheel}\n`;
    expect(gpu.reports(text("cu117"), id)).toEqual([]);
    expect(gpu.reports(text("cu124"), id)).toHaveLength(1);
    // The version is pinned, and may not exist for the other CUDA.
    expect(gpu.fixed(text("cu124"), id)).toBeNull();
  });

  it("lets a query fail where the script does", () => {
    const id = ["gpu-query-at-build"];
    const from = "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\n";
    gpu.expectMarks(`${from}RUN nvidia-smi || echo none\n`, id);
    gpu.expectMarks(`${from}RUN export N=$(nvidia-smi -L | wc -l)\n`, id);
    gpu.expectMarks(`${from}ONBUILD RUN nvidia-smi\n`, id);
    gpu.expectMarks(`${from}RUN <<EOF\n[|nvidia-smi|]\nEOF\n`, id);
  });
});
