/** Splitting a stage that publishes and runs a .NET program. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf, reportsOf } from "./offers";

const build = ["FROM mcr.microsoft.com/dotnet/sdk:8.0", "WORKDIR /src", "COPY . ."];
const publish = "RUN dotnet publish -c Release -o /app";
const there = "WORKDIR /app";
const start = 'ENTRYPOINT ["dotnet", "Shop.dll"]';
const whole = lines(...build, publish, there, start);
const project = (sdk: string, inside = "") => `<Project Sdk="Microsoft.NET.Sdk${sdk}">\n${inside}\n</Project>\n`;
const bases = (text: string, files?: Readonly<Record<string, string>>) =>
  offersOf(text, files ? { files } : {}).map(({ base }) => base.replace("mcr.microsoft.com/dotnet/", ""));
const copied = (text: string, files?: Readonly<Record<string, string>>) =>
  offersOf(text, files ? { files } : {})
    .slice(0, 1)
    .flatMap((offer) => lastStage(offer.text).match(/^COPY --from=.*$/gm) ?? [])
    .map((line) => line.replace(/^COPY --from=\S+ /, ""));
const expectNothing = (text: string, files?: Readonly<Record<string, string>>) =>
  expect(offersOf(text, files ? { files } : {})).toEqual([]);

describe("the published folder", () => {
  it("moves to its own place on the runtime of the same release and system", () => {
    const [offer, bare] = offersOf(lines(...build, "RUN dotnet restore", publish, there, "EXPOSE 8080", start));
    expect(offer?.text).toBe(
      lines(
        "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build",
        ...[...build.slice(1), "RUN dotnet restore", publish],
        "",
        "FROM mcr.microsoft.com/dotnet/aspnet:8.0",
        "COPY --from=build /app /app",
        ...[there, "EXPOSE 8080", start],
      ),
    );
    expect(offer?.reason).toBe("Only app is copied, so other files need a COPY.");
    expect(bare?.base).toBe("mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled-extra");
    expect(bare?.reason).toContain("it runs as app (1654)");
  });

  it("keeps line ends, the case of keywords and the stage's name", () => {
    const text = whole.replace(
      "FROM mcr.microsoft.com/dotnet/sdk:8.0",
      "from mcr.microsoft.com/dotnet/sdk:8.0 as made",
    );
    const after = offersOf(text.replaceAll("\n", "\r\n"))[0]?.text ?? "";
    expect(after).toContain("\r\n\r\nfrom mcr.microsoft.com/dotnet/aspnet:8.0\r\ncopy --from=made /app /app\r\n");
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("is what a flag says, also by a variable, or what the SDK takes by itself", () => {
    const end = (run: string, folder: string) => lines(...build, run, `WORKDIR ${folder}`, start);
    expect(copied(end("RUN dotnet publish --output=../out/", "/out"))).toEqual(["/out /out"]);
    expect(copied(end("RUN cd web && dotnet publish -o out", "/src/web/out"))).toEqual(["/src/web/out /src/web/out"]);
    expect(copied(end('ENV OUT=/out\nRUN dotnet publish -o "$OUT"', "/out"))).toEqual(["/out /out"]);
    const own = "/src/bin/Release/net8.0/publish";
    expect(copied(end("RUN dotnet publish -c Release", own))).toEqual([`${own} ${own}`]);
    expectNothing(end("RUN dotnet publish -o /other", "/app"));
    expectNothing(end("RUN dotnet publish -o $UNKNOWN", "/app"));
    expectNothing(end("RUN dotnet publish -c Release", "/app"));
    expectNothing(end("RUN dotnet build -o /app", "/app"));
  });

  it("is one of several, for one program each", () => {
    const text = lines(...build, "RUN dotnet publish a/A.csproj -o /a", "RUN dotnet publish b/B.csproj -o /b");
    expect(copied(`${text}WORKDIR /a\nCMD ["dotnet", "A.dll"]\n`)).toEqual(["/a /a"]);
    expectNothing(`${text}WORKDIR /c\nCMD ["dotnet", "A.dll"]\n`);
  });

  it("may be started by itself, or through a shell with variables behind", () => {
    expect(copied(lines(...build, publish, 'CMD ["/app/Shop"]'))).toEqual([]);
    expect(copied(lines(...build, publish, there, 'CMD ["./Shop", "--verbose"]'))).toEqual(["/app /app"]);
    expect(copied(lines(...build, publish, there, "CMD ASPNETCORE_URLS=http://*:$PORT dotnet Shop.dll"))).toEqual([
      "/app /app",
    ]);
    expectNothing(lines(...build, publish, there, "CMD dotnet $PROGRAM"));
    expectNothing(lines(...build, publish, there, 'CMD ["/app/start.sh"]'));
  });
});

describe("settings and pages in the folder that the container starts in", () => {
  const text = lines(...build, "RUN dotnet publish Shop.csproj -o out", 'CMD ["dotnet", "out/Shop.dll"]');

  it("are copied where they are known to be there", () => {
    const files = { "Shop.csproj": project(".Web"), "appsettings.json": "{}", "wwwroot/index.html": "" };
    expect(copied(text, files)).toEqual([
      "/src/appsettings.json /src/appsettings.json",
      "/src/wwwroot /src/wwwroot",
      "/src/out /src/out",
    ]);
    expect(copied(text, { "Shop.csproj": project(".Web") })).toEqual(["/src/out /src/out"]);
    expect(copied(text, { "Shop.csproj": project(".Worker"), "appsettings.json": "{}" })).toEqual([
      "/src/appsettings.json /src/appsettings.json",
      "/src/out /src/out",
    ]);
  });

  it("leave the file alone where nobody knows", () => {
    expectNothing(text);
    expectNothing(text, { "Other.csproj": project(".Web") });
  });

  it("do not matter where the project lies elsewhere", () => {
    const elsewhere = lines(...build, "RUN dotnet publish web/Shop.csproj -o out", 'CMD ["dotnet", "out/Shop.dll"]');
    expect(copied(elsewhere)).toEqual(["/src/out /src/out"]);
    expect(copied(elsewhere, { "web/Shop.csproj": project(".Web"), "web/appsettings.json": "{}" })).toHaveLength(1);
  });
});

describe("the runtime", () => {
  it("is the smaller one for programs that are known to be no web programs", () => {
    const on = (files: Readonly<Record<string, string>>) => bases(whole, files)[0];
    expect(on({ "Shop.csproj": project("") })).toBe("runtime:8.0");
    expect(on({ "Shop.fsproj": project(".Worker") })).toBe("runtime:8.0");
    expect(on({ "Shop.csproj": project(".Web") })).toBe("aspnet:8.0");
    expect(on({ "Shop.csproj": project("", '<ProjectReference Include="../Web/Web.csproj" />') })).toBe("aspnet:8.0");
    expect(on({ "Shop.csproj": project("", '<FrameworkReference Include="Microsoft.AspNetCore.App" />') })).toBe(
      "aspnet:8.0",
    );
    expect(on({ "Shop.csproj": "<broken" })).toBe("aspnet:8.0");
  });

  it("is carried by the program where a flag says so", () => {
    const text = (flags: string) => lines(...build, `${publish} ${flags}`, there, 'CMD ["./Shop"]');
    expect(bases(text("-r linux-x64 --self-contained"))).toEqual(["runtime-deps:8.0"]);
    expect(bases(text("--self-contained false"))[0]).toBe("aspnet:8.0");
    expect(bases(text("--no-self-contained"))[0]).toBe("aspnet:8.0");
  });

  it("stands on the system of the SDK", () => {
    const on = (tag: string) => bases(whole.replace("sdk:8.0", `sdk:${tag}`))[0];
    expect(on("8.0-jammy")).toBe("aspnet:8.0-jammy");
    expect(on("8.0-bookworm-slim")).toBe("aspnet:8.0-bookworm-slim");
    expect(on("8.0.404")).toBe("aspnet:8.0");
    expect(on("10.0")).toBe("aspnet:10.0");
    // Nobody rebuilds that release any more.
    expect(on("6.0")).toBeUndefined();
  });

  it("gets languages and time zones on Alpine, as the SDK has them", () => {
    const [offer, second] = offersOf(whole.replace("sdk:8.0", "sdk:8.0-alpine"));
    expect(lastStage(offer?.text ?? "")).toBe(
      lines(
        "FROM mcr.microsoft.com/dotnet/aspnet:8.0-alpine",
        "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false",
        "RUN apk add --no-cache icu-data-full icu-libs tzdata",
        ...["COPY --from=build /app /app", there, start],
      ),
    );
    expect(second).toBeUndefined();
    const set = (value: string) =>
      lastStage(
        offersOf(
          lines(
            `${build[0]}-alpine`,
            `ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${value}`,
            ...build.slice(1),
            publish,
            there,
            start,
          ),
        )[0]?.text ?? "",
      );
    expect(set("true")).toContain("RUN apk add --no-cache tzdata\n");
    expect(set("false").match(/INVARIANT/g)).toHaveLength(1);
    expect(set("false")).toContain("RUN apk add --no-cache icu-data-full icu-libs tzdata\n");
  });
});

describe("the account", () => {
  const quiet = { "Shop.csproj": project(".Web"), "Program.cs": "app.Run();" };
  const userOf = (text: string, files: Readonly<Record<string, string>>) =>
    /^USER .*$/m.exec(lastStage(offersOf(text, { files })[0]?.text ?? ""))?.[0] ?? null;

  it("is the image's own where the sources show that nothing is written", () => {
    const [offer] = offersOf(whole, { files: quiet });
    expect(offer?.text).toContain(`USER $APP_UID\n${start}\n`);
    expect(offer?.reason).toContain("it runs as app (1654), which writes nowhere but to /tmp and its home");
  });

  it("stays where the program may write, or listens on a low port, or the file has one", () => {
    const told = (...more: readonly string[]) => lines(...build, publish, there, ...more, start);
    expect(userOf(whole, { ...quiet, "Program.cs": 'File.WriteAllText("a", "b");' })).toBeNull();
    expect(userOf(whole, { ...quiet, "users.json": "[]" })).toBeNull();
    expect(
      userOf(whole, { ...quiet, "Shop.csproj": project(".Web", "Microsoft.EntityFrameworkCore.Sqlite") }),
    ).toBeNull();
    expect(userOf(told("ENV ASPNETCORE_URLS=http://+:80"), quiet)).toBeNull();
    expect(userOf(told("ENV ASPNETCORE_URLS=http://+"), quiet)).toBeNull();
    expect(userOf(told("EXPOSE 443"), quiet)).toBeNull();
    expect(userOf(told("VOLUME /data"), quiet)).toBeNull();
    expect(userOf(told("USER 1000"), quiet)).toBe("USER 1000");
    expect(userOf(told("ENV ASPNETCORE_URLS=http://*:5000"), quiet)).toBe("USER $APP_UID");
  });
});

describe("the second stage", () => {
  it("keeps what concerns the running container, and not what concerns the build", () => {
    const text = lines(
      ...[build[0] ?? "", "ENV DOTNET_CLI_TELEMETRY_OPTOUT=1", "ENV TZ=UTC"],
      ...["RUN apt-get update && apt-get install -y libgdiplus git && rm -rf /var/lib/apt/lists/*"],
      ...["WORKDIR /src", "COPY *.csproj ./", "RUN dotnet restore", "COPY . .", publish, there, "LABEL a=b"],
      ...["HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1", "EXPOSE 8080", start],
    );
    const offers = offersOf(text);
    expect(lastStage(offers[0]?.text ?? "")).toBe(
      lines(
        "FROM mcr.microsoft.com/dotnet/aspnet:8.0",
        "RUN apt-get update \\",
        "    && apt-get install -y --no-install-recommends curl libgdiplus \\",
        "    && rm -rf /var/lib/apt/lists/*",
        ...["ENV TZ=UTC", "COPY --from=build /app /app", there, "LABEL a=b"],
        ...["HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1", "EXPOSE 8080", start],
      ),
    );
    expect(offers).toHaveLength(1);
  });
});

describe("nothing is offered", () => {
  it("where something else is made that the program may need", () => {
    expectNothing(lines(...build, publish, "RUN dotnet dev-certs https", there, start));
    expectNothing(lines(...build, publish, "RUN dotnet ef database update", there, start));
    expectNothing(lines(...build, publish, "RUN curl -o /app/geo.db https://example.com/geo.db", there, start));
    expectNothing(lines(...build, publish, 'SHELL ["/bin/bash", "-c"]', there, start));
    expectNothing(lines(...build, publish, there, "HEALTHCHECK CMD pwsh /check.ps1", start));
  });

  it("and nothing said, where the container builds, or is meant for working in it", () => {
    expect(reportsOf(lines(...build, 'CMD ["dotnet", "run"]'))).toEqual([]);
    expect(reportsOf(lines(...build, publish, 'CMD ["dotnet", "watch"]'))).toEqual([]);
    expect(reportsOf(whole, { path: "Dockerfile.dev" })).toEqual([]);
    expect(reportsOf(whole.replace("sdk:8.0", "sdk:8.0-nanoserver-ltsc2022"))).toEqual([]);
    expect(reportsOf(lines("FROM mcr.microsoft.com/dotnet/aspnet:8.0", "COPY out .", start))).toEqual([]);
  });
});
