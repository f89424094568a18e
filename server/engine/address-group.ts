/**
 * Address groups: what limits by address count by. Whoever has one IPv6 address has all 2^64 of its network, so those count
 * as one; an IPv4 address counts by itself, also where the socket writes it as an IPv6 one.
 *
 * Many have more than one such network: a home 256 of them, a company 65,536 (RFC 6177). So groups belong to sites, and all
 * groups of a site together may have as much as a few. That is more than one may have, since the telephones of many people
 * can lie in one site.
 */
import ipaddr from "ipaddr.js";

/** Groups of 16 bits that name an IPv6 network: 64 bits, the least that a provider hands out. */
const NETWORK_PARTS = 4;
const NETWORK = "/64";
/** The same of a site: 48 bits. */
const SITE_PARTS = 3;
/** A site may have as much as so many groups. */
export const GROUPS_OF_A_SITE = 8;
/** IPv6 addresses that stand for IPv4 ones, where a network that has none of those passes them on (RFC 6052). */
const TRANSLATED = ipaddr.parseCIDR("64:ff9b::/96") as [ipaddr.IPv6, number];

/**
 * @param address as a socket has it
 * @returns "192.0.2.7", or "2001:db8:0:1::/64"; what is no address is a group by itself
 */
export function addressGroupOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  const whole = parsed as ipaddr.IPv6;
  if (whole.match(TRANSLATED)) return new ipaddr.IPv4(whole.toByteArray().slice(-4)).toString();
  return `${firstParts(whole, NETWORK_PARTS)}${NETWORK}`;
}

/**
 * The site that an address group belongs to: "2001:db8:1::/48"; a group that is no IPv6 network is one by itself. It is
 * asked for thousands of times a second, so it is cut out of the group's text: to parse that took six microseconds.
 */
export function siteOf(group: string): string {
  if (!group.endsWith(NETWORK)) return group;
  // Half of a network is zeros, so what is left out of its text is its end.
  let end = group.indexOf("::");
  for (let at = -1, parts = 0; parts < SITE_PARTS; parts++) {
    at = group.indexOf(":", at + 1);
    if (at < 0 || at >= end) break;
    if (parts === SITE_PARTS - 1) end = at;
  }
  while (end > 1 && group[end - 1] === "0" && group[end - 2] === ":") end -= 2;
  return end === 1 && group[0] === "0" ? "::/48" : `${group.slice(0, end)}::/48`;
}

function firstParts({ parts }: ipaddr.IPv6, count: number): string {
  return new ipaddr.IPv6(parts.map((part, index) => (index < count ? part : 0))).toString();
}
