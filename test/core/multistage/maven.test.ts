/** Splitting a stage that builds a Java program with Maven and runs it. */
import { describe, expect, it } from "vitest";
import { copied, lastStage, lines, offersOf, reportsOf } from "./offers";

const build = ["FROM maven:3.9-eclipse-temurin-21", "WORKDIR /app", "COPY . .", "RUN mvn -B package"];
const start = 'ENTRYPOINT ["java", "-jar", "target/shop-1.0.jar"]';
const pom = (inside: string) => `<?xml version="1.0"?>\n<project>\n${inside}\n</project>\n`;
const shop = "<artifactId>shop</artifactId><version>1.0</version>";
const plugin = (name: string, inside = "") =>
  `<build><plugins><plugin><artifactId>${name}</artifactId>${inside}</plugin></plugins></build>`;
const bases = (...parts: readonly string[]) => offersOf(lines(...parts)).map(({ base }) => base);

/** No way to split is offered, though the rule speaks. */
const expectNothing = (text: string, files?: Readonly<Record<string, string>>) =>
  expect(offersOf(text, files ? { files } : {})).toEqual([]);

describe("the jar", () => {
  it("moves to its own place on the runtime of the same release and system", () => {
    const [offer, bare] = offersOf(lines(...build, "EXPOSE 8080", start), {
      files: { "pom.xml": pom(shop + plugin("spring-boot-maven-plugin")) },
    });
    expect(offer?.text).toBe(
      lines(
        "FROM maven:3.9-eclipse-temurin-21 AS build",
        ...build.slice(1),
        "",
        "FROM eclipse-temurin:21-jre-noble",
        "WORKDIR /app",
        "COPY --from=build /app/target/shop-1.0.jar /app/target/shop-1.0.jar",
        "EXPOSE 8080",
        start,
      ),
    );
    expect(offer?.reason).toContain("Only shop-1.0.jar is copied");
    expect(bare?.base).toBe("gcr.io/distroless/java21-debian13:nonroot");
    expect(bare?.reason).toContain("it runs as nonroot (65532)");
  });

  it("keeps the line ends of the file", () => {
    const text = lines(...build, start).replaceAll("\n", "\r\n");
    const [offer] = offersOf(text);
    expect(offer?.text).toContain("FROM eclipse-temurin:21-jre-noble\r\nWORKDIR /app\r\nCOPY --from=build ");
    expect(offer?.text.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("is found behind options and variables, and where a shell starts it", () => {
    const jar = "/app/target/shop-1.0.jar /app/target/shop-1.0.jar";
    expect(copied(lines(...build, "CMD java $JAVA_OPTS -Xmx1g -jar target/shop-1.0.jar --port=80"))).toEqual([jar]);
    const nested = 'CMD ["sh", "-c", "exec java $JAVA_OPTS -jar shop-1.0.jar"]';
    expect(copied(lines(...build, "WORKDIR /app/target", nested))).toEqual([jar]);
    expect(copied(lines(...build, 'CMD ["java", "-jar", "-Dx=y", "target/shop-1.0.jar"]'))).toEqual([jar]);
  });

  it("may be one that RUN copied or moved, whatever its name was", () => {
    const text = (...runs: readonly string[]) => lines(...build, ...runs, 'CMD ["java", "-jar", "app.jar"]');
    expect(copied(text("RUN cp target/*.jar app.jar"))).toEqual(["/app/app.jar /app/app.jar"]);
    expect(copied(text("RUN mv target/*.jar /app/"))).toEqual(["/app/app.jar /app/app.jar"]);
    expectNothing(text("RUN cp target/*.jar $TARGET"));
    expectNothing(text("RUN cp target/*.jar app.jar && cp target/data.bin /srv/data.bin"));
    expectNothing(text("RUN cp target/*.jar app.jar && cp extra.bin /app"));
  });

  it("may be a pattern where a shell reads it", () => {
    expect(copied(lines(...build, "ENTRYPOINT java -jar ./target/*.jar"))).toEqual(["/app/target/*.jar /app/target/"]);
    expectNothing(lines(...build, 'ENTRYPOINT ["java", "-jar", "target/*.jar"]'));
  });

  it("lies in a module of its own", () => {
    const text = lines(
      ...["FROM maven:3.9-eclipse-temurin-21", "WORKDIR /src", "COPY . .", "RUN mvn -pl web -am package"],
      ...["WORKDIR /src/web", 'CMD ["java", "-jar", "target/web-2.jar"]'],
    );
    const files = {
      "pom.xml": pom("<artifactId>all</artifactId><version>2</version><packaging>pom</packaging>"),
      "web/pom.xml": pom("<parent><version>2</version></parent><artifactId>web</artifactId>"),
    };
    expect(copied(text, files)).toEqual(["/src/web/target/web-2.jar /src/web/target/web-2.jar"]);
    expect(lastStage(offersOf(text, { files })[0]?.text ?? "")).not.toContain("WORKDIR /src\n");
    expectNothing(text, { ...files, "web/pom.xml": pom("<artifactId>other</artifactId><version>2</version>") });
  });

  it("comes from a subfolder of the build context", () => {
    const text = lines("FROM maven:3.9-eclipse-temurin-21", "WORKDIR /app", "COPY server/ .", "RUN mvn package", start);
    expect(copied(text, { "server/pom.xml": pom(shop) })).toHaveLength(1);
    expectNothing(text, { "server/pom.xml": pom("<artifactId>x</artifactId>"), "pom.xml": pom(shop) });
  });

  it("has the name that pom.xml gives it, where that is known", () => {
    const text = lines(...build, start);
    expectNothing(text, { "pom.xml": pom("<artifactId>store</artifactId><version>1.0</version>") });
    expectNothing(text, { "pom.xml": pom(`${shop}<build><finalName>app</finalName></build>`) });
    const named = `<properties><v>1.0</v></properties><artifactId>shop</artifactId><version>\${v}</version>`;
    expect(copied(text, { "pom.xml": pom(named) })).toHaveLength(1);
    const open = "<artifactId>shop</artifactId><version>${revision}</version>";
    expect(copied(text, { "pom.xml": pom(open) })).toHaveLength(1);
    expect(copied(text, { "pom.xml": "<project><never closed" })).toHaveLength(1);
  });
});

describe("what lies beside the jar", () => {
  it("is copied with it: libraries that its manifest names", () => {
    const manifest = (prefix: string) =>
      plugin(
        "maven-jar-plugin",
        `<configuration><archive><manifest><addClasspath>true</addClasspath>${prefix}</manifest></archive></configuration>`,
      );
    const text = lines(...build, start);
    const lib = "<classpathPrefix>lib/</classpathPrefix>";
    expect(copied(text, { "pom.xml": pom(shop + manifest(lib)) })).toEqual([
      "/app/target/lib /app/target/lib",
      "/app/target/shop-1.0.jar /app/target/shop-1.0.jar",
    ]);
    expectNothing(text, { "pom.xml": pom(shop + manifest("")) });
  });

  it("is copied with it: all that Quarkus writes", () => {
    expect(copied(lines(...build, 'CMD ["java", "-jar", "target/quarkus-app/quarkus-run.jar"]'))).toEqual([
      "/app/target/quarkus-app /app/target/quarkus-app",
    ]);
  });

  it("is copied with it: class paths, module paths and agents", () => {
    expect(copied(lines(...build, 'CMD java -cp "target/classes:target/lib/*" shop.Main'))).toEqual([
      "/app/target/classes /app/target/classes",
      "/app/target/lib /app/target/lib",
    ]);
    expect(copied(lines(...build, 'CMD ["java", "-p", "target/modules/", "-m", "shop"]'))).toEqual([
      "/app/target/modules /app/target/modules",
    ]);
    const agent = 'CMD ["java", "-javaagent:agents/otel.jar=x", "-jar", "target/shop-1.0.jar", "conf/app.yml"]';
    expect(copied(lines(...build, agent))).toEqual([
      "/app/agents/otel.jar /app/agents/otel.jar",
      "/app/conf/app.yml /app/conf/app.yml",
      "/app/target/shop-1.0.jar /app/target/shop-1.0.jar",
    ]);
    expectNothing(lines(...build, 'CMD ["java", "-cp", ".", "Main"]'));
    expectNothing(lines(...build, 'CMD ["java", "-jar", "target/shop-1.0.jar", "some/thing"]'));
  });

  it("is a folder of settings, and no module of the build", () => {
    const files = { "pom.xml": pom(shop), "config/application.yml": "", "data/pom.xml": pom(""), "src/A.java": "" };
    expect(copied(lines(...build, start), files)).toEqual([
      "/app/config /app/config",
      "/app/target/shop-1.0.jar /app/target/shop-1.0.jar",
    ]);
  });
});

describe("the second stage", () => {
  it("keeps what concerns the running container, and not what concerns the build", () => {
    const text = lines(
      ...["FROM maven:3.9-eclipse-temurin-21", "ENV MAVEN_OPTS=-Xmx1g JAVA_HOME=/opt/java/openjdk"],
      ...["ENV PATH=$PATH:/opt/maven/bin", "ENV TZ=UTC", "RUN mkdir -p /data", "WORKDIR /app", "COPY mvnw pom.xml ./"],
      ...["RUN chmod +x mvnw && ./mvnw dependency:go-offline", "COPY src src", "RUN ./mvnw package"],
      ...["LABEL a=b", "VOLUME /data", "STOPSIGNAL SIGINT", "HEALTHCHECK CMD curl -f localhost:8080", "EXPOSE 8080"],
      start,
    );
    const [offer, second] = offersOf(text);
    expect(lastStage(offer?.text ?? "")).toBe(
      lines(
        ...["FROM eclipse-temurin:21-jre-noble", "ENV TZ=UTC", "RUN mkdir -p /data", "WORKDIR /app"],
        "COPY --from=build /app/target/shop-1.0.jar /app/target/shop-1.0.jar",
        ...["LABEL a=b", "VOLUME /data", "STOPSIGNAL SIGINT", "HEALTHCHECK CMD curl -f localhost:8080", "EXPOSE 8080"],
        start,
      ),
    );
    // What is made before the build stays there too.
    expect(offer?.text.match(/RUN mkdir -p \/data/g)).toHaveLength(2);
    expect(second).toBeUndefined();
  });

  it("makes the account that the program runs as", () => {
    const text = lines(...build, "RUN useradd -r shop", "USER shop", start);
    expect(lastStage(offersOf(text)[0]?.text ?? "")).toContain("RUN useradd -r shop\nUSER shop\n");
    // There may be another account of that number already.
    expectNothing(lines("FROM openjdk:17-jdk-slim", ...text.split("\n").slice(1)));
  });

  it("gets packages that the program may call", () => {
    const run = "RUN apt-get update && apt-get install -y git maven ffmpeg && rm -rf /var/lib/apt/lists/*";
    const [offer] = offersOf(lines(build[0] ?? "", run, ...build.slice(1), start));
    expect(lastStage(offer?.text ?? "")).toContain("apt-get install -y --no-install-recommends ffmpeg \\\n");
    const on = (from: string, name: string) =>
      lines(`FROM ${from}`, `RUN apt-get update && apt-get install -y ${name}`, ...build.slice(1), start);
    expect(offersOf(on("maven:3.9.9-eclipse-temurin-21", "ffmpeg"))[0]?.text).toContain(" ffmpeg \\\n");
    expectNothing(on("maven:3.9.9-eclipse-temurin-21", "libpq5"));
    expectNothing(on("openjdk:17-jdk-slim", "ffmpeg"));
    expectNothing(lines(build[0] ?? "", "RUN apt-get install -y $PACKAGES", ...build.slice(1), start));
  });

  it("stands on the system, the release and the vendor of the first where there is one", () => {
    const on = (image: string) =>
      bases(`FROM ${image}`, ...build.slice(1, 3), "RUN ./mvnw package", `CMD${start.slice(10)}`);
    expect(on("maven:3.9-eclipse-temurin-21-alpine")).toEqual(["eclipse-temurin:21-jre-alpine"]);
    expect(on("maven:3.9.9-eclipse-temurin-21")).toEqual(["eclipse-temurin:21-jre"]);
    expect(on("eclipse-temurin:21-jdk")).toEqual(["eclipse-temurin:21-jre"]);
    expect(on("eclipse-temurin:17-jdk-jammy")).toEqual(["eclipse-temurin:17-jre-jammy"]);
    expect(on("eclipse-temurin:21-alpine")).toEqual(["eclipse-temurin:21-jre-alpine"]);
    expect(on("openjdk:17-jdk-slim")).toEqual(["eclipse-temurin:17-jre"]);
    expect(on("openjdk:8-jdk-alpine")).toEqual(["eclipse-temurin:8-jre-alpine"]);
    expect(on("amazoncorretto:21")).toEqual(["amazoncorretto:21-al2023-headless"]);
    expect(on("amazoncorretto:21-alpine")).toEqual(["eclipse-temurin:21-jre-alpine"]);
    expect(on("ibm-semeru-runtimes:open-21-jdk-noble")).toEqual(["ibm-semeru-runtimes:open-21-jre-noble"]);
    expect(on("sapmachine:21")).toEqual(["sapmachine:21-jre"]);
    // Nobody rebuilds a runtime of that release any more.
    expect(on("eclipse-temurin:20-jdk")).toEqual([]);
  });

  it("is the same image once more where the JDK came as a package", () => {
    const text = (from: string, install: string) => lines(`FROM ${from}`, `RUN ${install}`, ...build.slice(1), start);
    const [offer, second] = offersOf(
      text("ubuntu:24.04", "apt-get update && apt-get install -y maven openjdk-21-jdk-headless curl"),
    );
    expect(lastStage(offer?.text ?? "")).toBe(
      lines(
        "FROM ubuntu:24.04",
        "RUN apt-get update \\",
        "    && apt-get install -y --no-install-recommends curl openjdk-21-jre-headless \\",
        "    && rm -rf /var/lib/apt/lists/*",
        ...["WORKDIR /app", "COPY --from=build /app/target/shop-1.0.jar /app/target/shop-1.0.jar", start],
      ),
    );
    expect(offer?.reason).toContain("openjdk-21-jre-headless is installed for openjdk-21-jdk-headless");
    expect(second).toBeUndefined();
    const alpine = offersOf(text("alpine:3.22", "apk add --no-cache maven openjdk17"))[0]?.text ?? "";
    expect(lastStage(alpine)).toContain("RUN apk add --no-cache openjdk17-jre\n");
    expectNothing(text("ubuntu:24.04", "apt-get install -y maven openjdk-21-jdk openjdk-17-jdk"));
    expectNothing(text("debian:12", "apt-get install -y maven"));
  });

  it("says whose runtime it is where that is another's", () => {
    const [offer] = offersOf(lines("FROM openjdk:17-jdk-slim", ...build.slice(1), start));
    expect(offer?.reason).toContain("the runtime is Eclipse Temurin's; it stands on Ubuntu ");
  });
});

describe("nothing is offered", () => {
  it("where the jar comes from elsewhere, or nobody knows from where", () => {
    expectNothing(lines(...build, "COPY target/shop-1.0.jar app.jar", 'CMD ["java", "-jar", "app.jar"]'));
    expectNothing(lines(...build, "COPY target/shop-1.0.jar target/", start));
    expectNothing(lines(...build, 'CMD ["java", "-jar", "app.jar"]'));
    expectNothing(lines(...build, "ENV JAR=target/shop-1.0.jar", "CMD java -jar $JAR"));
    expectNothing(lines(...build, 'CMD ["java", "-jar", "target/shop-1.0-sources.jar"]'));
    expectNothing(lines(...build, 'CMD ["catalina.sh", "run"]'));
    expectNothing(lines(...build, 'ENTRYPOINT ["./run.sh"]'));
  });

  it("where a path cannot be written as it is", () => {
    for (const name of ["it's.jar", "a[b].jar", "a\\\\b.jar"]) {
      expectNothing(lines(...build, `CMD ["java", "-jar", "target/${name}"]`));
    }
    expect(copied(lines(...build, "WORKDIR /app/target", 'CMD ["java", "-jar", "my shop.jar"]'))).toEqual([
      '["/app/target/my shop.jar", "/app/target/my shop.jar"]',
    ]);
  });

  it("where a RUN does what nobody can repeat", () => {
    expectNothing(lines(...build, "RUN java -jar target/shop-1.0.jar --init", start));
    expectNothing(lines(...build, "RUN curl -o /app/agent.jar https://example.com/agent.jar", start));
    expectNothing(lines(...build, 'SHELL ["/bin/bash", "-c"]', start));
    expectNothing(
      lines("FROM maven:3.9-eclipse-temurin-21", "ADD https://example.com/a.jar /a.jar", ...build.slice(1), start),
    );
  });

  it("where the tools of a JDK are used", () => {
    expectNothing(lines(...build, 'CMD ["java", "--add-modules", "jdk.jshell", "-jar", "target/shop-1.0.jar"]'));
    expectNothing(lines(...build, "HEALTHCHECK CMD jcmd 1 VM.version", start));
  });

  it("where several services run in one container", () => {
    expect(reportsOf(lines(...build, "CMD supervisord"))).toEqual([]);
    expectNothing(lines(...build, "CMD java -jar target/shop-1.0.jar & java -jar target/mail-1.0.jar"));
  });

  it("and nothing said, where the container builds, or is meant for working in it", () => {
    expect(reportsOf(lines(...build, 'CMD ["mvn", "spring-boot:run"]'))).toEqual([]);
    expect(reportsOf(lines(...build, start), { path: ".devcontainer/Dockerfile" })).toEqual([]);
    expect(reportsOf(lines(...build, "ONBUILD COPY . .", start))).toEqual([]);
    expect(reportsOf(lines("ARG IMAGE", "FROM $IMAGE", ...build.slice(1), start))).toEqual([]);
  });
});
