/** Whole stages to start from. Each is what our own rules would ask for: pinned line, cache mounts, no root. */
import type { Catalogue, Day } from "../catalogue/types";
import { presentTag } from "./complete-image";
import type { Offer } from "./complete-item";

interface Template {
  readonly label: string;
  readonly detail: string;
  /** LSP's snippet syntax. `{{node:-slim}}` stands for the present tag of an image with that suffix. */
  readonly body: string;
}

/** Templates of whole Dockerfiles or stages, with the tags that are right today. */
export function stageSnippets(catalogue: Catalogue, today: Day): readonly Offer[] {
  return templates.map(({ label, detail, body }) => {
    const insert = body.replace(/\{\{([^:}]+):([^}]*)\}\}/g, (_, repository: string, suffix: string) => {
      const tag = presentTag(catalogue, today, repository, suffix);
      return `${repository}:${tag ?? `\${9:tag}${suffix}`}`;
    });
    return {
      kind: "snippet",
      label,
      insert,
      snippet: true,
      detail,
      documentation: `\`\`\`dockerfile\n${plainText(insert)}\n\`\`\``,
    };
  });
}

/** What a snippet looks like when all its places keep their defaults. */
export function plainText(snippet: string): string {
  return snippet
    .replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, "$1")
    .replace(/\$\{?\d+\}?/g, "")
    .replace(/\\([$}\\])/g, "$1");
}

const templates: readonly Template[] = [
  {
    label: "stage node",
    detail: "Node.js: install, build, run without root",
    body: `FROM {{node:}} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run \${1:build} && npm prune --omit=dev

FROM {{node:-slim}}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/\${2:dist} ./\${2:dist}
USER node
CMD ["node", "\${3:dist/server.js}"]
`,
  },
  {
    label: "stage python",
    detail: "Python: virtual environment, run without root",
    body: `FROM {{python:-slim}} AS build
RUN python -m venv /venv
ENV PATH=/venv/bin:\\$PATH
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt

FROM {{python:-slim}}
ENV PATH=/venv/bin:\\$PATH PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
RUN useradd --uid 10001 --no-log-init --create-home app
USER 10001
CMD ["python", "-m", "\${1:app}"]
`,
  },
  {
    label: "stage go",
    detail: "Go: compile, ship the program alone",
    body: `FROM {{golang:}} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \\\\
    CGO_ENABLED=0 go build -trimpath -o /\${1:app} \${2:./cmd/app}

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /\${1:app} /\${1:app}
ENTRYPOINT ["/\${1:app}"]
`,
  },
  {
    label: "stage java",
    detail: "Java with Maven: build, run on a JRE without root",
    body: `FROM maven:3-eclipse-temurin-21 AS build
WORKDIR /src
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 mvn -B dependency:go-offline
COPY src ./src
RUN --mount=type=cache,target=/root/.m2 mvn -B package -DskipTests

FROM eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /src/target/\${1:app}.jar ./\${1:app}.jar
RUN useradd --uid 10001 --no-log-init --create-home app
USER 10001
CMD ["java", "-jar", "\${1:app}.jar"]
`,
  },
  {
    label: "stage dotnet",
    detail: ".NET: publish, run without root",
    body: `FROM mcr.microsoft.com/dotnet/sdk:\${2:10.0} AS build
WORKDIR /src
COPY *.csproj ./
RUN --mount=type=cache,target=/root/.nuget/packages dotnet restore
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:\${2:10.0}
WORKDIR /app
COPY --from=build /app ./
USER \\$APP_UID
ENTRYPOINT ["dotnet", "\${1:App}.dll"]
`,
  },
  {
    label: "stage rust",
    detail: "Rust: compile, ship the program without root",
    body: `FROM {{rust:}} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \\\\
    cargo build --release --locked && cp target/release/\${1:app} /\${1:app}

FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /\${1:app} /\${1:app}
ENTRYPOINT ["/\${1:app}"]
`,
  },
  {
    label: "stage static site",
    detail: "Built files served by nginx without root",
    body: `FROM {{node:-slim}} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run \${1:build}

FROM nginxinc/nginx-unprivileged:\${3:stable-alpine}
COPY --from=build /app/\${2:dist} /usr/share/nginx/html
EXPOSE 8080
`,
  },
  {
    label: "stage",
    detail: "A stage of one's own",
    body: `FROM \${1:image} AS \${2:name}
WORKDIR /\${3:app}
COPY \${4:. .}
$0`,
  },
];
