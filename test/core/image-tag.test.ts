import { describe, expect, test } from "vitest";
import { compareTags, readTag } from "../../server/src/core/image/tag";

describe("a tag taken apart", () => {
  const cases: readonly (readonly [string, string | null, readonly number[], readonly string[], string | null])[] = [
    // tag, version, numbers, variants, system
    ["latest", null, [], ["latest"], null],
    ["24", "24", [24], [], null],
    ["3.14-slim-bookworm", "3.14", [3, 14], ["slim"], "debian 12"],
    ["1.27.0-alpine3.24", "1.27.0", [1, 27, 0], ["alpine"], "alpine 3.24"],
    ["25.0.4_7-jre-noble", "25.0.4_7", [25, 0, 4, 7], ["jre"], "ubuntu 24.04"],
    ["8u502-b07-jdk-alpine-3.24", "8u502-b07", [8, 502, 7], ["jdk", "alpine"], "alpine 3.24"],
    ["19beta3-trixie", "19beta3", [19], [], "debian 13"],
    ["8.5.10RC1-zts", "8.5.10RC1", [8, 5, 10], ["zts"], null],
    ["4.0.0-rc-5-eclipse-temurin-21-noble", "4.0.0-rc-5", [4, 0, 0], ["eclipse", "temurin", "21"], "ubuntu 24.04"],
    ["27-ea-12-jdk", "27-ea-12", [27], ["jdk"], null],
    ["v3.7.11", "3.7.11", [3, 7, 11], [], null],
    ["stream9", "9", [9], [], null],
    ["ee-8.1.2.4", "8.1.2.4", [8, 1, 2, 4], [], null],
    ["jdk25-resolute", null, [], ["jdk25"], "ubuntu 26.04"],
    ["trixie-20260803-slim", null, [], ["20260803", "slim"], "debian 13"],
    ["9.7-jdk25-corretto-al2023", "9.7", [9, 7], ["jdk25", "corretto"], "amazonlinux 2023"],
    ["2-builder-windowsservercore-ltsc2022", "2", [2], ["builder", "windowsservercore"], "windows 2022"],
    ["10.0-nanoserver-1809", "10.0", [10, 0], ["nanoserver"], "windows 1809"],
    ["12.2.0-cudnn8-devel-ubuntu22.04", "12.2.0", [12, 2, 0], ["cudnn8", "devel"], "ubuntu 22.04"],
    ["jre-headless-ubuntu-noble", null, [], ["jre", "headless"], "ubuntu 24.04"],
    // ROS has releases of its own called kinetic and lunar.
    ["kinetic-ros-base-xenial", null, [], ["kinetic", "ros", "base"], "ubuntu 16.04"],
    ["2023.12.20260817.0", "2023.12.20260817.0", [2023, 12, 20260817, 0], [], null],
    ["", null, [], [""], null],
  ];
  test.each(cases)("%s", (tag, version, numbers, variants, system) => {
    const parts = readTag(tag);
    expect(parts).toMatchObject({ text: tag, version, numbers, variants, precision: numbers.length });
    expect(parts.system && `${parts.system.family} ${parts.system.version}`).toBe(system);
  });

  test("tells a pre-release", () => {
    expect(readTag("3.15.0rc1").prerelease).toBe("rc1");
    expect(readTag("3.5-dev5-trixie").prerelease).toBe("dev5");
    expect(readTag("3.15.0").prerelease).toBeNull();
  });
});

describe("the order of tags", () => {
  const order = (a: string, b: string): number | null => compareTags(readTag(a), readTag(b));

  test("numbers count, not letters", () => {
    expect(order("3.9-slim", "3.10-slim")).toBeLessThan(0);
    expect(order("8u92-b14-jdk", "8u502-b07-jdk")).toBeLessThan(0);
    expect(order("25.0.4_7", "25.0.4_10")).toBeLessThan(0);
    expect(order("24", "24")).toBe(0);
  });

  test("a pre-release comes before its release", () => {
    expect(order("19beta3", "19")).toBeLessThan(0);
    expect(order("19rc1", "19beta3")).toBeGreaterThan(0);
    expect(order("27-ea-9-jdk", "27-ea-12-jdk")).toBeLessThan(0);
  });

  test("tags of different kinds have no order", () => {
    expect(order("3.14", "3.14-slim")).toBeNull();
    expect(order("3.14", "3.14.1")).toBeNull();
    expect(order("3.14-bookworm", "3.14-trixie")).toBeNull();
    expect(order("v3", "3")).toBeNull();
    expect(order("latest", "24")).toBeNull();
  });
});
