import { Buffer } from "node:buffer";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

export interface ProofOptions {
  method: string;
  url: string;
  nonce?: string | undefined;
  token?: string | undefined;
  /** In place of what belongs there, to see it refused. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
}

let count = 0;

/** A device with a key of its own, as a page has it: signs each request (RFC 9449). */
export class TestDevice {
  readonly #key: KeyObject;
  readonly #jwk: Record<string, unknown>;
  /** The public key as the panel keeps it. */
  readonly publicKey: string;
  token: string | undefined;
  nonce: string | undefined;

  constructor(privateKey: KeyObject = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey) {
    const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: "jwk" });
    this.#key = privateKey;
    this.#jwk = { kty, crv, x, y };
    this.publicKey = JSON.stringify(this.#jwk);
  }

  /** All of it, for another process of the same test. */
  pack(): string {
    const { token, nonce } = this;
    return JSON.stringify({ key: this.#key.export({ format: "jwk" }), token, nonce });
  }

  static unpack(packed: string): TestDevice {
    const { key, token, nonce } = JSON.parse(packed);
    const device = new TestDevice(createPrivateKey({ key, format: "jwk" }));
    device.token = token;
    device.nonce = nonce;
    return device;
  }

  proof(
    { method, url, nonce = this.nonce, token = this.token, claims = {}, header = {} }: ProofOptions,
  ): string {
    const target = new URL(url);
    const body = {
      htm: method,
      htu: target.origin + target.pathname,
      jti: `proof-${++count}`.padEnd(12, "x"),
      iat: 1_780_000_000,
      ...(nonce === undefined ? {} : { nonce }),
      ...(token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") }),
      ...claims,
    };
    const text = [{ typ: "dpop+jwt", alg: "ES256", jwk: this.#jwk, ...header }, body]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${this.sign(text)}`;
  }

  /** What a JWT has after its second dot. */
  sign(text: string): string {
    return sign("sha256", Buffer.from(text), { key: this.#key, dsaEncoding: "ieee-p1363" }).toString(
      "base64url",
    );
  }

  headers(method: string, url: string): Record<string, string> {
    return {
      dpop: this.proof({ method, url }),
      ...(this.token === undefined ? {} : { authorization: `DPoP ${this.token}` }),
    };
  }

  /**
   * Sends a signed request; once more where the panel asks for its nonce.
   * @param body sent as JSON, or as it is where the headers name another type
   */
  async send(
    fetch: (request: Request) => Promise<Response>,
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const asItIs = "content-type" in headers;
    const once = () =>
      fetch(
        new Request(url, {
          method,
          headers: {
            ...this.headers(method, url),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: asItIs ? String(body) : JSON.stringify(body) }),
        }),
      );
    let response = await once();
    this.nonce = response.headers.get("dpop-nonce") ?? this.nonce;
    if (response.status === 401 && response.headers.get("www-authenticate")?.includes("use_dpop_nonce")) {
      await response.body?.cancel();
      response = await once();
    }
    return response;
  }

  /**
   * Becomes the owner by the link that a panel prints.
   * @returns the panel's origin
   */
  async claim(
    link: string,
    fetch: (request: Request) => Promise<Response> = globalThis.fetch,
  ): Promise<string> {
    const { origin, hash } = new URL(link);
    this.token = undefined;
    const code = /claim=([\w-]+)/.exec(hash)?.[1];
    const body = { code, name: "Owner", deviceName: "Test" };
    const response = await this.send(fetch, "POST", `${origin}/api/v1/claim`, body);
    const answer = await response.json();
    if (answer.state !== "claimed") throw new Error(`The claim was answered ${JSON.stringify(answer)}`);
    this.token = answer.paired.token;
    return origin;
  }
}
