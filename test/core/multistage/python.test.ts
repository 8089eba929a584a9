/** Splitting a stage that installs Python packages and runs a Python program. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf, reportsOf } from "./offers";

const slim = "FROM python:3.14-slim";
const compiler = "RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*";
const pip = ["COPY requirements.txt .", "RUN pip install -r requirements.txt"];
const start = 'CMD ["gunicorn", "app:app"]';
const base = [slim, compiler, "WORKDIR /app", ...pip, "COPY . ."];
const count = (...parts: readonly string[]) => offersOf(lines(...parts)).length;
const only = (...parts: readonly string[]) => {
  const [offer, ...more] = offersOf(lines(...parts));
  expect(more).toEqual([]);
  return offer?.text ?? "";
};

describe("packages of pip", () => {
  it("move into a virtual environment, which is all that the second stage takes from the first", () => {
    const [offer] = offersOf(
      lines(
        slim,
        "ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1",
        "ENV CFLAGS=-O2",
        "RUN apt-get update && apt-get install -y gcc libpq-dev gettext",
        "WORKDIR /app",
        ...pip,
        "# the program",
        "COPY . .",
        "RUN python manage.py collectstatic --noinput",
        "LABEL team=web",
        "EXPOSE 8000",
        'HEALTHCHECK CMD ["python", "check.py"]',
        start,
      ),
    );
    expect(offer?.text).toBe(
      lines(
        `${slim} AS build`,
        "ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1",
        "ENV CFLAGS=-O2",
        "RUN apt-get update && apt-get install -y gcc libpq-dev gettext",
        "WORKDIR /app",
        "COPY requirements.txt .",
        "RUN python -m venv /opt/venv",
        "ENV PATH=/opt/venv/bin:$PATH",
        "RUN pip install -r requirements.txt",
        "",
        slim,
        "RUN apt-get update \\",
        "    && apt-get install -y --no-install-recommends gettext libpq5 \\",
        "    && rm -rf /var/lib/apt/lists/*",
        "ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1",
        "WORKDIR /app",
        "ENV PATH=/opt/venv/bin:$PATH",
        "COPY --from=build /opt/venv /opt/venv",
        "# the program",
        "COPY . .",
        "RUN python manage.py collectstatic --noinput",
        "LABEL team=web",
        "EXPOSE 8000",
        'HEALTHCHECK CMD ["python", "check.py"]',
        start,
      ),
    );
    expect(offer?.reason).toContain("/opt/venv");
  });

  it("keep line ends and the case of keywords", () => {
    const text = [
      "from python:3.14-slim",
      "run apt-get update && apt-get install -y gcc",
      "run pip install uwsgi",
      'cmd ["uwsgi"]',
      "",
    ].join("\r\n");
    const after = offersOf(text)[0]?.text ?? "";
    expect(after.split("\r\n")).toContain("run python -m venv /opt/venv");
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(after).toContain("from python:3.14-slim as build\r\n");
    expect(after).toContain("env PATH=/opt/venv/bin:$PATH\r\ncopy --from=build /opt/venv /opt/venv\r\ncmd");
  });

  it("are compiled with the files that come before them, which the program has as well", () => {
    const after = only(slim, compiler, "WORKDIR /app", "COPY . /app", "RUN pip install .", start);
    expect(after.match(/^COPY \. \/app$/gm)?.length).toBe(2);
    expect(after.indexOf("RUN python -m venv")).toBeGreaterThan(after.indexOf("COPY . /app"));
  });

  it("need the libraries behind their headers, under the names of the release", () => {
    const withHeaders = (from: string, install: string) => lastStage(only(from, install, ...pip, start));
    const apt =
      "RUN apt-get update && apt-get install -y build-essential default-libmysqlclient-dev libjpeg-dev libssl-dev";
    expect(withHeaders("FROM python:3.12-slim-bookworm", apt)).toContain(" libjpeg62-turbo libmariadb3 libssl3 \\");
    expect(withHeaders("FROM python:3.12-slim-trixie", apt)).toContain(" libjpeg62-turbo libmariadb3 libssl3t64 \\");
    const apk = "RUN apk add --no-cache build-base musl-dev postgresql-dev";
    expect(withHeaders("FROM python:3.12-alpine", apk)).toContain("RUN apk add --no-cache libpq libstdc++\n");
  });

  it("are not moved where the library behind some headers is not known", () => {
    expect(count(slim, "RUN apt-get update && apt-get install -y gcc libfoo-dev", ...pip, start)).toBe(0);
    expect(count(slim, "ARG MORE", "RUN apt-get update && apt-get install -y gcc $MORE", ...pip, start)).toBe(0);
    // Which release the tag stood on is not known any more.
    expect(count("FROM python:3.9-slim", "RUN apt-get update && apt-get install -y gcc libpq-dev", ...pip, start)).toBe(
      0,
    );
    expect(count("FROM python:3.9-slim", compiler, ...pip, start)).toBe(1);
  });

  it("take the parts of a RUN along that belong to the program", () => {
    const run = "RUN apt-get update && apt-get install -y gcc && pip install app && useradd -m web && mkdir /data";
    expect(lastStage(only(slim, run, "USER web", 'CMD ["app"]'))).toBe(
      lines(
        slim,
        "ENV PATH=/opt/venv/bin:$PATH",
        "COPY --from=build /opt/venv /opt/venv",
        "RUN useradd -m web \\",
        "    && mkdir /data",
        "USER web",
        'CMD ["app"]',
      ),
    );
    expect(
      count(slim, "RUN apt-get update && apt-get install -y gcc && cd /x && pip install a && mkdir d", start),
    ).toBe(0);
    expect(
      count(slim, "RUN apt-get update && apt-get install -y gcc && D=/x && pip install a && mkdir $D", start),
    ).toBe(0);
  });

  it("keep the digest and the variables of the base", () => {
    const digest = `python:3.14-slim@sha256:${"ab".repeat(32)}`;
    const pinned = offersOf(lines(`FROM ${digest}`, ...base.slice(1), start))[0];
    expect(pinned?.base).toBe(digest);
    const variable = offersOf(lines("ARG V=3.14", "FROM python:$V-slim", ...base.slice(1), start))[0];
    expect(variable?.base).toBe("python:$V-slim");
  });

  it("leave a monorepo's folders where they are", () => {
    const after = only(
      ...[slim, compiler, "WORKDIR /srv", "COPY services/api/requirements.txt services/api/"],
      ...["RUN pip install -r services/api/requirements.txt", "COPY services/api services/api", "COPY shared shared"],
      'CMD ["python", "services/api/main.py"]',
    );
    expect(lastStage(after)).toContain("COPY services/api services/api\nCOPY shared shared\n");
    expect(lastStage(after)).not.toContain("requirements.txt");
  });

  it("stand on a system that is brought up to date as before", () => {
    const apt = "RUN apt-get update && apt-get upgrade -y && apt-get install -y gcc";
    expect(lastStage(only(slim, apt, ...pip, start))).toContain(
      "RUN apt-get update \\\n    && apt-get upgrade -y \\\n    && rm -rf /var/lib/apt/lists/*\n",
    );
    const apk = "RUN apk upgrade --no-cache && apk add --no-cache gcc libffi-dev";
    expect(lastStage(only("FROM python:3.14-alpine", apk, ...pip, start))).toContain(
      "RUN apk upgrade --no-cache\nRUN apk add --no-cache libffi libgcc\n",
    );
  });

  it("stay where system packages come from other places than the system's own", () => {
    const apt = (text: string) => count(slim, `RUN ${text}`, ...pip, start);
    expect(apt("apt-get update && apt-get install -y gcc")).toBe(1);
    expect(apt("echo deb https://example.com/a > /etc/apt/sources.list.d/a.list && apt-get install -y gcc a")).toBe(0);
    expect(apt("apt-get install -y -t trixie-backports gcc a")).toBe(0);
    expect(apt("ACCEPT_EULA=Y apt-get install -y gcc a")).toBe(0);
    expect(apt("add-apt-repository ppa:a/b && apt-get install -y gcc a")).toBe(0);
    expect(apt("dpkg -i /a.deb && apt-get install -y gcc")).toBe(0);
    expect(count(slim, "COPY a.list /etc/apt/sources.list.d/", compiler, ...pip, start)).toBe(0);
  });

  it("get git only where the program may call it", () => {
    const apt = "RUN apt-get update && apt-get install -y gcc git";
    expect(lastStage(only(slim, apt, ...pip, start))).toContain(" git ");
    expect(lastStage(only(slim, apt, "RUN pip install git+https://example.com/a.git", start))).not.toContain("apt-get");
  });

  it("get the library that LightGBM loads, where the list names it", () => {
    const [offer] = offersOf(lines(...base, start), { files: { "requirements.txt": "lightgbm==4.5.0\n" } });
    expect(offer?.text).toContain(" libgomp1 ");
  });
});

describe("other places and tools", () => {
  it("a virtual environment of the file's own is copied as it is", () => {
    const after = only(
      ...[slim, compiler, "ENV VIRTUAL_ENV=/opt/env", "RUN python3 -m venv $VIRTUAL_ENV"],
      ...['ENV PATH="$VIRTUAL_ENV/bin:$PATH"', "COPY requirements.txt .", "RUN pip install -r requirements.txt"],
      ...["COPY . /app", 'CMD ["python", "/app/main.py"]'],
    );
    expect(lastStage(after)).toBe(
      lines(
        ...[
          slim,
          "ENV VIRTUAL_ENV=/opt/env",
          'ENV PATH="$VIRTUAL_ENV/bin:$PATH"',
          "COPY --from=build /opt/env /opt/env",
        ],
        ...["COPY . /app", 'CMD ["python", "/app/main.py"]'],
      ),
    );
    expect(after).not.toContain("/opt/venv");
  });

  const uv = ["COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/", "WORKDIR /app", "ENV PATH=/app/.venv/bin:$PATH"];

  it("uv's environment lies beside the project, and uv stays behind", () => {
    const after = only(
      ...[slim, compiler, ...uv, "ENV UV_COMPILE_BYTECODE=1", "COPY pyproject.toml uv.lock ./"],
      ...[
        "RUN uv sync --frozen --no-install-project",
        "COPY . .",
        "RUN uv sync --frozen",
        'CMD ["uvicorn", "app:app"]',
      ],
    );
    expect(lastStage(after)).toBe(
      lines(
        ...[
          slim,
          "WORKDIR /app",
          "ENV PATH=/app/.venv/bin:$PATH",
          "COPY . .",
          "COPY --from=build /app/.venv /app/.venv",
        ],
        'CMD ["uvicorn", "app:app"]',
      ),
    );
  });

  it("uv comes along where the program starts by it", () => {
    const after = only(slim, compiler, ...uv, "COPY . .", "RUN uv sync --frozen", 'CMD ["uv", "run", "main.py"]');
    expect(lastStage(after)).toContain("COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/\n");
    expect(
      count(
        slim,
        compiler,
        "RUN pip install uv",
        "WORKDIR /app",
        "COPY . .",
        "RUN uv sync",
        'CMD ["uv", "run", "a.py"]',
      ),
    ).toBe(0);
  });

  it("uv pip finds the new environment instead of the system's", () => {
    const after = only(
      slim,
      compiler,
      "RUN pip install uv",
      "COPY requirements.txt .",
      "RUN uv pip install --system -r requirements.txt",
      start,
    );
    expect(after).toContain("ENV PATH=/opt/venv/bin:$PATH VIRTUAL_ENV=/opt/venv\n");
    expect(after).toContain("RUN uv pip install -r requirements.txt\n");
  });

  it("Poetry installs into the new environment, or into the project", () => {
    const poetry = [slim, compiler, "RUN pip install poetry", "WORKDIR /app", "COPY pyproject.toml poetry.lock ./"];
    const system = only(
      ...poetry,
      "RUN poetry config virtualenvs.create false && poetry install --only main",
      "COPY . .",
      start,
    );
    expect(system).toContain("ENV PATH=/opt/venv/bin:$PATH VIRTUAL_ENV=/opt/venv\n");
    const inside = only(
      ...[...poetry, "ENV POETRY_VIRTUALENVS_IN_PROJECT=1", "RUN poetry install --no-root", "COPY . ."],
      'CMD [".venv/bin/python", "main.py"]',
    );
    expect(lastStage(inside)).toContain("COPY --from=build /app/.venv /app/.venv\n");
    // Its own folder has a name that nobody can foresee.
    expect(count(...poetry, "RUN poetry install", "COPY . .", 'CMD ["poetry", "run", "app"]')).toBe(0);
    expect(count(...poetry, "RUN poetry install", "COPY . .", 'CMD ["python", "main.py"]')).toBe(0);
  });

  it("places that are not followed keep the stage whole", () => {
    for (const flags of ["--user a", "--target /x a", "--prefix=/x a", "-e .", "--root /x a"]) {
      expect(count(slim, compiler, `RUN pip install ${flags}`, start), flags).toBe(0);
    }
    expect(count(slim, compiler, "ENV PIP_TARGET=/x", "RUN pip install a", start)).toBe(0);
    expect(count(slim, compiler, "RUN useradd u", "USER u", "RUN pip install a", start)).toBe(0);
    expect(count("FROM python:2.7-slim", compiler, "RUN pip install a", start)).toBe(0);
  });
});

describe("what leads past the new environment", () => {
  it("is a path of the old one", () => {
    expect(count(...base, 'CMD ["/usr/local/bin/gunicorn", "app:app"]')).toBe(0);
    expect(count(...base, 'CMD ["/usr/local/bin/python", "a.py"]')).toBe(0);
    expect(count(...base, "ENV PYTHONPATH=/usr/local/lib/python3.14/site-packages", start)).toBe(0);
    expect(count(...base, "RUN cp -r /usr/local/lib/python3.14/site-packages/x /x", start)).toBe(0);
  });

  it("is a PATH or a program that resets it", () => {
    expect(count(...base, "ENV PATH=/usr/bin:/bin", start)).toBe(0);
    expect(count(...base, "ENV PATH=/usr/local/bin:$PATH", start)).toBe(0);
    expect(count(...base, "ENV PATH=$PATH:/app/bin", start)).toBe(1);
    expect(count(...base, 'CMD ["bash", "-lc", "gunicorn app:app"]')).toBe(0);
    expect(count(...base, 'CMD ["su", "web", "-c", "gunicorn app:app"]')).toBe(0);
  });
});

describe("scripts that start", () => {
  const text = lines(...base, 'ENTRYPOINT ["./entrypoint.sh"]', start);
  const offersWith = (script: string) => offersOf(text, { files: { "entrypoint.sh": script } }).length;

  it("are read, and nothing is offered while they cannot be", () => {
    expect(offersWith('#!/bin/sh\npython manage.py migrate\nexec "$@"\n')).toBe(1);
    expect(offersOf(text).length).toBe(0);
    expect(offersOf(text, { files: { "other.sh": "" } }).length).toBe(0);
  });

  it("may not install, compile or leave the environment", () => {
    expect(offersWith("#!/bin/sh\npip install -r more.txt\n")).toBe(0);
    expect(offersWith("#!/bin/sh\ngcc -o a a.c\n")).toBe(0);
    expect(offersWith("#!/bin/sh\nsu web -c 'python a.py'\n")).toBe(0);
    expect(offersWith("#!/bin/sh\n# pip install is done before\nexec gunicorn app:app\n")).toBe(1);
  });
});

describe("the full image", () => {
  const full = ["FROM python:3.14", "WORKDIR /app", ...pip, "COPY . .", start];
  const requirements = (text: string, ...file: readonly string[]) =>
    offersOf(lines(...(file.length > 0 ? file : full)), { files: { "requirements.txt": text } });

  it("installs, and the slim one of the same release runs", () => {
    const [offer] = requirements("flask==3.1.0\ngunicorn>=23 # server\npsycopg2\n");
    expect(offer?.base).toBe("python:3.14-slim");
    expect(offer?.text).toContain("--no-install-recommends libpq5 \\\n");
    expect(offer?.reason).toContain("no compiler, git or curl");
    expect(reportsOf(lines(...full))[0]?.severity).toBe("hint");
  });

  it("keeps its release and its variables", () => {
    const from = (...lead: readonly string[]) => requirements("flask\n", ...lead, ...full.slice(1))[0]?.base;
    expect(from("FROM python:3.13-bookworm")).toBe("python:3.13-slim-bookworm");
    expect(from("ARG VERSION=3.13", "FROM python:${VERSION}")).toBe("python:${VERSION}-slim");
    expect(from("ARG IMAGE=python:3.13", "FROM $IMAGE")).toBe(undefined);
    // Nobody builds it any more, so which release it is does not show.
    expect(from("FROM python:3.7")).toBe(undefined);
  });

  it("is kept where the packages are not known, or want more of it", () => {
    expect(offersOf(lines(...full)).length).toBe(0);
    expect(requirements("flask\n-r more.txt\n").length).toBe(0);
    expect(requirements("git+https://example.com/a.git\n").length).toBe(0);
    expect(requirements("opencv-python\n").length).toBe(0);
    expect(requirements("Pillow==9.0.0\n").length).toBe(0);
    expect(requirements("Pillow==12.1.0\n").length).toBe(1);
    expect(requirements("Pillow\n").length).toBe(1);
  });

  it("gives way with the programs that the health check and scripts call", () => {
    const check = "HEALTHCHECK CMD curl -f http://localhost/ || exit 1";
    const [offer] = requirements("flask\n", ...full.slice(0, -1), check, start);
    expect(offer?.text).toContain("--no-install-recommends curl \\\n");
    expect(requirements("flask\n", ...full.slice(0, -1), "HEALTHCHECK CMD git status", start).length).toBe(0);
    expect(requirements("flask\n", ...full.slice(0, -1), "RUN git clone https://example.com/a", start).length).toBe(0);
  });

  it("is looked up in lock files", () => {
    const text = lines(
      ...["FROM python:3.14", "COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/", "WORKDIR /app", "COPY . ."],
      ...["RUN uv sync --frozen", 'CMD [".venv/bin/python", "a.py"]'],
    );
    const lock = (name: string) => `version = 1\n\n[[package]]\nname = "${name}"\nversion = "1.0"\n`;
    expect(offersOf(text, { files: { "uv.lock": lock("mysqlclient") } })[0]?.text).toContain(" libmariadb3 ");
    expect(offersOf(text, { files: { "uv.lock": lock("weasyprint") } }).length).toBe(0);
    expect(offersOf(text).length).toBe(0);
  });
});

describe("stages that stay whole", () => {
  it("develop, test or run several programs", () => {
    for (const command of [
      '["flask", "run", "--debug"]',
      '["uvicorn", "a:a", "--reload"]',
      '["supervisord"]',
      '["bash"]',
    ]) {
      expect(reportsOf(lines(...base, `CMD ${command}`)), command).toEqual([]);
    }
    expect(reportsOf(lines(...base, "ONBUILD COPY . /x", start))).toEqual([]);
    expect(reportsOf(lines(...base, start), { path: ".devcontainer/Dockerfile" })).toEqual([]);
    expect(reportsOf(lines("FROM nvidia/cuda:12.4.1-devel-ubuntu22.04", compiler, ...pip, start))).toEqual([]);
    expect(reportsOf(lines("ARG V", "FROM python:$V", compiler, ...pip, start))).toEqual([]);
  });

  it("do something that nobody knows", () => {
    expect(count(...base, "RUN make install", start)).toBe(0);
    expect(count(...base, "RUN ./setup.sh", start)).toBe(0);
    expect(count(...base, "RUN curl -fsSL https://example.com/x | sh", start)).toBe(0);
    expect(count(...base, "RUN npm ci && npm run build", start)).toBe(0);
    expect(count(...base, "RUN python setup.py build_ext --inplace", start)).toBe(0);
  });
});
