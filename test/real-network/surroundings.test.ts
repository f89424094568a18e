/** Where the program cannot run it says what is missing, and what to do. */
import { expect, test } from "vitest";
import { isStale } from "./namespaces.ts";
import { hasCapabilities, lacking, type Surroundings } from "./surroundings.ts";

const SOUND: Surroundings = {
  ...{ platform: "linux", user: 0, mayMakeNamespaces: true, hasTun: true },
  ...{ ip: "/usr/sbin/ip", compiler: "/usr/bin/cc", congestionControls: ["reno", "cubic"] },
};

test("nothing is missing where all is there", () => {
  expect(lacking(SOUND, "cubic")).toBeUndefined();
});

test.for<[string, Partial<Surroundings>, RegExp]>([
  ["another system", { platform: "darwin" }, /needs Linux.*virtual machine/],
  ["another user", { user: 1000 }, /only root.*sudo/],
  ["a system without users", { user: undefined }, /only root/],
  ["a container that holds root back", { mayMakeNamespaces: false }, /CAP_SYS_ADMIN.*--privileged/],
  ["no device", { hasTun: false }, /\/dev\/net\/tun.*modprobe tun/],
  ["no ip", { ip: undefined }, /ip is not installed.*apt-get install iproute2/],
  ["no compiler", { compiler: undefined }, /C compiler.*apt-get install gcc/],
  ["no such congestion control", { congestionControls: ["reno"] }, /cubic, but reno.*modprobe tcp_cubic/],
])("%s is named in one line, with what to do", ([, missing, words]) => {
  const told = lacking({ ...SOUND, ...missing }, "cubic");
  expect(told).toMatch(words);
  expect(told).not.toContain("\n");
});

test("of several that are missing, what is told first is what the others need", () => {
  const nothing = { ...SOUND, platform: "win32", user: undefined, hasTun: false, ip: undefined, compiler: undefined };
  expect(lacking(nothing, "cubic")).toContain("Linux");
});

test.for([
  ["all of root's", "000001ffffffffff", true],
  ["a container's, without CAP_NET_ADMIN", "00000000a82425fb", false],
  ["CAP_NET_ADMIN alone", "0000000000001000", false],
  ["both, and nothing else", "0000000000201000", true],
] as const)("capabilities are read from the process's status: %s", ([, bits, isEnough]) => {
  expect(hasCapabilities(`Name:\tnode\nCapEff:\t${bits}\nCapBnd:\t000001ffffffffff\n`)).toBe(isEnough);
});

test("a status that tells of no capabilities has none", () => {
  expect(hasCapabilities("")).toBe(false);
});

test("a namespace is stale when its maker is gone, and no one else's ever is", () => {
  const isThere = (pid: number) => pid === 7;
  expect(isStale("starwake-8-server", isThere)).toBe(true);
  expect(isStale("starwake-8-players", isThere)).toBe(true);
  expect(isStale("starwake-7-server", isThere)).toBe(false);
  for (const name of ["starwake", "starwake-x-server", "my-starwake-8-server", "starwake-8-server-2", "vpn"])
    expect(isStale(name, isThere)).toBe(false);
});
