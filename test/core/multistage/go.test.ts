/** The smaller base that a Go program is offered as a second way. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf } from "./offers";

type Files = Readonly<Record<string, string>>;

const bases = (text: string, files?: Files) => offersOf(text, files ? { files } : {}).map(({ base }) => base);
const stage = (base: string, build: string, ...more: readonly string[]) =>
  lines(`FROM ${base}`, "WORKDIR /app", "COPY . .", `RUN ${build}`, ...more, 'CMD ["./svc"]');
const bare = "gcr.io/distroless/static-debian13:nonroot";

describe("a program without cgo", () => {
  const build = "CGO_ENABLED=0 go build -o svc .";

  it("needs no system, so that scratch comes second", () => {
    expect(bases(stage("golang:1.27", build))).toEqual([bare, "scratch"]);
  });

  it("brings certificates and a number for its user to scratch", () => {
    const [, second] = offersOf(stage("golang:1.27", build, "EXPOSE 8080"));
    expect(lastStage(second?.text ?? "")).toBe(
      lines(
        "FROM scratch",
        "COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
        "WORKDIR /app",
        "COPY --from=build /app/svc /app/svc",
        "USER 65532:65532",
        "EXPOSE 8080",
        'CMD ["./svc"]',
      ),
    );
    expect(second?.reason).toMatch(/no \/tmp.*65532/);
  });

  it("keeps a user that scratch can know, and no other", () => {
    expect(bases(stage("golang:1.27", build, "USER 1000"))).toEqual([bare, "scratch"]);
    expect(bases(stage("golang:1.27", build, "USER nobody"))).toEqual([bare]);
  });

  it("stays on Alpine first", () => {
    expect(bases(stage("golang:1.27-alpine", build))).toEqual(["alpine:3.24", bare]);
  });

  it("stays there alone where something needs a shell, a volume or a low port", () => {
    for (const more of ["HEALTHCHECK CMD wget -q localhost:8080 || exit 1", "VOLUME /data", "EXPOSE 80"]) {
      expect(bases(stage("golang:1.27-alpine", build, more))).toEqual(["alpine:3.24"]);
    }
  });

  it("takes along what it opens, also from a subfolder of the context", () => {
    const text = stage("golang:1.27", build).replace("COPY . .", "COPY ./server /app");
    const files = { "server/go.mod": "module example.com/svc\n", "server/templates/a.html": "", "server/api/a.go": "" };
    expect(offersOf(text, { files })[0]?.text).toContain("COPY --from=build /app/templates /app/templates\n");
    expect(offersOf(text, { files })[0]?.text).not.toContain("/app/api");
  });

  it("runs in CRLF", () => {
    for (const { text } of offersOf(stage("golang:1.27", build).replaceAll("\n", "\r\n")))
      expect(text).not.toMatch(/[^\r]\n/);
  });
});

describe("a program that may use cgo", () => {
  const build = "go build -o svc .";
  const needsC = { "go.mod": "module example.com/svc\nrequire github.com/mattn/go-sqlite3 v1.14.0\n" };

  it("is built without it for the bare image", () => {
    for (const base of ["golang:1.27", "golang:1.27-alpine"]) {
      const [first, second] = offersOf(stage(base, build));
      expect(first?.text).toContain(`RUN ${build}\n`);
      expect(second?.base).toBe(bare);
      expect(second?.text).toContain(`RUN CGO_ENABLED=0 ${build}\n`);
    }
  });

  it("runs on the present release where the tag says a version of a line that the catalogue knows", () => {
    expect(bases(stage("golang:1.24.2", build))[0]).toBe("debian:trixie-slim");
    expect(bases(stage("golang:1.24.2-alpine", build))[0]).toBe("alpine:3.24");
    expect(bases(stage("golang:1.99.2", build))).toEqual([bare]);
  });

  it("keeps the C library of its release where it needs C", () => {
    expect(bases(stage("golang:1.27-bookworm", build), needsC)).toEqual([
      "debian:bookworm-slim",
      "gcr.io/distroless/base-debian12:nonroot",
    ]);
    expect(bases(stage("golang:1.27-alpine", build), needsC)).toEqual(["alpine:3.24"]);
  });

  it("is not changed where somebody installs a compiler or a library for it", () => {
    const alpine = stage("golang:1.27-alpine", build).replace(
      "WORKDIR",
      "RUN apk add --no-cache gcc musl-dev\nWORKDIR",
    );
    expect(bases(alpine)).toEqual(["alpine:3.24"]);
    const debian = stage("golang:1.27", build).replace("WORKDIR", "RUN apt-get install -y libpcap-dev\nWORKDIR");
    expect(bases(debian)).toEqual(["debian:trixie-slim"]);
  });

  it("gets the libraries behind headers under the names of the release", () => {
    const text = stage("golang:1.27-bookworm", build).replace("WORKDIR", "RUN apt-get install -y libpcap-dev\nWORKDIR");
    expect(offersOf(text)[0]?.text).toContain("--no-install-recommends libpcap0.8 \\\n");
  });
});
