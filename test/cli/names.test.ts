import { expect, test } from "vitest";
import { isDockerfileName } from "../../server/src/cli/names";

test.each([
  "Dockerfile",
  "dockerfile",
  "Containerfile",
  "a/b/Dockerfile",
  "C:\\x\\Dockerfile",
  "file:///a/Dockerfile.prod",
  "Dockerfile.prod",
  "Dockerfile.22.04",
  "Dockerfile-alpine",
  "Dockerfile_arm64",
  "api.dockerfile",
  "api.Dockerfile",
  "a.b.containerfile",
  "Containerfile.dev",
  "Dockerfile.test",
])("%s is one", (path) => {
  expect(isDockerfileName(path)).toBe(true);
});

test.each([
  "Dockerfile.dockerignore",
  "dockerfile.go",
  "Dockerfile.js",
  "Dockerfile.ts",
  "Dockerfile.py",
  "Dockerfile.md",
  "Dockerfile.j2",
  "Dockerfile.tmpl",
  "Dockerfile.template",
  "Dockerfile-template",
  "Dockerfile.in",
  "Dockerfile.erb",
  "Dockerfile.prod.j2",
  "dockerfile-lint",
  "MyDockerfile",
  "Dockerfiles",
  "Dockerfile/README",
  ".dockerignore",
  "docker-compose.yml",
  "dockerfile.svg",
  "Dockerfile~",
  ".dockerfile",
  "Dockerfile.",
  "",
])("%s is none", (path) => {
  expect(isDockerfileName(path)).toBe(false);
});
