/** The rules about COPY and ADD beyond their examples. */
import { describe, expect, it } from "vitest";
import { copyRules } from "../../../server/src/core/rules/copy/index";
import { benchOf } from "./setup";

const { expectMarks, fixed, reports } = benchOf(copyRules);

describe("add-instead-of-copy", () => {
  const rule = ["add-instead-of-copy"];

  it("keeps line ends and flags", () => {
    expect(fixed("FROM a:1\r\nADD --chown=1 --chmod=644 a /b\r\n", rule)).toBe(
      "FROM a:1\r\nCOPY --chown=1 --chmod=644 a /b\r\n",
    );
    expect(fixed('FROM a:1\nADD ["a b", "/c"]\n', rule)).toBe('FROM a:1\nCOPY ["a b", "/c"]\n');
    expect(fixed("FROM a:1\nADD <<EOF /b\nx\nEOF\n", rule)).toBe("FROM a:1\nCOPY <<EOF /b\nx\nEOF\n");
  });

  it("is unsafe only where a pattern may match an archive", () => {
    const kind = (source: string) => reports(`FROM a:1\nADD ${source} /b/\n`, rule)[0]?.fixes()[0]?.applicability;
    expect(kind("*.conf")).toBe("safe");
    expect(kind("app*")).toBe("unsafe");
    expect(kind("dir/")).toBe("safe");
    expect(kind("*.tar*")).toBe("unsafe");
  });

  it.each(["a.tar", "a.tgz", "a.tar.zst", "a.txz", "git@h:o/r", "https://h/r.git#v1", "https://h/a", "$X", "*.tar.gz"])(
    "leaves %s alone",
    (source) => {
      expectMarks(`FROM a:1\nADD ${source} /b/\n`, rule);
    },
  );

  it("looks into ONBUILD without mending it", () => {
    expect(fixed("FROM a:1\nONBUILD ADD a /b\n", rule)).toBeNull();
  });
});

describe("copy-multi-source-needs-slash", () => {
  const rule = ["copy-multi-source-needs-slash"];

  it("counts heredocs as sources", () => {
    expect(fixed("FROM a:1\nCOPY a <<EOF /b\nx\nEOF\n", rule)).toBe("FROM a:1\nCOPY a <<EOF /b/\nx\nEOF\n");
  });

  it("warns only, where BuildKit finds the folder there", () => {
    expect(reports("FROM a:1\nWORKDIR /app\nCOPY a b /app\n", rule)[0]?.severity).toBe("warning");
    expect(reports("FROM a:1\nWORKDIR /app\nCOPY a b /opt\n", rule)[0]?.severity).toBe("error");
  });

  it("answers hadolint for COPY alone, as hadolint does", () => {
    expect(reports("FROM a:1\nCOPY a b /c\n", rule)[0]?.aliases.hadolint).toEqual(["DL3021"]);
    expect(reports("FROM a:1\nADD a b /c\n", rule)[0]?.aliases.hadolint).toBeUndefined();
  });

  it("follows variables that are known", () => {
    expectMarks("FROM a:1\nARG D=/c\nCOPY a b [|$D|]\n", rule);
    expectMarks("FROM a:1\nARG D=/c/\nCOPY a b $D\n", rule);
  });
});

describe("copy-relative-destination", () => {
  const rule = ["copy-relative-destination"];

  it("does not rewrite what is quoted or computed", () => {
    expect(fixed('FROM alpine:3.24\nCOPY "a" "b"\n', rule)).toBeNull();
    expect(fixed("FROM alpine:3.24\nARG B=b\nCOPY a $B\n", rule)).toBeNull();
  });

  it.each([
    ["./", "/"],
    ["./b/", "/b/"],
    ["b/.", "/b/"],
    ["../b", "/b"],
  ])("knows where %s lands", (written, landing) => {
    expect(fixed(`FROM alpine:3.24\nCOPY a ${written}\n`, rule)).toBe(`FROM alpine:3.24\nCOPY a ${landing}\n`);
  });
});

describe("prefer-copy-chmod", () => {
  const rule = ["prefer-copy-chmod"];

  it("leaves Windows, heredocs, mounts and comments as they are", () => {
    expect(fixed("FROM a:1\nCOPY a.sh /\nRUN <<EOF\nchmod 755 /a.sh\nEOF\n", rule)).toBeNull();
    expect(fixed("FROM a:1\nCOPY a.sh /\nRUN --mount=type=tmpfs,target=/x chmod 755 /a.sh\n", rule)).toBeNull();
    expect(fixed("FROM a:1\nCOPY a.sh /\nRUN make \\\n  # then\n  && chmod 755 /a.sh\n", rule)).toBeNull();
    expectMarks('FROM a:1\nSHELL ["pwsh", "-c"]\nCOPY a.sh /\nRUN chmod 755 /a.sh\n', rule);
  });

  it("keeps the order of what is left", () => {
    expect(fixed("FROM a:1\nCOPY a.sh /\nRUN chmod 755 /a.sh && /a.sh && rm /b\n", rule)).toBe(
      "FROM a:1\nCOPY --chmod=755 a.sh /\nRUN /a.sh && rm /b\n",
    );
    expect(fixed("FROM a:1\nCOPY a.sh /\nRUN make || chmod 755 /a.sh\n", rule)).toBeNull();
  });

  it.each(["-R 755", "u+x", "--reference=/b", "$MODE", "go-w"])(
    "does not take %s for a mode that COPY could have",
    (mode) => {
      expectMarks(`FROM a:1\nCOPY a.sh /\nRUN chmod ${mode} /a.sh\n`, rule);
    },
  );

  it("does not guess after cd", () => {
    expectMarks("FROM a:1\nWORKDIR /w\nCOPY a.sh .\nRUN cd /x && chmod 755 a.sh\n", rule);
  });
});

describe("recursive-chown-doubles-layer", () => {
  const rule = ["recursive-chown-doubles-layer"];

  it("has no fix where a variable decides the owner, or several folders change", () => {
    expect(fixed("FROM a:1\nARG U=1\nCOPY . /a\nRUN chown -R $U /a\n", rule)).toBeNull();
    expect(fixed("FROM a:1\nCOPY . /a\nRUN chown -R 1 /a /b\n", rule)).toBeNull();
    expect(fixed("FROM a:1\nCOPY . /a\nCOPY --chown=2 x /a/x\nRUN chown -R 1 /a\n", rule)).toBeNull();
  });

  it("keeps line ends", () => {
    expect(fixed("FROM a:1\r\nCOPY . /a\r\nRUN chown -R 1:1 /a\r\nUSER 1\r\n", rule)).toBe(
      "FROM a:1\r\nCOPY --chown=1:1 . /a\r\nUSER 1\r\n",
    );
  });

  it.each([
    ["COPY a /x/a\nRUN chown -R 1 /x", "to /x/a a second time. Give the owner to COPY: --chown=1."],
    [
      "COPY a /x/a\nADD b /x/b\nRUN chown -R 1 /x",
      "to /x/a and /x/b a second time. Give the owner to each ADD and COPY: ",
    ],
    [
      "COPY a /x/a\nCOPY b /x/b\nCOPY c /x/c\nRUN chown -R 1 /y /x",
      "below /x a second time. Give the owner to each COPY: ",
    ],
    ["COPY a /x\nCOPY b /y\nCOPY c /z\nRUN chown -R 1 /x /y /z", "to /x and 2 other places a second time."],
    ["COPY a /x\nRUN chown -R 1 /x && chmod -R 755 /", "Give owner and mode to COPY: --chmod=755 --chown=1."],
    ["COPY --link a /x\nRUN chown -R app /x", "Give the owner to COPY: --chown=UID:GID, in numbers because of --link."],
    ["COPY --link a /x\nRUN chown -R 1:2 /x", "Give the owner to COPY: --chown=1:2."],
    [
      "COPY a /x\nRUN useradd -m app && chown -R app:app /x",
      "Make app in a RUN above the COPY, and give the owner there: ",
    ],
    ['COPY a /x\nRUN adduser -D "$U"\nRUN chown -R "$U" /x', "--chown="],
    ["RUN groupadd app\nCOPY a /x\nRUN chown -R root:app /x", "Give the owner to COPY: --chown=root:app."],
  ])("%s", (lines, message) => {
    const found = reports(`FROM a:1\n${lines}\n`, rule);
    expect(found.map((report) => report.message)).toEqual([expect.stringContaining(message)]);
  });

  it("is silent where a chmod of the same RUN stores all of it anew", () => {
    for (const chmod of [
      "chmod -R g=u /x",
      "chmod -R 777 /x",
      "chmod -R +x /x/*",
      "find /x -type f -exec chmod 644 {} +",
    ]) {
      expectMarks(`FROM a:1\nCOPY a /x\nRUN chown -R 1 /x && ${chmod}\n`, rule);
    }
    expectMarks("FROM a:1\nCOPY a /x\nRUN [|chown -R 1 /x|] && chmod -R g=u /x/a /y && chmod 600 /x\n", rule);
  });

  it("does not take /app2 for a part of /app", () => {
    expectMarks("FROM a:1\nCOPY . /app2\nRUN chown -R 1 /app\n", rule);
  });
});

describe("the build context", () => {
  it("judges nothing where nobody knows it", () => {
    const text = 'FROM a:1\nCOPY nothing.txt /x\nCOPY . .\nENTRYPOINT ["/x"]\n';
    const rules = ["copy-source-missing", "copy-ignored-file", "copy-whole-context", "entrypoint-not-executable"];
    expectMarks(text, rules);
  });

  it("looks for JSON sources, too", () => {
    expectMarks('FROM a:1\nCOPY [[|"a.txt"|], "/x"]\n', ["copy-source-missing"], { files: { b: "" } });
    expectMarks('FROM a:1\nCOPY [[|"a.txt"|], "/x"]\n', ["copy-ignored-file"], {
      files: { "a.txt": "", ".dockerignore": "*.txt" },
    });
  });
});

it("costs no more than the file is long", () => {
  const lines = Array.from(
    { length: 3000 },
    (_, at) => `COPY f${at}.sh /bin/\nRUN chmod 755 /bin/g${at}.sh && chown -R 1 /x`,
  );
  const start = performance.now();
  reports(
    `FROM alpine:3.24\n${lines.join("\n")}\n`,
    copyRules.map((rule) => rule.id),
  );
  expect(performance.now() - start).toBeLessThan(8000);
});
