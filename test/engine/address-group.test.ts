import { addressGroupOf, siteOf } from "@starwake/server/engine/address-group.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

test("all addresses of one IPv6 network of 64 bits are one group", () => {
  expect(addressGroupOf("2001:db8:0:1::7")).toBe("2001:db8:0:1::/64");
  expect(addressGroupOf("2001:db8:0:1:ffff:ffff:ffff:ffff")).toBe(addressGroupOf("2001:db8:0:1::7"));
  expect(addressGroupOf("2001:db8:0:2::7")).not.toBe(addressGroupOf("2001:db8:0:1::7"));
  expect(addressGroupOf("fe80::1%eth0")).toBe("fe80::/64");
});

test("an IPv4 address is a group by itself, also where it is written as an IPv6 one", () => {
  expect(addressGroupOf("192.0.2.7")).toBe("192.0.2.7");
  expect(addressGroupOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  expect(addressGroupOf("192.0.2.8")).not.toBe(addressGroupOf("192.0.2.7"));
});

test("an IPv4 address that came through a network without any counts as such a one", () => {
  expect(addressGroupOf("64:ff9b::c000:207")).toBe("192.0.2.7");
  expect(addressGroupOf("64:ff9b:1::c000:207")).toBe("64:ff9b:1::/64");
});

test("the networks of one site of 48 bits belong together; an IPv4 address is a site by itself", () => {
  expect(siteOf("2001:db8:1:1::/64")).toBe("2001:db8:1::/48");
  expect(siteOf("2001:db8:1:ffff::/64")).toBe("2001:db8:1::/48");
  expect(siteOf("2001:db8:2:1::/64")).toBe("2001:db8:2::/48");
  expect(siteOf("fe80::/64")).toBe("fe80::/48");
  for (const group of ["192.0.2.7", "", "nonsense"]) expect(siteOf(group)).toBe(group);
});

test(`[seed ${SEED}] a site is the first 48 bits of its networks' addresses, zeros among them or not`, () => {
  const part = fc.oneof(fc.constant(0), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(part, { minLength: 4, maxLength: 4 }), (parts) => {
      const groupOf = (...some: number[]) =>
        addressGroupOf([...some, 0, 0, 0, 1].map((one) => one.toString(16)).join(":"));
      const [one, two, three, four] = parts;
      expect(siteOf(groupOf(one, two, three, four))).toBe(groupOf(one, two, three, 0).replace("/64", "/48"));
    }),
    withSeed(500),
  );
});

test("what is no address is a group by itself", () => {
  expect(addressGroupOf("")).toBe("");
  expect(addressGroupOf("nonsense")).toBe("nonsense");
});
