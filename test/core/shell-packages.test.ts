import { describe, expect, it } from "vitest";
import {
  answersYes,
  obeysLock,
  type PackageOperation,
  packageOperations,
  parsePackage,
  skipsCache,
  skipsDevelopment,
} from "../../server/src/core/shell/packages";
import { parseShell } from "../../server/src/core/shell/parse";

const only = (text: string) => packageOperations(parseShell(text))[0] as PackageOperation;
const say = (text: string) =>
  packageOperations(parseShell(text))
    .map((one) => {
      const packages = one.packages.map(({ name, version, kind }) => {
        const pinned = version === null ? name : `${name}@${version}`;
        return kind === "name" ? pinned : `${kind}:${pinned}`;
      });
      return [one.manager, one.action, ...packages, ...one.unknown.map((word) => `?${word.text}`)].join(" ");
    })
    .join(" | ");

describe("parsePackage", () => {
  it("keeps the whole constraint beside the one version", () => {
    expect(parsePackage("a[x] == 1.2 ; python_version<'4'", "pip")).toMatchObject({ name: "a", version: "1.2" });
    expect(parsePackage("a>=1,<2", "pip")).toMatchObject({ version: null, constraint: ">=1,<2" });
    expect(parsePackage("a=1", "apt")).toMatchObject({ version: "1", constraint: "=1" });
    expect(parsePackage("a", "apt")).toMatchObject({ version: null, constraint: null });
    expect(parsePackage("", "apt")).toBeNull();
  });

  it("takes no long time for anything", () => {
    for (const style of ["apt", "apk", "rpm", "compare", "pip", "at", "colon", "dash", "plain"] as const) {
      for (const text of ["a-1", ".1", "a==", " ", "-", "::", "@", "=1-", "\n"]) {
        const began = performance.now();
        parsePackage(`a${text.repeat(20000)}-\nx`, style);
        expect(performance.now() - began).toBeLessThan(1000);
      }
    }
  });
});

describe("packageOperations", () => {
  it.each([
    ["apt-get update && apt-get install -y a b=1.2", "apt-get update | apt-get install a b@1.2"],
    ["apt-get -qq -o X=1 install -t stable a:amd64=2 $B c=$D ./e.deb", "apt-get install a@2 c@$D path:./e.deb ?$B"],
    ["apt-get install a/bookworm-backports", "apt-get install a"],
    ['apt install "a=${V}" b="1"', "apt install a@${V} b@1"],
    ["apt-get dist-upgrade; apt-get clean; apt-get purge x", "apt-get upgrade | apt-get clean | apt-get remove x"],
    ["apt-get build-dep x", "apt-get install"],
    ["apt-get $X y", "apt-get other"],
    ["dpkg -i /tmp/x.deb", "dpkg install path:/tmp/x.deb"],
    ["apt-key adv --keyserver k --recv-keys 1", "apt-key key"],
    ["add-apt-repository -y ppa:a/b", "add-apt-repository config"],
    ["apk add --no-cache --virtual .deps a=1 b~2 c@edge 'd>3'", "apk install a@1 b@2 c d"],
    ["apk del .deps; apk -U upgrade; apk fetch x", "apk remove .deps | apk upgrade | apk download x"],
    [
      "dnf -y install a-1.2.3 gcc-toolset-12 java-1.8.0-openjdk",
      "dnf install a@1.2.3 gcc-toolset-12 java-1.8.0-openjdk",
    ],
    ["yum update -y && yum clean all", "yum upgrade | yum clean"],
    ["microdnf install --nodocs x; tdnf makecache", "microdnf install x | tdnf update"],
    ["zypper -n in 'a=1' b; zypper ref", "zypper install a@1 b | zypper update"],
    [
      "pacman -Syu --noconfirm a; pacman -Syu; pacman -Sy; pacman -Scc",
      "pacman install a | pacman upgrade | pacman update | pacman clean",
    ],
    ["rpm -Uvh https://x/y.rpm; rpm --import k", "rpm install url:https://x/y.rpm | rpm key k"],
    [
      "pip install -r req.txt a==1 'b>=2,<3' c[x]==3 . git+https://g/h",
      "pip install a@1 b c@3 path:. url:git+https://g/h",
    ],
    ["pip install git+https://g/h@$V $F.whl $P-x", "pip install url:git+https://g/h@$V path:$F.whl ?$P-x"],
    ["python3 -u -m pip install a", "pip install a"],
    ["pip3.12 install --upgrade pip", "pip install pip"],
    ["python -m venv /x; python setup.py install", ""],
    ["uv pip install a==1; uv sync; uv tool install b@2", "uv install a@1 | uv install | uv install b@2"],
    ["poetry install --only main; poetry add a@^1", "poetry install | poetry install a@^1"],
    ["conda install -n e -c f a=1 b; conda clean -afy", "conda install a@1 b | conda clean"],
    ["npm install -g a@1 @s/b @s/c@2; npm ci; npm run build", "npm install a@1 @s/b @s/c@2 | npm install | npm build"],
    [
      "yarn; yarn add a; yarn global add b@1; yarn --version",
      "yarn install | yarn install a | yarn install b@1 | yarn other",
    ],
    ["pnpm i --prod; bun add x", "pnpm install | bun install x"],
    ["gem install a -v 1.2 b:3 --no-document", "gem install a@1.2 b@3"],
    ["bundle; bundle install --jobs 4; bundle exec rake", "bundle install | bundle install | bundle run"],
    ["composer require a/b:^1 c/d", "composer install a/b@^1 c/d"],
    ["pecl install redis-5.3.4 apcu", "pecl install redis@5.3.4 apcu"],
    [
      "cargo +nightly build --release; cargo install a --version 1; cargo install b@2",
      "cargo build | cargo install a@1 | cargo install b@2",
    ],
    [
      "go mod download; go install x.y/z@v1; go build -o /a -trimpath ./cmd",
      "go download | go install x.y/z@v1 | go build",
    ],
    ["./mvnw -B -DskipTests clean package; mvn dependency:go-offline", "mvn build | mvn download"],
    ["./gradlew :app:bootJar --no-daemon -x test; gradle clean", "gradle build | gradle clean"],
    [
      "dotnet restore a.csproj; dotnet publish -c Release; dotnet tool install t --version 1",
      "dotnet download | dotnet build | dotnet install t@1",
    ],
    ["sudo -E sh -c 'apt-get install a'", "apt-get install a"],
    ["echo apt-get install x", ""],
    ["xargs apt-get install -y < list", "apt-get install"],
  ])("%s", (text, expected) => {
    expect(say(text)).toBe(expected);
  });

  it("points at the subcommand and the flags", () => {
    const operation = only("uv pip --quiet install -U a");
    expect(operation.subcommand?.text).toBe("install");
    expect(operation.verb).toBe("pip install");
    expect(operation.flags.map((word) => word.text)).toEqual(["--quiet", "-U"]);
    expect(only("pacman -S x").subcommand?.text).toBe("-S");
    expect(only("yarn").subcommand).toBeNull();
  });

  it("knows who is asked", () => {
    for (const text of [
      "apt-get install -y a",
      "apt-get -qq install a",
      "apt-get -yq install a",
      "apk add a",
      "dnf -y install a",
    ]) {
      expect(answersYes(only(text)), text).toBe(true);
    }
    for (const text of ["apt-get install a", "apt-get -q install a", "dnf install a", "pacman -S a"]) {
      expect(answersYes(only(text)), text).toBe(false);
    }
  });

  it("knows what is left out", () => {
    expect(skipsCache(only("pip install --no-cache-dir a"))).toBe(true);
    expect(skipsCache(only("pip install a"))).toBe(false);
    expect(obeysLock(only("npm ci"))).toBe(true);
    expect(obeysLock(only("npm install"))).toBe(false);
    expect(obeysLock(only("yarn install --frozen-lockfile"))).toBe(true);
    for (const text of [
      "npm ci --omit=dev",
      "npm ci --omit dev",
      "npm i --production",
      "poetry install --only=main",
      "bundle install --without development test",
    ]) {
      expect(skipsDevelopment(only(text)), text).toBe(true);
    }
    for (const text of ["npm ci", "npm i --production=false", "npm ci --omit=optional"]) {
      expect(skipsDevelopment(only(text)), text).toBe(false);
    }
  });
});
