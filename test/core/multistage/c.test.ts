/** Splitting a stage that builds and runs a program in C or C++. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf, reportsOf } from "./offers";

type Files = Readonly<Record<string, string>>;

const bases = (text: string, files?: Files) => offersOf(text, files ? { files } : {}).map(({ base }) => base);
const first = (text: string, files?: Files) => offersOf(text, files ? { files } : {})[0]?.text ?? "";
const gcc = (run: string, start = 'CMD ["./svc"]') =>
  lines("FROM gcc:14", "WORKDIR /app", "COPY . .", `RUN ${run}`, start);
const packages = (install: string, run: string, start = 'CMD ["./svc"]', base = "debian:bookworm") =>
  lines(`FROM ${base}`, `RUN ${install}`, "WORKDIR /app", "COPY . .", `RUN ${run}`, start);
const apt = "apt-get update && apt-get install -y build-essential cmake";

describe("the image of GCC", () => {
  it("leaves its compiler behind, with its newer libraries in the program", () => {
    const [offer] = offersOf(gcc("g++ -O2 -o svc main.cpp"));
    expect(offer?.text).toBe(
      lines(
        "FROM gcc:14 AS build",
        "WORKDIR /app",
        "COPY . .",
        "RUN g++ -O2 -o svc main.cpp -static-libstdc++ -static-libgcc",
        "",
        "FROM debian:trixie-slim",
        "WORKDIR /app",
        "COPY --from=build /app/svc /app/svc",
        'CMD ["./svc"]',
      ),
    );
    expect(offer?.reason).toContain("libraries of GCC");
  });

  it("needs no such thing for C", () => {
    expect(first(gcc("gcc -o svc main.c -lm -lpthread"))).toContain("RUN gcc -o svc main.c -lm -lpthread\n");
    expect(bases(gcc("gcc -o svc main.c"))).toEqual(["debian:trixie-slim", "gcr.io/distroless/cc-debian13:nonroot"]);
  });

  it("installs the libraries that are linked", () => {
    expect(first(gcc("gcc -o svc main.c -lssl -lcrypto -lpq"))).toContain("ca-certificates libpq5 libssl3t64 \\\n");
    expect(bases(gcc("gcc -o svc main.c -lpq"))).toEqual(["debian:trixie-slim"]);
  });

  it("needs no system for a static program", () => {
    expect(bases(gcc("gcc -static -o svc main.c"))).toEqual(["gcr.io/distroless/static-debian13:nonroot", "scratch"]);
  });

  it("names the program a.out where nothing else does", () => {
    expect(first(gcc("gcc main.c", 'CMD ["./a.out"]'))).toContain("COPY --from=build /app/a.out /app/a.out\n");
  });

  it("follows CMakeLists.txt", () => {
    const files = { "CMakeLists.txt": "project(svc)\nfind_package(Threads REQUIRED)\nadd_executable(svc main.cpp)\n" };
    const text = gcc("cmake -S . -B build && cmake --build build", 'CMD ["/app/build/svc"]');
    expect(first(text, files)).toContain(
      'RUN cmake -S . -B build -DCMAKE_EXE_LINKER_FLAGS="-static-libstdc++ -static-libgcc" && cmake --build build\n',
    );
    expect(offersOf(text)).toEqual([]);
    expect(offersOf(text, { files: { "CMakeLists.txt": "project(svc)\nfind_package(Boost)\n" } })).toEqual([]);
    expect(offersOf(text, { files: { "CMakeLists.txt": "project(svc)\nadd_library(x SHARED x.cpp)\n" } })).toEqual([]);
  });

  it("follows a Makefile", () => {
    expect(bases(gcc("make"), { Makefile: "svc: main.c\n\tgcc -o svc main.c -lz\n" })[0]).toBe("debian:trixie-slim");
    expect(offersOf(gcc("make"))).toEqual([]);
    expect(offersOf(gcc("make"), { files: { Makefile: "svc: a.cpp\n\tg++ -o svc a.cpp\n" } })).toEqual([]);
  });
});

describe("a system with a compiler", () => {
  it("of Debian leaves it behind and keeps the libraries behind headers", () => {
    const text = packages(`${apt} libssl-dev`, "mkdir build && cd build && cmake .. && make", 'CMD ["./build/svc"]');
    const [offer] = offersOf(text);
    expect(lastStage(offer?.text ?? "")).toBe(
      lines(
        "FROM debian:bookworm-slim",
        "RUN apt-get update \\",
        "    && apt-get install -y --no-install-recommends libssl3 \\",
        "    && rm -rf /var/lib/apt/lists/*",
        "WORKDIR /app",
        "COPY --from=build /app/build/svc /app/build/svc",
        'CMD ["./build/svc"]',
      ),
    );
    expect(offer?.reason).toContain("libraries that the project builds for itself");
  });

  it("of Debian keeps the certificates that libcurl only recommends", () => {
    const text = packages(`${apt} libcurl4-openssl-dev`, "make", 'CMD ["./svc"]');
    const [offer] = offersOf(text, {
      files: { Makefile: "svc: main.c\n\tcc -o svc main.c `pkg-config --libs libcurl`\n" },
    });
    expect(offer?.text).toContain("--no-install-recommends ca-certificates libcurl4 \\\n");
  });

  it("of Ubuntu and Alpine stays", () => {
    const build = "g++ -o svc main.cpp";
    expect(bases(packages("apt-get update && apt-get install -y g++", build, undefined, "ubuntu:24.04"))).toEqual([
      "ubuntu:24.04",
    ]);
    const alpine = first(packages("apk add --no-cache build-base", build, undefined, "alpine:3.22"));
    expect(lastStage(alpine)).toContain("FROM alpine:3.22\nRUN apk add --no-cache libstdc++\n");
    expect(
      first(packages("apk add --no-cache gcc musl-dev", "gcc -o svc main.c", undefined, "alpine:3.22")),
    ).not.toContain("libstdc++");
  });

  it("stays as a variable names it", () => {
    const text = lines("ARG UBUNTU=24.04", packages(apt, "make", undefined, "ubuntu:${UBUNTU}").trimEnd());
    expect(bases(text)).toEqual(["ubuntu:${UBUNTU}"]);
  });

  it("runs threads of OpenMP", () => {
    expect(first(packages(apt, "gcc -fopenmp -o svc main.c"))).toContain("libgomp1");
  });

  it("copies a program from where it is put", () => {
    const text = packages(apt, "cmake -B build && cmake --build build && cp build/svc /usr/local/bin/", 'CMD ["svc"]');
    expect(first(text)).toContain("COPY --from=build /usr/local/bin/svc /usr/local/bin/svc\n");
  });

  it("builds in a subfolder", () => {
    const files = { "server/Makefile": "all:\n\tgcc -o bin/svc src/main.c\n" };
    const [offer] = offersOf(packages(apt, "make -C server", 'CMD ["./server/bin/svc"]'), { files });
    expect(offer?.text).toContain("COPY --from=build /app/server/bin/svc /app/server/bin/svc\n");
    expect(offer?.reason).not.toContain("for itself");
  });

  it("keeps line ends and variables", () => {
    const text = [
      "FROM debian:bookworm",
      `RUN ${apt}`,
      "ARG V=1",
      "LABEL v=$V",
      "COPY main.c /src/",
      "RUN gcc -o /svc /src/main.c",
      'CMD ["/svc"]',
    ];
    const after = first(text.join("\r\n"));
    expect(after).not.toMatch(/[^\r]\n/);
    expect(lastStage(after)).toContain("ARG V=1\r\nLABEL v=$V\r\nCOPY --from=build /svc /svc\r\n");
  });
});

describe("an installed program", () => {
  it("comes with all below its prefix", () => {
    const text = packages(`${apt} libncurses5-dev git`, "make && make install", 'CMD ["/usr/local/bin/svc"]');
    expect(lastStage(first(text))).toContain("COPY --from=build /usr/local /usr/local\nRUN ldconfig\n");
  });

  it.each([
    ["cmake -B build -DCMAKE_INSTALL_PREFIX=/opt/svc && cmake --build build && cmake --install build", "/opt/svc"],
    ["./configure --prefix=/opt/svc && make && make install", "/opt/svc"],
    ["make PREFIX=/opt/svc install", "/opt/svc"],
  ])("%s", (run, prefix) => {
    expect(first(packages(apt, run, 'CMD ["/opt/svc/bin/svc"]'))).toContain(`COPY --from=build ${prefix} ${prefix}\n`);
  });

  it("is found by name below the usual prefix", () => {
    const text = packages(apt, "cmake -B build && cmake --build build && cmake --install build", 'ENTRYPOINT ["svc"]');
    expect(first(text)).toContain("COPY --from=build /usr/local /usr/local\n");
    expect(offersOf(packages(apt, "make && make install", 'ENTRYPOINT ["svc"]'))).toEqual([]);
  });

  it("may be fetched in the RUN that builds it", () => {
    const run =
      "curl -L https://example.com/x.tgz | tar xz -C /tmp && cd /tmp/x && ./configure --prefix=/opt/x && make install";
    expect(first(packages(`${apt} curl`, run, 'CMD ["/opt/x/bin/x"]'))).toContain("COPY --from=build /opt/x /opt/x\n");
  });
});

describe("nothing is offered", () => {
  it.each([
    ["for a library that is built beside it", "gcc -shared -o libx.so x.c && gcc -o svc main.c -L. -lx"],
    ["for a library that is linked from a folder", "make -C reactor && g++ -o svc main.cpp -lreactor -Lreactor/bin"],
    ["for a place of libraries", "g++ -o svc main.cpp", "ENV LD_LIBRARY_PATH=/opt/lib"],
    ["for headers of a library that nobody knows", "apt-get install -y libboost-all-dev && g++ -o svc main.cpp"],
    ["for a program that the build does not write", "g++ -o other main.cpp"],
    ["for files that a RUN brings", "g++ -o svc main.cpp", "RUN curl -o /etc/svc.conf https://example.com/x"],
    ["for another shell", "g++ -o svc main.cpp", 'SHELL ["/bin/bash", "-c"]'],
    ["for a user that nothing makes", "g++ -o svc main.cpp", "USER app"],
  ])("%s", (_, run, more = "EXPOSE 80") => {
    const text = lines(
      "FROM debian:bookworm",
      `RUN ${apt}`,
      "WORKDIR /app",
      "COPY . .",
      `RUN ${run}`,
      more,
      'CMD ["./svc"]',
    );
    expect(offersOf(text)).toEqual([]);
  });

  it("for libraries of GCC's image that nobody knows, for its OpenMP, and below its own prefix", () => {
    expect(offersOf(gcc("gcc -o svc main.c -lfoo"))).toEqual([]);
    expect(offersOf(gcc("gcc -fopenmp -o svc main.c"))).toEqual([]);
    expect(offersOf(gcc("make && make install", 'CMD ["/usr/local/bin/svc"]'))).toEqual([]);
  });

  it.each([
    ["a program that is compiled at the start", 'CMD ["sh", "-c", "g++ main.cpp -o svc && ./svc"]'],
    ["a shell", 'CMD ["bash"]'],
    ["several services", 'CMD ["supervisord"]'],
  ])("and nothing found for %s", (_, start) => {
    expect(reportsOf(gcc("g++ -o svc main.cpp", start))).toEqual([]);
  });
});
