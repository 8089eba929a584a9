/** Splitting a stage that builds a Java program with Gradle and runs it. */
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../server/src/core/text";
import { copied, lastStage, lines, offersOf, reportsOf } from "./offers";

const build = ["FROM gradle:8-jdk17", "WORKDIR /app", "COPY . .", "RUN gradle bootJar --no-daemon"];
const start = 'ENTRYPOINT ["java", "-jar", "build/libs/shop-1.0.jar"]';
const jar = "/app/build/libs/shop-1.0.jar /app/build/libs/shop-1.0.jar";
const bases = (...parts: readonly string[]) => offersOf(lines(...parts)).map(({ base }) => base);
const expectNothing = (text: string, files?: Readonly<Record<string, string>>) =>
  expect(offersOf(text, files ? { files } : {})).toEqual([]);

describe("the jar", () => {
  it("moves to its own place on the runtime of the same release and system", () => {
    const [offer, bare] = offersOf(lines(...build, "EXPOSE 8080", start));
    expect(offer?.text).toBe(
      lines(
        "FROM gradle:8-jdk17 AS build",
        ...build.slice(1),
        "",
        "FROM eclipse-temurin:17-jre-noble",
        "WORKDIR /app",
        `COPY --from=build ${jar}`,
        "EXPOSE 8080",
        start,
      ),
    );
    expect(bare?.base).toBe("gcr.io/distroless/java17-debian13:nonroot");
  });

  it("keeps line ends, the case of keywords and the stage's name", () => {
    const text = lines("from gradle:8-jdk17 as builder", "workdir /app", ...build.slice(2), start).replaceAll(
      "\n",
      "\r\n",
    );
    const after = offersOf(text)[0]?.text ?? "";
    expect(after).toContain(`from eclipse-temurin:17-jre-noble\r\nworkdir /app\r\ncopy --from=builder ${jar}\r\n`);
  });

  it("is found in the folder that the image starts in", () => {
    const text = lines("FROM gradle:8-jdk17", "COPY . .", "RUN gradle build", start);
    const after = applyEdits(text, reportsOf(text)[0]?.fixes()[0]?.edits ?? []);
    expect(lastStage(after)).toBe(
      lines(
        "FROM eclipse-temurin:17-jre-noble",
        "WORKDIR /home/gradle",
        "COPY --from=build /home/gradle/build/libs/shop-1.0.jar /home/gradle/build/libs/shop-1.0.jar",
        start,
      ),
    );
  });

  it("lies in a module of its own, below folders that were made for COPY", () => {
    const text = lines(
      ...["FROM gradle:8-jdk17", "WORKDIR /src", "RUN mkdir -p core web", "COPY build.gradle.kts ./", "COPY core core"],
      ...["COPY web web", "RUN gradle web:shadowJar", 'CMD ["java", "-jar", "web/build/libs/web-all.jar"]'],
    );
    expect(copied(text)).toEqual(["/src/web/build/libs/web-all.jar /src/web/build/libs/web-all.jar"]);
    expect(lastStage(offersOf(text)[0]?.text ?? "")).not.toContain("mkdir");
    expectNothing(text.replaceAll("web-all.jar", "mail-all.jar"), {
      "web/build.gradle.kts": "",
      "build.gradle.kts": "",
    });
  });

  it("is one that the tasks write", () => {
    const made = (run: string, end = start) => lines(...build.slice(0, 3), `RUN ${run}`, end);
    expect(copied(made("gradle clean build -x test"))).toEqual([jar]);
    expect(copied(made("chmod +x gradlew && ./gradlew --no-daemon :shadowJar"))).toEqual([jar]);
    expect(copied(made("sed -i 's/\\r$//' gradlew && ./gradlew assemble"))).toEqual([jar]);
    expectNothing(made("gradle installDist"));
    expectNothing(made("gradle build", 'CMD ["java", "-jar", "build/libs/shop-1.0-plain.jar"]'));
    expectNothing(made("gradle build", 'CMD ["./build/install/shop/bin/shop"]'));
  });

  it("has the project's name, where that is known and nothing changes it", () => {
    const text = lines(...build, start);
    const files = (name: string, inside = "") => ({
      "settings.gradle": `rootProject.name = '${name}'\n`,
      "build.gradle": `plugins { id 'org.springframework.boot' }\n${inside}`,
    });
    expect(copied(text, files("shop"))).toEqual([jar]);
    expectNothing(text, files("store"));
    expect(copied(text, files("store", "bootJar { archiveFileName = 'shop-1.0.jar' }"))).toEqual([jar]);
    expect(copied(text, { "settings.gradle.kts": 'rootProject.name = "shop"', "build.gradle.kts": "" })).toEqual([jar]);
  });

  it("has its libraries in it", () => {
    const manifest = "jar { manifest { attributes 'Class-Path': configurations.runtimeClasspath.join(' ') } }";
    expectNothing(lines(...build, start), { "build.gradle": manifest });
  });

  it("may be moved by hand, or written as a pattern for a shell", () => {
    expect(copied(lines(...build, "RUN mv build/libs/*.jar app.jar", 'CMD ["java", "-jar", "app.jar"]'))).toEqual([
      "/app/app.jar /app/app.jar",
    ]);
    expect(copied(lines(...build, "CMD java -jar build/libs/*-all.jar"))).toEqual([
      "/app/build/libs/*-all.jar /app/build/libs/",
    ]);
    expectNothing(
      lines(...build, "ARG JAR=build/libs/*.jar", "COPY ${JAR} app.jar", 'CMD ["java", "-jar", "app.jar"]'),
    );
  });
});

describe("an installation", () => {
  const install = [...build.slice(0, 3), "RUN gradle --no-daemon shop:installDist"];

  it("moves as a whole", () => {
    const folder = "/app/shop/build/install/shop /app/shop/build/install/shop";
    expect(copied(lines(...install, "CMD ./shop/build/install/shop/bin/shop"))).toEqual([folder]);
    expect(copied(lines(...install, 'ENTRYPOINT ["/app/shop/build/install/shop/bin/shop"]'))).toEqual([folder]);
    const exported = 'CMD export JAVA_OPTS="-Xmx1g" && shop/build/install/shop/bin/shop';
    expect(copied(lines(...install, exported))).toEqual([folder]);
  });

  it("needs a system with the tools of its start script, and no distroless one", () => {
    const program = 'ENTRYPOINT ["/app/build/install/app/bin/app"]';
    const on = (image: string) => bases(`FROM ${image}`, ...build.slice(1, 3), "RUN ./gradlew installDist", program);
    expect(on("eclipse-temurin:21-jdk-alpine")).toEqual(["eclipse-temurin:21-jre-alpine"]);
    expect(on("gradle:8-jdk21-corretto")).toEqual([]);
  });
});

describe("the second stage", () => {
  it("leaves Gradle's variables, accounts and caches behind", () => {
    const text = lines(
      ...["FROM gradle:8-jdk17", "ENV GRADLE_OPTS=-Dorg.gradle.daemon=false", "ENV PORT=8080", "WORKDIR /app"],
      ...["COPY --chown=gradle:gradle . .", "RUN --mount=type=cache,target=/home/gradle/.gradle gradle build"],
      ...["EXPOSE $PORT", start],
    );
    expect(lastStage(offersOf(text)[0]?.text ?? "")).toBe(
      lines(
        ...["FROM eclipse-temurin:17-jre-noble", "ENV PORT=8080", "WORKDIR /app", `COPY --from=build ${jar}`],
        ...["EXPOSE $PORT", start],
      ),
    );
  });

  it("stands on the same system where that is known", () => {
    const on = (image: string) => bases(`FROM ${image}`, ...build.slice(1), `CMD${start.slice(10)}`);
    expect(on("gradle:8-jdk17-alpine")).toEqual(["eclipse-temurin:17-jre-alpine"]);
    expect(on("gradle:8.7.0-jdk21")).toEqual(["eclipse-temurin:21-jre"]);
    expect(on("gradle:jdk17-jammy")).toEqual(["eclipse-temurin:17-jre-jammy"]);
    expect(on("gradle:8-jdk21-corretto")).toEqual(["amazoncorretto:21-al2023-headless"]);
    expect(on("gradle:jdk21-graal")).toEqual([]);
  });
});

describe("nothing is offered", () => {
  it("where the program runs as an account of the image", () => {
    expectNothing(lines(build[0] ?? "", "USER gradle", ...build.slice(1), start));
  });

  it("where something else is made or started", () => {
    expectNothing(lines(...build, "RUN wget -O /app/agent.jar https://example.com/a.jar", start));
    expectNothing(lines(...build, 'ENTRYPOINT ["java", "-cp", "build/libs/shop-1.0.jar:$EXTRA", "Main"]'));
    expectNothing(lines(...build, 'CMD ["./start.sh"]'));
    expectNothing(lines(...build, "RUN tar xf build/distributions/shop.tar", 'CMD ["shop/bin/shop"]'));
  });

  it("and nothing said, where Gradle itself starts the program, or nobody knows the image", () => {
    expect(reportsOf(lines(...build, 'CMD ["gradle", "bootRun"]'))).toEqual([]);
    expect(reportsOf(lines(...build, "CMD ./gradlew run"))).toEqual([]);
    expect(reportsOf(lines("FROM registry.example.com/jdk:17", ...build.slice(1), start))).toEqual([]);
    expect(reportsOf(lines("FROM eclipse-temurin:17-jre", "COPY build/libs/shop.jar /", start))).toEqual([]);
  });
});
