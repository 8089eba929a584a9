/** Splitting a stage that builds and runs a Rust program. */
import { describe, expect, it } from "vitest";
import { lines, offersOf, reportsOf } from "./offers";

const build = ["FROM rust:1.98", "WORKDIR /app", "COPY . .", "RUN cargo build --release"];
const start = 'CMD ["./target/release/svc"]';
const lock = (name: string, ...dependencies: readonly string[]) =>
  lines(
    "[[package]]",
    `name = "${name}"`,
    'version = "1.0.0"',
    "dependencies = [",
    ...dependencies.map((one) => ` "${one}",`),
    "]",
  );
const bases = (text: string, files?: Readonly<Record<string, string>>) =>
  offersOf(text, files ? { files } : {}).map(({ base }) => base);

describe("a program for glibc", () => {
  it("runs on the release of Debian that it was built on", () => {
    const [offer] = offersOf(lines(...build, "EXPOSE 8080", start), { files: { "Cargo.lock": lock("serde") } });
    expect(offer?.text).toBe(
      lines(
        "FROM rust:1.98 AS build",
        "WORKDIR /app",
        "COPY . .",
        "RUN cargo build --release",
        "",
        "FROM debian:trixie-slim",
        "COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
        "WORKDIR /app",
        "COPY --from=build /app/target/release/svc /app/target/release/svc",
        "EXPOSE 8080",
        start,
      ),
    );
  });

  it("gets the libraries that its crates link to, under the names of the release", () => {
    const files = { "Cargo.lock": lock("openssl-sys", "cc", "libc") + lock("libsqlite3-sys", "pkg-config") };
    const [trixie] = offersOf(lines(...build, start), { files });
    expect(trixie?.text).toContain("--no-install-recommends libsqlite3-0 libssl3t64 \\\n");
    const [bookworm] = offersOf(lines("FROM rust:1.98-bookworm", ...build.slice(1), start), { files });
    expect(bookworm?.text).toContain("--no-install-recommends libsqlite3-0 libssl3 \\\n");
    const bundled = { "Cargo.lock": lock("openssl-sys", "openssl-src") + lock("libsqlite3-sys", "cc", "pkg-config") };
    expect(offersOf(lines(...build, start), { files: bundled })[0]?.text).not.toContain("apt-get");
  });

  it("is offered distroless where that has all it links to", () => {
    const text = lines(...build, start);
    const cc = "gcr.io/distroless/cc-debian13:nonroot";
    expect(bases(text, { "Cargo.lock": lock("openssl-sys", "cc") })).toEqual(["debian:trixie-slim", cc]);
    expect(bases(text, { "Cargo.lock": lock("pq-sys") })).toEqual(["debian:trixie-slim"]);
    expect(bases(text, { "Cargo.lock": lock("libz-sys") })).toEqual(["debian:trixie-slim"]);
    expect(bases(lines(...build, "CMD ./target/release/svc"), { "Cargo.lock": lock("serde") })).toEqual([
      "debian:trixie-slim",
    ]);
  });

  it("gets OpenSSL to be safe where Cargo.lock is not known, and says so", () => {
    const [offer, second] = offersOf(lines(...build, start));
    expect(offer?.text).toContain("libssl3t64");
    expect(offer?.reason).toContain("Cargo.lock is not known");
    expect(second).toBeUndefined();
  });

  it("needs only what the file installs where the builder is slim", () => {
    const slim = ["FROM rust:1.98-slim", "RUN apt-get update && apt-get install -y pkg-config libpq-dev libclang-dev"];
    const [offer] = offersOf(lines(...slim, ...build.slice(1), start));
    expect(offer?.text).toContain("--no-install-recommends libpq5 \\\n");
    expect(offersOf(lines("FROM rust:1.98-slim", ...build.slice(1), start))[0]?.text).not.toContain("apt-get");
  });

  it("stays on the release that tags without one stood on", () => {
    expect(bases(lines("FROM rust:1.75", ...build.slice(1), start))).toEqual(["debian:bookworm-slim"]);
    expect(bases(lines("FROM rust:1.67-slim", ...build.slice(1), start), { "Cargo.lock": lock("serde") })[0]).toBe(
      "debian:bullseye-slim",
    );
    // Libraries of a release that is not known have no names.
    expect(bases(lines("FROM rust:1.40", ...build.slice(1), start))).toEqual([]);
  });
});

describe("a program for musl", () => {
  it("needs nothing where the target says musl", () => {
    const target = "x86_64-unknown-linux-musl";
    const [bare, empty] = offersOf(
      lines(
        "FROM rust:1.98",
        `RUN rustup target add ${target} && apt-get update && apt-get install -y musl-tools`,
        "WORKDIR /app",
        "COPY . .",
        `RUN cargo build --release --target ${target}`,
        `ENTRYPOINT ["/app/target/${target}/release/svc"]`,
      ),
    );
    expect(bare?.base).toBe("gcr.io/distroless/static-debian13:nonroot");
    expect(empty?.base).toBe("scratch");
    expect(empty?.text).toContain("\nUSER 65532:65532\nENTRYPOINT");
    expect(empty?.text).toContain("COPY --from=build /etc/ssl/certs/ca-certificates.crt");
    expect(empty?.reason).toContain("/tmp");
  });

  it("keeps Alpine first", () => {
    const text = lines("FROM rust:1.98-alpine", "RUN apk add --no-cache musl-dev", ...build.slice(1), start);
    expect(bases(text)).toEqual(["alpine:3.24", "gcr.io/distroless/static-debian13:nonroot"]);
  });

  it("gets its libraries where flags link it dynamically", () => {
    const text = lines(
      "FROM rust:1.98-alpine",
      "RUN apk add --no-cache musl-dev openssl-dev",
      'ENV RUSTFLAGS="-C target-feature=-crt-static"',
      ...build.slice(1),
      start,
    );
    const [offer, second] = offersOf(text);
    expect(offer?.text).toContain("RUN apk add --no-cache libcrypto3 libgcc libssl3\n");
    expect(offer?.text.split("FROM")[2]).not.toContain("RUSTFLAGS");
    expect(second).toBeUndefined();
  });
});

describe("where the program lies", () => {
  it("is in CARGO_HOME after cargo install", () => {
    const [offer] = offersOf(
      lines("FROM rust:1.98", "WORKDIR /src", "COPY . .", "RUN cargo install --path .", 'CMD ["svc", "-v"]'),
    );
    expect(offer?.text).toContain("COPY --from=build /usr/local/cargo/bin/svc /usr/local/bin/svc\n");
  });

  it("is below --root", () => {
    const [offer] = offersOf(
      lines("FROM rust:1.98", "COPY . /src", "RUN cargo install --path /src --root /opt", 'CMD ["/opt/bin/svc"]'),
    );
    expect(offer?.text).toContain("COPY --from=build /opt/bin/svc /opt/bin/svc\n");
  });

  it("is where it was copied to", () => {
    const text = lines(
      "FROM rust:1.98",
      "WORKDIR /app",
      "COPY . .",
      "RUN --mount=type=cache,target=/app/target cargo build --release && cp target/release/svc /usr/local/bin/",
      'CMD ["svc"]',
    );
    expect(offersOf(text)[0]?.text).toContain("COPY --from=build /usr/local/bin/svc /usr/local/bin/svc\n");
  });

  it("is in the folder of the workspace, of the target, of the profile", () => {
    const folder = ["FROM rust:1.98", "WORKDIR /src", "COPY . ."];
    const files = { "Cargo.lock": lock("serde"), "crates/api/Cargo.toml": "[package]" };
    const [member] = offersOf(
      lines(...folder, "RUN cd crates/api && cargo build --release", 'CMD ["/src/target/release/api"]'),
      { files },
    );
    expect(member?.text).toContain("COPY --from=build /src/target/release/api /src/target/release/api\n");
    const [named] = offersOf(
      lines(...folder, "ENV CARGO_TARGET_DIR=/out", "RUN cargo build --profile dist", 'CMD ["/out/dist/api"]'),
      { files },
    );
    expect(named?.text).toContain("COPY --from=build /out/dist/api /out/dist/api\n");
    expect(named?.text.split("FROM")[2]).not.toContain("CARGO_TARGET_DIR");
  });

  it("reads a subfolder's lock file", () => {
    const text = lines("FROM rust:1.98", "WORKDIR /app", "COPY server/ .", "RUN cargo build --release", start);
    const files = { "server/Cargo.lock": lock("pq-sys"), "server/Cargo.toml": "[package]" };
    expect(offersOf(text, { files })[0]?.text).toContain("libpq5");
  });

  it("survives the trick that keeps dependencies in a layer", () => {
    const text = lines(
      "FROM rust:1.98",
      "WORKDIR /app",
      "COPY Cargo.toml Cargo.lock ./",
      'RUN mkdir src && echo "fn main() {}" > src/main.rs && cargo build --release && rm -rf src',
      "COPY src ./src",
      "COPY Rocket.toml templates ./",
      "RUN touch src/main.rs && cargo build --release",
      start,
    );
    const [offer] = offersOf(text);
    expect(offer?.text).toContain("FROM debian:trixie-slim\n");
    expect(offer?.text.split("FROM debian")[1]).not.toContain("Cargo.toml");
  });

  it("keeps line ends, variables of labels, and files that the start names", () => {
    const text = [
      "FROM rust:1.98",
      "ARG REVISION",
      "LABEL revision=$REVISION",
      ...build.slice(1),
      'CMD ["./target/release/svc", "-c", "config/app.toml"]',
    ].join("\r\n");
    const files = { "Cargo.lock": lock("serde"), "config/app.toml": "" };
    const [offer] = offersOf(text, { files });
    expect(offer?.text).not.toMatch(/[^\r]\n/);
    expect(offer?.text).toContain("slim\r\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt");
    expect(offer?.text).toContain("\r\nARG REVISION\r\nLABEL revision=$REVISION\r\nWORKDIR /app\r\n");
    expect(offer?.text).toContain("COPY --from=build /app/config /app/config\r\n");
  });
});

describe("nothing is offered", () => {
  it.each([
    ["for a build in a mounted folder", "RUN --mount=type=cache,target=/app/target cargo build --release", start],
    ["for another profile", "RUN cargo build", start],
    ["for another target", "RUN cargo build --release --target aarch64-unknown-linux-gnu", start],
    ["for a script", "RUN cargo build --release", 'CMD ["./run.sh"]'],
    ["for a program from elsewhere", "RUN cargo build --release", 'CMD ["/opt/svc"]'],
    ["for two programs", "RUN cargo build --release", "CMD ./target/release/migrate && ./target/release/svc"],
    ["for a target folder that a variable names", 'RUN cargo build --release --target-dir "$OUT"', start],
    ["for a tool that is downloaded", "RUN cargo build --release && curl -o /bin/tool https://example.com/tool", start],
    ["for a library that nobody knows", "RUN apt-get install -y libgtk-4-dev && cargo build --release", start],
  ])("%s", (_, run, command) => {
    expect(offersOf(lines("FROM rust:1.98", "WORKDIR /app", "COPY . .", run, command))).toEqual([]);
  });

  it("for crates that link to who knows what", () => {
    expect(offersOf(lines(...build, start), { files: { "Cargo.lock": lock("gtk4-sys") } })).toEqual([]);
  });

  it.each([
    ["a variable in FROM without a value", "ARG TAG", "FROM rust:${TAG}"],
    ["a trigger", "FROM rust:1.98", "ONBUILD RUN cargo build"],
  ])("and nothing found for %s", (_, first, second) => {
    expect(reportsOf(lines(first, second, ...build.slice(1), start))).toEqual([]);
  });

  it("and nothing found where cargo runs the program", () => {
    expect(reportsOf(lines(...build, 'CMD ["cargo", "run", "--release"]'))).toEqual([]);
  });
});
