/**
 * Address groups: what limits by address count by. Whoever has one IPv6 address has all 2^64 of its network, so those count
 * as one; an IPv4 address counts by itself, also where the socket writes it as an IPv6 one.
 */
import ipaddr from "ipaddr.js";

/** Groups of 16 bits that name an IPv6 network: 64 bits, the least that a provider hands out. */
const NETWORK_PARTS = 4;

/**
 * @param address as a socket has it
 * @returns "192.0.2.7", or "2001:db8:0:1::/64"; what is no address is a group by itself
 */
export function addressGroupOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  const network = (parsed as ipaddr.IPv6).parts.map((part, index) => (index < NETWORK_PARTS ? part : 0));
  return `${new ipaddr.IPv6(network).toString()}/64`;
}
