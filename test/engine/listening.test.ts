/** Where the server listens, and what it says of that. */
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { pageAddress } from "../../server/page-address.ts";
import { runServerToItsEnd, startServer } from "../support/server-process.ts";

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
const alive = async (url: string) => (await fetch(`${url}/healthz`)).text();

test.each([
  ["", "http://localhost:3000"],
  ["::", "http://localhost:3000"],
  ["0.0.0.0", "http://localhost:3000"],
  ["127.0.0.1", "http://localhost:3000"],
  ["::1", "http://[::1]:3000"],
  ["192.0.2.7", "http://192.0.2.7:3000"],
  ["2001:db8::1", "http://[2001:db8::1]:3000"],
  ["play.example", "http://play.example:3000"],
])("a server that listens on %j is opened at %s", (host, address) => {
  expect(pageAddress(host, 3000)).toBe(address);
});

describe("a server", { timeout: 60_000 }, () => {
  test("without --host answers on every address, IPv6 where there is IPv6, and where it says", async () => {
    const { port, told } = await startServer(["--host=", "--pilots", "0"]);
    expect(await alive(`http://127.0.0.1:${port}`)).toBe("alive\n");
    if (hasIpv6) expect(await alive(`http://[::1]:${port}`)).toBe("alive\n");
    expect(told).toBe(`http://localhost:${port}`);
    expect(await alive(told)).toBe("alive\n");
  });

  test("with --host answers there alone, and says where", async () => {
    const { port, told } = await startServer(["--host", "127.0.0.3", "--pilots", "0"]);
    expect(told).toBe(`http://127.0.0.3:${port}`);
    expect(await alive(told)).toBe("alive\n");
    await expect(alive(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  test.runIf(hasIpv6)("with --host ::1 answers where it says", async () => {
    const { port, told } = await startServer(["--host", "::1", "--pilots", "0"]);
    expect(told).toBe(`http://[::1]:${port}`);
    expect(await alive(told)).toBe("alive\n");
  });

  test("with an address that the machine has not says so, and how to mend it", async () => {
    const { code, errors } = await runServerToItsEnd(["--host", "192.0.2.7", "--port", "0"]);
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^this machine has no address 192\.0\.2\.7: .*--host.*\n$/),
    ]);
  });
});
