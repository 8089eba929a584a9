/** Running as another user than root: what the fixes give to it, and where there must be none. */
import { describe, expect, it } from "vitest";
import { applyFixes } from "../../../server/src/core/fix";
import { fixed, input, noAction, reports, titles } from "./user-setup";

/** A stage of Node.js with some lines, its folder and its start. */
const node = (lines: string, start = 'CMD ["node", "server.js"]') =>
  `FROM node:26\nWORKDIR /app\nCOPY . .\n${lines}${start}\n`;

const firstTitle = (text: string, files?: { readonly [path: string]: string }) =>
  titles(text, files ? { files } : {})[0]?.[0];

describe("what starts and writes gets its folder at once", () => {
  const packageJson = (start: string) => ({
    "package.json": JSON.stringify({ scripts: { start, serve: "npm start" } }),
  });

  it.each([
    [
      "Vite",
      'CMD ["npx", "vite"]',
      "RUN mkdir -p /app /app/node_modules \\\n    && chown node:node /app /app/node_modules\n",
    ],
    [
      "Next.js",
      'CMD ["next", "start"]',
      "RUN mkdir -p /app/.next /app/.next/cache \\\n    && chown node:node /app/.next /app/.next/cache\n",
    ],
    [
      "Rails",
      'CMD ["./bin/rails", "server"]',
      "RUN mkdir -p /app/db /app/log /app/storage /app/tmp \\\n    && chown -R node:node /app/db /app/log /app/storage /app/tmp\n",
    ],
    [
      "Laravel",
      "CMD php artisan serve",
      "RUN mkdir -p /app/storage /app/bootstrap/cache \\\n    && chown -R node:node /app/storage /app/bootstrap/cache\n",
    ],
    [
      "Django with SQLite",
      'CMD ["python", "manage.py", "runserver"]',
      "RUN mkdir -p /app \\\n    && chown node:node /app\n",
    ],
    ["celery beat", 'CMD ["celery", "-A", "x", "beat"]', "RUN mkdir -p /app \\\n    && chown node:node /app\n"],
    ["a server for state", 'CMD ["redis-server"]', "RUN mkdir -p /app \\\n    && chown node:node /app\n"],
  ])("%s", (_, start, run) => {
    expect(fixed(node("", start))).toBe(node(`${run}USER node\n`, start));
  });

  it("sees through the scripts of package.json", () => {
    for (const start of ['CMD ["npm", "start"]', "CMD yarn serve", 'CMD ["npm", "run", "serve"]']) {
      expect(firstTitle(node("", start), packageJson("react-scripts start"))).toBe(
        "Add USER node and give it /app and /app/node_modules",
      );
      expect(firstTitle(node("", start), packageJson("node server.js"))).toBe("Add USER node");
    }
  });

  it("gives the standalone server of Next.js its cache", () => {
    const text = 'FROM node:26\nWORKDIR /app\nCOPY --from=build /app/.next/standalone ./\nCMD ["node", "server.js"]\n';
    expect(firstTitle(text)).toBe("Add USER node and give it /app/.next and /app/.next/cache");
  });

  it("gives frameworks of PHP their folders, whatever serves them", () => {
    const on = (run: string) => firstTitle(`FROM php:8.5-fpm\nWORKDIR /app\nRUN ${run}\nCMD ["rr", "serve"]\n`);
    expect(on("bin/console cache:clear")).toBe("Add USER www-data and give it /app/var");
    expect(on("php artisan config:cache")).toBe("Add USER www-data and give it /app/storage and /app/bootstrap/cache");
  });

  it("gives what a RUN opened to a group", () => {
    expect(fixed(node("RUN chmod -R 775 storage\n"))).toContain("&& chown -R node:node /app/storage\nUSER node\n");
    expect(fixed(node("RUN chmod -R 777 storage\n"))).toBe(node("RUN chmod -R 777 storage\nUSER node\n"));
  });

  it("gives folders that the start script makes", () => {
    const text = 'FROM node:26\nCOPY start.sh /\nCMD ["/start.sh"]\n';
    const on = (script: string) => firstTitle(text, { "start.sh": script });
    expect(on("mkdir -p /srv/app/logs\nexec node x\n")).toBe("Add USER node and give it /srv/app/logs");
    expect(on('mkdir -p "/srv/app/$NAME"\nexec node x\n')).toBe("Add USER node and give it /srv/app");
    expect(on('DIR=x\nmkdir -p "$DIR"\nmkdir -p /tmp/y\nexec node x\n')).toBe("Add USER node");
    expect(on("export HOME=/srv/home\nexec node x\n")).toBe("Add USER node and give it /srv/home");
    expect(titles(node("", "CMD export HOME=/app/home && node x"))).toEqual(noAction);
    expect(titles(node("", "CMD export HOME=/tmp && node x"))[0]).not.toEqual([]);
  });

  it("asks nothing of a volume beyond the volume", () => {
    expect(firstTitle(node("VOLUME /data\n", 'CMD ["redis-server", "--dir", "/data"]'))).toBe(
      "Add USER node and give it /data",
    );
  });

  it("hands over the volume of an image that nobody knows", () => {
    const text = 'FROM company/app\nRUN useradd -u 5 web\nVOLUME /data\nCMD ["x"]\n';
    expect(fixed(text, { rules: ["user-created-never-used"] })).toBe(
      'FROM company/app\nRUN useradd -u 5 web\nRUN mkdir -p /data \\\n    && chown -R web /data\nVOLUME /data\nUSER 5\nCMD ["x"]\n',
    );
  });

  it("hands over a home that is there before the account", () => {
    expect(fixed('FROM debian:trixie\nWORKDIR /home/app\nCOPY x /home/app/x\nCMD ["./x"]\n')).toContain(
      "RUN chown 10001:10001 /home/app\nUSER 10001:10001\n",
    );
  });
});

describe("separate actions", () => {
  it("offers the user alone, with its folder, with what is copied there, and by its number", () => {
    expect(titles(node(""))).toEqual([
      [
        "Add USER node",
        "Add USER node and give it /app",
        "Add USER node and give it /app with what is copied there",
        "Add USER 1000:1000",
      ],
    ]);
  });

  it("gives each COPY of the folder its owner, and the folder itself", () => {
    expect(
      fixed(
        'FROM node:26\nWORKDIR /app\nCOPY package.json ./\nCOPY --from=build /x ./x\nCOPY etc /etc/app\nCMD ["node"]\n',
        {},
        2,
      ),
    ).toBe(
      'FROM node:26\nWORKDIR /app\nCOPY --chown=node:node package.json ./\nCOPY --from=build --chown=node:node /x ./x\nCOPY etc /etc/app\nRUN chown node:node /app\nUSER node\nCMD ["node"]\n',
    );
  });

  it("names nobody in a COPY before the account is there, nor with --link", () => {
    const offers = (text: string) =>
      titles(text)
        .flat()
        .some((title) => title.includes("copied"));
    expect(offers('FROM debian:trixie\nWORKDIR /a\nCOPY . .\nRUN useradd web\nCMD ["x"]\n')).toBe(false);
    expect(offers('FROM debian:trixie\nWORKDIR /a\nRUN useradd web\nCOPY . .\nCMD ["x"]\n')).toBe(true);
    expect(offers('FROM node:26\nWORKDIR /a\nCOPY --link . .\nCMD ["node"]\n')).toBe(false);
    expect(offers('FROM alpine:3.24\nWORKDIR /a\nCOPY --link . .\nCMD ["x"]\n')).toBe(true);
  });

  it("stands the numbers first where they are wanted", () => {
    const options = { numeric: true };
    expect(fixed('FROM node:26\nCMD ["node"]\n', { options })).toBe('FROM node:26\nUSER 1000:1000\nCMD ["node"]\n');
    expect(titles('FROM node:26\nCMD ["node"]\n', { options })).toEqual([["Add USER 1000:1000", "Add USER node"]]);
  });
});

describe("the account that copies are given to", () => {
  const on = (base: string, owner: string) =>
    firstTitle(`FROM ${base}\nCOPY --chown=${owner} x /srv/x\nCOPY y /srv/y\nCMD ["/srv/x"]\n`);
  it.each([
    ["debian:trixie", "nobody:root", "Add USER nobody"],
    ["debian:trixie", "1234:5678", "Add USER 1234:5678"],
    ["node:26", "node:node", "Add USER node"],
    ["node:26", "1234", "Add USER 1234"],
    ["debian:trixie", "root:root", "Create the account app and run as it"],
    ["debian:trixie", "www-data", "Create the account app and run as it"],
    ["debian:trixie", "${WHO}", "Create the account app and run as it"],
  ])("%s, %s: %s", (base, owner, title) => {
    expect(on(base, owner)).toBe(title);
  });
});

describe("the style of OpenShift", () => {
  const ubi = "registry.access.redhat.com/ubi9/ubi";
  it("is that of Red Hat's images", () => {
    const text = `FROM ${ubi}\nWORKDIR /app\nVOLUME /data\nCMD ["/app/server"]\n`;
    expect(fixed(text)).toBe(
      `FROM ${ubi}\nWORKDIR /app\nRUN mkdir -p /data \\\n    && chgrp -R 0 /data \\\n    && chmod -R g=u /data\nVOLUME /data\nUSER 1001\nCMD ["/app/server"]\n`,
    );
    expect(fixed(text, {}, 1)).toContain("RUN chgrp 0 /app \\\n    && chmod g=u /app\nUSER 1001\n");
    expect(titles(text).flat()).toContain("Add USER 1001 and give it /data, with HOME=/tmp");
  });

  it("is an option elsewhere, and no duty there", () => {
    const options = { style: "openshift" };
    expect(fixed('FROM node:26\nCMD ["node"]\n', { options })).toBe('FROM node:26\nUSER 1001\nCMD ["node"]\n');
    expect(fixed(`FROM ${ubi}\nCMD ["x"]\n`, { options: { style: "account" } })).toContain("USER 10001:10001");
    expect(fixed('FROM scratch\nCOPY x /\nCMD ["/x"]\n', { options })).toContain("USER 65532:65532");
  });

  it("gives a number without a home one, where the program needs it", () => {
    const options = { style: "openshift" };
    const text = 'FROM node:26\nCMD ["npm", "start"]\n';
    expect(fixed(text, { options })).toBe('FROM node:26\nENV HOME=/tmp\nUSER 1001\nCMD ["npm", "start"]\n');
    expect(fixed(`FROM node:26\nENV HOME=/srv/home\nCMD ["npm", "start"]\n`, { options })).not.toContain("HOME=/tmp");
  });
});

describe("files that only root may use", () => {
  const alpine = (lines: string) => `FROM alpine:3.24\n${lines}ENTRYPOINT ["/start.sh"]\n`;
  it.each([
    ["chmod 700 /start.sh", "chmod 755 /start.sh"],
    ["chmod 0700 /start.sh", "chmod 0755 /start.sh"],
    ["chmod 744 /start.sh", "chmod 755 /start.sh"],
    ["chmod 711 /start.sh", "chmod 755 /start.sh"],
    ["chmod u+x /start.sh", "chmod a+x /start.sh"],
  ])("%s becomes %s", (before, after) => {
    const text = alpine(`COPY start.sh /\nRUN ${before}\n`);
    const [report] = reports(text);
    expect(fixed(text)).toContain(`RUN ${after}\nUSER 10001:10001\n`);
    expect(report?.fixes()[0]?.reason).toContain("everybody may then run /start.sh");
  });

  it("opens what COPY closes", () => {
    expect(fixed(alpine("COPY --chmod=700 start.sh /\n"))).toContain("COPY --chmod=755 start.sh /\n");
  });

  it.each(["chmod +x /start.sh", "chmod 755 /start.sh", "chmod 0440 /etc/sudoers.d/x", "chmod 700 /root/.ssh"])(
    "leaves %s as it is",
    (run) => {
      expect(fixed(alpine(`RUN ${run}\n`))).toContain(`RUN ${run}\n`);
    },
  );

  it("offers nothing where a file is closed on purpose", () => {
    expect(titles(alpine("COPY key /srv/key\nRUN chmod 600 /srv/key\n"))).toEqual(noAction);
    expect(titles(alpine("COPY --chmod=400 key /srv/key\n"))).toEqual(noAction);
    const given = "RUN adduser -D web\nCOPY key /srv/key\nRUN chmod 600 /srv/key && chown web /srv/key\n";
    expect(firstTitle(alpine(given))).toBe("Add USER web");
  });
});

describe("no fix where the start needs root", () => {
  const script = (text: string) =>
    titles('FROM node:26\nCOPY start.sh /\nCMD ["/start.sh"]\n', { files: { "start.sh": text } });
  it.each([
    ["chown -R node /data"],
    ["sed -i s/a/b/ /etc/app.conf"],
    ["echo x > /etc/app.conf"],
    ["envsubst < /a > /app/config.js"],
    ["cp /a /usr/share/b"],
    ["mkdir -p /etc/app"],
    ["touch /var/log/app.log"],
    ["ln -sf /dev/stdout /var/log/app.log"],
    ["apt-get install -y curl"],
    ["update-ca-certificates"],
    ["service ssh start"],
    ["sysctl -w net.core.somaxconn=1024"],
    ["usermod -u 5 node"],
    ['cp "/x/$NAME" "/host/$VENDOR.$NAME"'],
    ['echo x > "/srv/x/$NAME"'],
    ["/etc/init.d/app start"],
    ["app-server start"],
    ["cd /srv/x && rm build/*.json"],
    ["mv /app/a /app/b"],
    ["app --user root"],
  ])("%s", (line) => {
    expect(script(`#!/bin/sh\n${line}\nexec node x\n`)).toEqual(noAction);
  });

  it.each([
    ["rm -f tmp/server.pid"],
    ['cp /x "$SOMEWHERE/y" && echo x > "$FILE"'],
    ['cp /x "/tmp/$NAME"'],
    ["mkdir -p /tmp/a && echo x > /tmp/a/b"],
    ["echo x > /dev/stderr 2>&1"],
    ["sed s/a/b/ /etc/app.conf"],
    ["hostname -f"],
    ["service --help"],
    ['if [ "$(id -u)" = 0 ]; then chown node /data; fi'],
  ])("but where it does not: %s", (line) => {
    expect(script(`#!/bin/sh\n${line}\nexec node x\n`)[0]).not.toEqual([]);
  });

  it("says what it is", () => {
    const text = 'FROM node:26\nCOPY start.sh /\nCMD ["/start.sh"]\n';
    expect(reports(text, { files: { "start.sh": "chown node /data\n" } })[0]?.message).toBe(
      "The container runs as root, as node:26 does by default. When it starts, it does what only root may (chown). Do that in a RUN, then switch with USER.",
    );
  });

  it.each([
    ["tests and builds", 'CMD ["go", "run", "."]'],
    ["an installation", "CMD npm install && npm start"],
    ["Maven", 'CMD ["./mvnw", "spring-boot:run"]'],
    ["cargo", 'CMD ["cargo", "run"]'],
    ["dotnet watch", 'CMD ["dotnet", "watch"]'],
    ["rsync", "CMD rsync --daemon --no-detach"],
    ["certbot", 'ENTRYPOINT ["certbot"]'],
    ["a server for state in root's folder", 'WORKDIR /\nCMD ["etcd"]'],
  ])("%s", (_, start) => {
    expect(titles(node("", start))).toEqual(noAction);
  });

  it.each([
    ["docker.sock", "VOLUME /var/run/docker.sock\n"],
    ["a device", "ENV PORT=/dev/ttyUSB0\n"],
    ["tcpdump", "RUN apt-get install -y tcpdump\n"],
    ["iptables", "RUN apt-get install -y iptables\n"],
    ["a tunnel", "RUN apt-get install -y openvpn\n"],
    ["systemd", "RUN apt-get install -y systemd\n"],
    ["cron", "RUN apt-get install -y cron\n"],
    ["a login server", "RUN apt-get install -y openssh-server\n"],
    ["supervisor", "RUN apt-get install -y supervisor\n"],
    ["Docker", "RUN apt-get install -y docker.io\n"],
  ])("%s in the image", (_, line) => {
    expect(titles(node(line))).toEqual(noAction);
  });

  it("where a stage on top of it installs packages", () => {
    const text = 'FROM node:26 AS app\nCMD ["node"]\nFROM app\nRUN apt-get update\nCMD ["node"]\n';
    expect(titles(text, { target: "app" })).toEqual(noAction);
    expect(titles(text)[0]).not.toEqual([]);
  });

  it("where its volume cannot be handed over, and where people develop", () => {
    expect(titles('FROM scratch\nCOPY x /\nVOLUME /data\nCMD ["/x"]\n')).toEqual(noAction);
    const text = 'FROM node:26 AS dev\nCMD ["node"]\n';
    expect(titles(text)).toEqual(noAction);
    expect(reports(text)[0]?.severity).toBe("hint");
  });
});

describe("no fix where the program lies in the home of root", () => {
  it.each([
    ["COPY --from=build /root/.local /root/.local\n"],
    ["RUN pip install --user flask\n"],
    ["RUN curl -LsSf https://astral.sh/uv/install.sh | sh\n"],
    ["RUN curl https://sh.rustup.rs | sh -s -- -y\n"],
    ["RUN npx playwright install chromium\n"],
    ["RUN poetry install\n"],
    ["RUN python -m nltk.downloader punkt\n"],
    ["RUN mkdir -p ~/.aws && echo x > ~/.aws/config\n"],
    ["ENV HOME=/root/\n"],
  ])("%s", (line) => {
    expect(titles(node(line))).toEqual(noAction);
  });

  it.each([
    ["COPY --from=build /root/app /app\n"],
    ["RUN rm -rf /root/.cache ~/.npm\n"],
    ["RUN --mount=type=cache,target=/root/.npm npm ci\n"],
    ["RUN git config --file ~/.gitconfig a b\n"],
    ["ENV PLAYWRIGHT_BROWSERS_PATH=/opt/p\nRUN npx playwright install chromium\n"],
    ["RUN poetry config virtualenvs.create false && poetry install\n"],
  ])("but where it does not: %s", (line) => {
    expect(titles(node(line))[0]).not.toEqual([]);
  });
});

describe("nginx", () => {
  const action = (text: string, files?: { readonly [path: string]: string }) =>
    reports(text, files ? { files } : {})[0]?.fixes()[0];

  it("is never given USER nginx", () => {
    for (const text of ["FROM nginx:1.31\n", 'FROM nginx:1.31\nCMD ["/start.sh"]\n', "FROM nginx:1.31-alpine\nRUN x\n"])
      expect(titles(text).flat().join()).not.toContain("USER nginx");
  });

  it("moves the port of a configuration that the file holds", () => {
    expect(
      fixed(
        "FROM nginx:1.31\nCOPY <<EOF /etc/nginx/conf.d/default.conf\nserver {\n  listen 80;\n  listen [::]:80 default_server;\n  listen 8081;\n}\nEOF\nEXPOSE 80\n",
      ),
    ).toBe(
      "FROM nginxinc/nginx-unprivileged:1.31\nCOPY <<EOF /etc/nginx/conf.d/default.conf\nserver {\n  listen 8080;\n  listen [::]:8080 default_server;\n  listen 8081;\n}\nEOF\nEXPOSE 8080\n",
    );
    expect(fixed("FROM nginx:1.31\nRUN echo 'server { listen 80; }' > /etc/nginx/conf.d/default.conf\n")).toContain(
      "echo 'server { listen 8080; }'",
    );
  });

  it("moves the pid of a main configuration that the file holds", () => {
    const on = (body: string) => fixed(`FROM nginx:1.31\nCOPY <<EOF /etc/nginx/nginx.conf\n${body}EOF\n`);
    expect(on("pid /run/nginx.pid;\nevents {}\n")).toContain("pid /tmp/nginx.pid;\nevents {}\n");
    expect(on("events {}\n")).toContain("<<EOF /etc/nginx/nginx.conf\npid /tmp/nginx.pid;\nevents {}\n");
    expect(on("pid /tmp/x.pid;\nevents {}\n")).toContain("conf\npid /tmp/x.pid;\nevents {}\n");
  });

  it("asks the configuration of the context", () => {
    const text = "FROM nginx:1.31\nCOPY site.conf /etc/nginx/conf.d/default.conf\nEXPOSE 80\n";
    const fix = action(text, {
      "site.conf": "server { listen 80; }",
      "compose.yaml": 'ports: ["8000:80"]\nx:\n  - "80:80"\n',
    });
    expect(fix?.reason).toBe(
      "It runs as user 101, for whom site.conf should listen on 8080 instead of 80, as should EXPOSE and compose.yaml.",
    );
    expect(fixed(text, { files: { "site.conf": "server { listen 80; }" } })).toContain("EXPOSE 80\n");
    expect(fixed(text, { files: { "site.conf": "server { listen 8080; }" } })).toContain("EXPOSE 8080\n");
    expect(action(text)?.reason).toContain("`listen 80` in the configuration that is copied");
  });

  it("adds the pid to a main configuration of the context, or leaves it be", () => {
    const text = "FROM nginx:1.31\nCOPY nginx.conf /etc/nginx/nginx.conf\n";
    expect(action(text, { "nginx.conf": "events {}\n" })?.otherFiles).toEqual([
      { path: "nginx.conf", append: "pid /tmp/nginx.pid;" },
    ]);
    expect(action(text, { "nginx.conf": "pid /tmp/nginx.pid;\nevents {}\n" })?.otherFiles).toBeUndefined();
    expect(titles(text, { files: { "nginx.conf": "pid /run/nginx.pid;\n" } })).toEqual(noAction);
    expect(reports(text, { files: { "nginx.conf": "pid /run/nginx.pid;\n" } })[0]?.message).toContain(
      "`pid /tmp/nginx.pid;` has to stand in nginx.conf, instead of the pid there.",
    );
    expect(titles(text)).toEqual(noAction);
    expect(
      titles("FROM nginx:1.31\nCOPY conf/ /etc/nginx/\n", { files: { "conf/nginx.conf": "pid /run/x;\n" } }),
    ).toEqual(noAction);
    expect(titles(`${text}CMD ["nginx", "-g", "pid /tmp/nginx.pid; daemon off;"]\n`)[0]).not.toEqual([]);
  });
});

describe("root at the end, and a user before it", () => {
  it("switches back to the image's own user", () => {
    expect(fixed("FROM jenkins/jenkins:lts\nUSER root\nRUN apt-get update\n")).toContain(
      "RUN apt-get update\nUSER jenkins\n",
    );
  });

  it("does not take a user for the container that only set up a server", () => {
    const text = 'FROM debian:trixie\nUSER postgres\nRUN createdb x\nUSER root\nRUN y\nCMD ["app"]\n';
    expect(titles(text).flat().join()).not.toContain("postgres");
  });
});

describe("no-sudo", () => {
  const rules = ["no-sudo"];
  const kinds = (run: string) =>
    reports(`FROM debian:trixie\nRUN ${run}\n`, { rules })[0]
      ?.fixes()
      .map((fix) => fix.applicability);

  it("is mended without a look only before what looks at nothing", () => {
    expect(kinds("sudo apt-get update && sudo mkdir /x")).toEqual(["safe"]);
    expect(kinds("sudo ./install.sh")).toEqual(["unsafe"]);
    expect(kinds("sudo apt-get update && sudo pip install x")).toEqual(["unsafe"]);
    expect(kinds("sudo -E apt-get update")).toEqual(["unsafe"]);
    expect(kinds("sudo -u web mkdir /x")).toEqual([]);
    expect(kinds("sudo -i mkdir /x")).toEqual([]);
  });
});

it("comes to an end, whatever has to be given", () => {
  for (const text of [
    node("", 'CMD ["npx", "vite"]'),
    node("VOLUME /data\nRUN chmod 775 logs\n", "CMD php artisan serve"),
    'FROM alpine:3.24\nCOPY start.sh /\nRUN chmod u+x /start.sh\nCMD ["/start.sh"]\n',
    "FROM nginx:1.31\nCOPY <<EOF /etc/nginx/nginx.conf\nevents {}\nEOF\n",
  ]) {
    const result = applyFixes(input(text), { unsafe: true });
    expect(result.converged).toBe(true);
    expect(reports(result.text)).toEqual([]);
  }
});

describe("folders that are made for the program", () => {
  const given = (lines: string) => firstTitle(node(lines));

  it("gives what mkdir makes and nothing fills", () => {
    expect(fixed(node("RUN mkdir -p uploads /var/log/shop\n"))).toBe(
      node("RUN mkdir -p uploads /var/log/shop\nRUN chown node:node /app/uploads /var/log/shop\nUSER node\n"),
    );
    expect(given("RUN mkdir -p a b/c\n")).toBe("Add USER node and give it /app/a and /app/b/c");
    expect(given("RUN mkdir -p /data && mkdir /data/in\n")).toBe("Add USER node and give it /data/in");
  });

  it.each([
    ["a COPY fills it", "RUN mkdir -p /app/views\nCOPY views /app/views\n"],
    ["a WORKDIR goes there", "RUN mkdir -p /srv/shop\nWORKDIR /srv/shop\n"],
    ["another command names it", "RUN mkdir -p /opt/tool && tar -xf tool.tar -C /opt/tool\n"],
    ["something is written there", "RUN mkdir -p /opt/tool && echo a > /opt/tool/settings\n"],
    ["it is handed over already", "RUN mkdir -p cache && chown 1234 cache\n"],
    ["nobody knows in which folder it is made", "RUN cd $DIR && mkdir cache\n"],
    ["its name depends on a variable", "RUN mkdir -p $CACHE\n"],
    ["it belongs to the system", "RUN mkdir -p /usr/share/man/man1 /etc/shop /var/lib/apt/lists/partial\n"],
  ])("leaves it where %s", (_, lines) => {
    expect(given(lines)).toBe("Add USER node");
  });
});

describe("what the sources in the context write beside themselves", () => {
  const withFolder = "Add USER node and give it /app with what is copied there";
  const first = (name: string, text: string) => firstTitle(node(""), { [name]: text });

  it.each([
    ["index.js", 'fs.mkdirSync("uploads", { recursive: true });'],
    ["src/index.ts", 'writeFileSync(path.join(__dirname, "../state.json"), "{}");'],
    ["server.js", 'const uploads = path.resolve("uploads");\nfs.mkdirSync(uploads);'],
    ["upload.js", 'multer({ dest: "uploads/" })'],
    ["app.py", 'db = sqlite3.connect("notes.db")'],
    ["app.py", 'open("app.log", "a").write("x")'],
    ["app/main.py", 'UPLOADS = Path("uploads")\nUPLOADS.mkdir(exist_ok=True)'],
    ["app.py", 'engine = create_engine("sqlite:///notes.db")'],
    ["public/index.php", '<?php file_put_contents(__DIR__."/../cache/a", "1");'],
    ["main.go", 'os.WriteFile("state.json", data, 0o600)'],
    ["src/main.rs", 'std::fs::write("state.json", "{}")?;'],
  ])("gives the folder first: %s %s", (name, text) => {
    expect(first(name, text)).toBe(withFolder);
  });

  it.each([
    ["index.js", 'fs.mkdirSync("/tmp/uploads");'],
    ["index.js", "fs.writeFileSync(process.env.STATE, text);"],
    ["index.js", 'const file = "/data/state.json";\nfs.writeFileSync(file, text);'],
    ["test/index.js", 'fs.mkdirSync("uploads");'],
    ["webpack.config.js", 'fs.mkdirSync("dist");'],
    ["app.py", 'open("settings.json", "r")\nopen("page.html")'],
    ["app.py", 'create_engine("sqlite:////data/notes.db")\ncreate_engine("sqlite:///:memory:")'],
    ["notes.txt", 'fs.mkdirSync("uploads")'],
  ])("leaves it to root: %s %s", (name, text) => {
    expect(first(name, text)).toBe("Add USER node");
  });

  it("still offers the other ways", () => {
    expect(titles(node(""), { files: { "index.js": 'fs.mkdirSync("uploads");' } })[0]?.slice(0, 3)).toEqual([
      withFolder,
      "Add USER node and give it /app",
      "Add USER node",
    ]);
  });
});

describe("a server from a package with an account of its own", () => {
  const redis = (from: string, install: string) =>
    `FROM ${from}\nRUN ${install}\nVOLUME /var/lib/redis\nCMD ["redis-server", "/etc/redis/redis.conf"]\n`;

  it("runs as that account, which alone may read its settings", () => {
    expect(firstTitle(redis("debian:trixie-slim", "apt-get update && apt-get install -y redis-server"))).toBe(
      "Add USER redis and give it /var/lib/redis",
    );
  });

  it("makes an account where the server comes from elsewhere", () => {
    expect(firstTitle(redis("debian:trixie-slim", "make -C /src install"))).toMatch(/^Create the account app/);
    expect(firstTitle(redis("alpine:3.24", "apk add redis"))).toMatch(/^Create the account app/);
  });
});
