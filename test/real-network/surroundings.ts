/** What the program needs of the machine: looked up once, then judged by a function that needs no machine. */
import { existsSync, readFileSync } from "node:fs";
import { programNamed } from "../support/programs.ts";

export type Surroundings = {
  readonly platform: string;
  /** 0: root; undefined: the system knows no users. */
  readonly user: number | undefined;
  /** Whether root may make network namespaces and devices: in containers it often may not. */
  readonly mayMakeNamespaces: boolean;
  readonly hasTun: boolean;
  /** The programs' paths; undefined: not installed. */
  readonly ip: string | undefined;
  readonly compiler: string | undefined;
  /** Of TCP, by their names. */
  readonly congestionControls: readonly string[];
};

const TUN = "/dev/net/tun";
const CONTROLS = "/proc/sys/net/ipv4/tcp_available_congestion_control";
/** The bits of CAP_NET_ADMIN and CAP_SYS_ADMIN, see capabilities(7). */
const NEEDED_CAPABILITIES = (1n << 12n) | (1n << 21n);

export function lookAround(): Surroundings {
  return {
    platform: process.platform,
    user: process.getuid?.(),
    mayMakeNamespaces: hasCapabilities(textOf("/proc/self/status")),
    hasTun: existsSync(TUN),
    ip: programNamed("ip"),
    compiler: programNamed("cc") ?? programNamed("gcc") ?? programNamed("clang"),
    congestionControls: textOf(CONTROLS).trim().split(" "),
  };
}

/** Why it cannot run here, and what to do about it, in one line; undefined: it can. */
export function lacking(around: Surroundings, congestion: string): string | undefined {
  const { platform, user, mayMakeNamespaces, hasTun, ip, compiler, congestionControls } = around;
  if (platform !== "linux") return "this needs Linux, for its network namespaces: run it in a virtual machine";
  if (user !== 0) return "only root may make network namespaces: run it with sudo";
  if (!mayMakeNamespaces)
    return "this root may not make network namespaces (CAP_SYS_ADMIN, CAP_NET_ADMIN): start the container with --privileged";
  if (!hasTun) return `there is no ${TUN}: modprobe tun, or start the container with --device ${TUN}`;
  if (ip === undefined) return "ip is not installed: apt-get install iproute2";
  if (compiler === undefined) return "there is no C compiler (cc, gcc or clang): apt-get install gcc libc6-dev";
  if (!congestionControls.includes(congestion))
    return `the kernel has no congestion control ${congestion}, but ${congestionControls.join(", ")}: modprobe tcp_${congestion}`;
  return undefined;
}

export function hasCapabilities(status: string): boolean {
  const [, bits] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return bits !== undefined && (BigInt(`0x${bits}`) & NEEDED_CAPABILITIES) === NEEDED_CAPABILITIES;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
