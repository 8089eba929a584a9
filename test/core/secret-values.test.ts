/** Names and values: what the detector takes for a credential, and what it does not. */
import { describe, expect, it } from "vitest";
import { isSecretName, nameWords } from "../../server/src/core/secret/names";
import { findCredentials, isPlaceholder, valueShape } from "../../server/src/core/secret/values";

const words = (lines: readonly string[]) => lines.join(" ").split(" ");

const secret = words([
  "NPM_TOKEN GITHUB_TOKEN GH_TOKEN AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN MYSQL_ROOT_PASSWORD",
  "POSTGRES_PASSWORD DB_PASS PGPASSWORD SSH_PRIVATE_KEY SECRET_KEY_BASE RAILS_MASTER_KEY",
  "DJANGO_SECRET_KEY SA_PASSWORD MSSQL_SA_PASSWORD NPM_AUTH COMPOSER_AUTH HTTP_BASIC_AUTH",
  "SENTRY_AUTH_TOKEN NUGET_PAT GITLAB_DEPLOY_PAT apiKey dbPassword passphrase GPG_PASSPHRASE",
  "GIT_AUTH_TOKEN PASSWORD SECRET TOKEN JWT_SECRET COOKIE_SECRET ENCRYPTION_KEY SIGNING_KEY",
  "LICENSE_KEY HF_TOKEN OPENAI_API_KEY",
]);
const benign = words([
  "KEYBOARD KEYBOARD_LAYOUT PUBLIC_KEY SSH_PUBLIC_KEY APT_KEY_URL KEY_ID KMS_KEY_ALIAS KEY_NAME",
  "KEYCLOAK_VERSION TOKENIZERS_PARALLELISM MAX_TOKENS TOKEN_LIMIT TOKEN_EXPIRY_SECONDS",
  "PASSWORD_FILE POSTGRES_PASSWORD_FILE SESSION_SECRET_FILE SECRET_NAME AUTH_MODULE_VERSION",
  "AUTH_ENABLED REQUIRE_MFA_AUTH CREDENTIAL_MANAGER DOCKER_CREDENTIAL_GCR_CONFIG",
  "PASSWORD_PROMPT_STRING OAUTH2_PROXY_VERSION KEEPASSXC_VERSION NEXT_PUBLIC_STRIPE_KEY",
  "VITE_API_KEY REACT_APP_API_KEY KEYSIZE SSL_KEY_PATH NGROK_CA_KEY static_variables_file_key",
  "COMPASS AUTHOR MONKEY PASSENGER_VERSION BYPASS_CACHE PRIVATE_REGISTRY TRAVIS_OS_NAME",
  "ALLOW_EMPTY_PASSWORD",
]);
/** People disagree about these; the name alone never makes a finding. */
const debatable = words([
  "AWS_ACCESS_KEY_ID PIP_INDEX_URL PIP_EXTRA_INDEX_URL DATABASE_URL SENTRY_DSN SLACK_WEBHOOK_URL",
  "CONNECTION_STRING GPG_KEY USERNAME DOCKER_USERNAME KEY AUTH",
]);

describe("names", () => {
  it("covers the whole table", () => expect([secret.length, benign.length, debatable.length]).toEqual([36, 40, 12]));
  it.each(secret)("%s is a secret", (name) => expect(isSecretName(name)).toBe(true));
  it.each(benign)("%s is none", (name) => expect(isSecretName(name)).toBe(false));
  it.each(debatable)("%s alone says nothing", (name) => expect(isSecretName(name)).toBe(false));

  it.each([
    "DB_PASSWORD2",
    "ssh_prv_key",
    "NuGetPackageSourceCredentials_corp",
    "BUNDLE_GEMS__CONTRIBSYS__COM",
    "CARGO_REGISTRIES_CORP_TOKEN",
    "LDAP_ROOTPASS",
    "ACCESSTOKEN",
    "DB_PWD",
  ])("%s is a secret as well", (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    "PWD",
    "OLDPWD",
    "SECRET_KEY_BASE_DUMMY",
    "BUNDLE_BUILD__NOKOGIRI",
    "MYSQL_RANDOM_ROOT_PASSWORD",
    "API_KEY_HEADER",
    "NOPASSWORD",
    "",
    "_",
    "K".repeat(100_000),
  ])("%s is none as well", (name) => expect(isSecretName(name)).toBe(false));

  it("splits at separators and at camel case", () => {
    expect(nameWords("dbPassword")).toEqual(["db", "password"]);
    expect(nameWords("npm.auth-Token_2")).toEqual(["npm", "auth", "token"]);
  });
});

describe("values", () => {
  it.each([
    "changeme",
    "password",
    "<token>",
    "xxxxxxxx",
    "your-api-key",
    "secret-for-docker-build",
    "[secret key]",
    "%TOKEN%",
  ])("%s is a stand-in", (value) => expect(isPlaceholder(value)).toBe(true));
  it.each(["hunter2", "Str0ng!Pass", "kJ83hs9Qq", "fsociety"])("%s is not", (value) =>
    expect(isPlaceholder(value)).toBe(false),
  );

  it.each([
    ["API_KEY", "", "none"],
    ["API_KEY", "/run/secrets/key", "harmless"],
    ["SERVER_KEY", "tls.key", "harmless"],
    ["USE_TOKEN", "true", "harmless"],
    ["RELEASE_SIGNING_KEY", "0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D", "harmless"],
    [
      "RELEASE_SIGNING_KEY",
      "0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D 573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62",
      "harmless",
    ],
    ["RESET_OS_PASSWORD", "resetOSPassword.sh", "harmless"],
    ["DB_PASSWORD", "scripts/password.py", "harmless"],
    ["DB_PASSWORD", "a.shift", "literal"],
    ["API_KEY", "0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D", "literal"],
    ["POSTGRES_PASSWORD", "postgres", "placeholder"],
    ["AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "placeholder"],
    ["NEXTAUTH_SECRET", "test-nextauth-secret", "placeholder"],
    ["DB_PASSWORD", "hunter2", "literal"],
  ] as const)("%s=%s is %s", (name, value, shape) => expect(valueShape(name, value)).toBe(shape));
});

describe("patterns", () => {
  const body = "q7Zp3Kx9Lm2Vb8Nc4Rt6Wy1Hs5Jd0Gf7Ta3Ue9Io";
  it.each([
    ["a GitHub token", `ghp_${body.slice(0, 36)}`],
    ["a GitLab token", `glpat-${body.slice(0, 20)}`],
    ["an npm token", `npm_${body.slice(0, 36)}`],
    ["a Slack token", `xoxb-${body.slice(0, 24)}`],
    ["a Google API key", `AIza${body.slice(0, 35)}`],
    ["an AWS access key", "AKIAQ7ZP3KX9LM2VB8NC"],
    ["an API key", `sk-${body}`],
    ["a signed token (JWT)", `eyJ${body}.eyJ${body}.${body}`],
    ["an address with a password in it", "https://ci:Kq83hsQz@pypi.corp.test/simple"],
  ])("finds %s", (label, text) => {
    const found = findCredentials(`x="${text}" y`);
    expect(found.map((one) => one.label)).toEqual([label]);
    expect(found[0]?.from).toBe(3);
  });

  it("finds a private key only with its body", () => {
    expect(findCredentials(`-----BEGIN RSA PRIVATE KEY-----\\n${body}${body}`)).toHaveLength(1);
    expect(findCredentials('echo "-----BEGIN RSA PRIVATE KEY-----" > k')).toEqual([]);
  });

  it.each([
    "AKIAIOSFODNN7EXAMPLE",
    "https://$USER:$TOKEN@host/",
    "https://$TOKEN:x-oauth-basic@host/",
    "postgres://postgres:postgres@db/app",
    "amqp://app:changeme@mq/",
    "git@github.com:o/r.git",
    "https://host:8080/a@b",
    "ask-something-rather-long-without-digits",
    "https://user@host/",
  ])("leaves %s alone", (text) => expect(findCredentials(text)).toEqual([]));

  it("reads hostile texts in linear time", () => {
    const long = ["a://b:", "eyJ", "sk-", "-----BEGIN PRIVATE KEY-----", "ghp_"]
      .map((piece) => piece.repeat(40_000))
      .join(" ");
    const start = performance.now();
    findCredentials(long);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
