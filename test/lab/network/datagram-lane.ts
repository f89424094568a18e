import type { Lane } from "../../support/loopback.ts";
import { HEADER_BYTES } from "./headers.ts";
import type { Path } from "./path.ts";

/** A lane without order and without a second try: it drops and reorders, and holds up nothing. */
export function createDatagramLane(path: Path): Lane {
  return { send: (bytes, deliver) => path.send(bytes + HEADER_BYTES.datagram, deliver) };
}
