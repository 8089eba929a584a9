// A Git server on the loopback that wants a password, for projects that clone while they are built.
import { cpSync, createReadStream, existsSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const inside = "/work/git";

/**
 * Serves the files of a folder as the repository `<name>.git` to whoever knows the password, under any user name.
 * Returns `stop()`.
 */
export async function serveGit(workshop, { folder, name, port, password }) {
  const root = path.join(workshop.work, "git");
  rmSync(root, { recursive: true, force: true });
  cpSync(folder, path.join(root, name), { recursive: true });
  const identity = { GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@example.com" };
  const committer = { GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@example.com" };
  const script = `cd ${inside}/${name} && git init --quiet && git add . && git commit --quiet --message first
    git clone --quiet --bare . ../${name}.git && git -C ../${name}.git update-server-info`;
  await workshop.run(["sh", "-euc", script], { env: { ...identity, ...committer } });

  const server = createServer((request, answer) => {
    const [, login = ""] = (request.headers.authorization ?? "").split(" ");
    if (!Buffer.from(login, "base64").toString().endsWith(`:${password}`)) {
      answer.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
      return;
    }
    const file = path.join(root, path.normalize(new URL(request.url, "http://localhost").pathname));
    if (!file.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) answer.writeHead(404).end();
    else createReadStream(file).pipe(answer);
  });
  await new Promise((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
  return { stop: () => server.close() };
}
