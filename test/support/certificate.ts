/** A certificate for this machine that nobody else trusts, made anew for each test that ends TLS somewhere. */
import { get, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { generate } from "selfsigned";

const HOST = "127.0.0.1";
const IP_ADDRESS = 7;

export type Certificate = {
  /** What clients are to trust, in PEM. */
  readonly ca: string;
  /** The same, and its key behind it, as servers have it. */
  readonly withKey: string;
};

export async function createCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: HOST }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: IP_ADDRESS, ip: HOST }] }],
  });
  return { ca: cert, withKey: `${cert}\n${key}` };
}

export type SecureAnswer = {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

/** Node's own fetch takes no certificate to trust. */
export function getSecurely(url: string, { ca }: Certificate, options: RequestOptions = {}): Promise<SecureAnswer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...options, ca }, async (response) => {
      const { statusCode: status, headers } = response;
      resolve({ status, headers, text: await text(response) });
    });
    request.on("error", reject);
  });
}
