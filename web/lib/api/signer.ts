/// <reference lib="dom" />
import { SignJWT } from "jose/jwt/sign";
import { freshId } from "../fresh_id.ts";

export interface SignerOptions {
  keys: CryptoKeyPair;
  /** Undefined for a device that is not paired yet. */
  token?: string | undefined;
}

/** Signs each request with this device's key, over the newest nonce that the panel has given (RFC 9449). */
export class Signer {
  readonly #options: SignerOptions;
  #jwk: JsonWebKey | undefined;
  #nonce: string | undefined;
  #asking: Promise<void> | undefined;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  /** Sends a request to the panel; once more where its nonce had become old on the way. */
  async fetch(path: string, init: RequestInit): Promise<Response> {
    if (this.#nonce === undefined) await (this.#asking ??= this.#ask());
    const first = await this.#send(path, init);
    if (first.status !== 401 || !first.headers.get("www-authenticate")?.includes("use_dpop_nonce")) {
      return first;
    }
    await first.body?.cancel();
    return await this.#send(path, init);
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(path, {
      ...init,
      headers: { ...init.headers, ...await this.#headers(init.method ?? "GET", path) },
    });
    this.#nonce = response.headers.get("dpop-nonce") ?? this.#nonce;
    return response;
  }

  /** One nonce for all the requests that a page begins with. */
  async #ask(): Promise<void> {
    try {
      const response = await fetch("/api/v1/identity", { headers: { dpop: "nonce" }, cache: "no-store" });
      this.#nonce = response.headers.get("dpop-nonce") ?? undefined;
      await response.body?.cancel();
    } finally {
      this.#asking = undefined;
    }
  }

  async #headers(method: string, path: string): Promise<Record<string, string>> {
    const { keys, token } = this.#options;
    const { kty, crv, x, y } = this.#jwk ??= await crypto.subtle.exportKey("jwk", keys.publicKey);
    const claims = {
      htm: method,
      htu: location.origin + path.replace(/[?#].*/, ""),
      jti: freshId(),
      ...(this.#nonce === undefined ? {} : { nonce: this.#nonce }),
      ...(token === undefined ? {} : { ath: await hashOf(token) }),
    };
    const proof = await new SignJWT(claims)
      .setProtectedHeader({
        typ: "dpop+jwt",
        alg: "ES256",
        jwk: { kty, crv, x, y } as Record<string, string>,
      })
      .setIssuedAt()
      .sign(keys.privateKey);
    return { dpop: proof, ...(token === undefined ? {} : { authorization: `DPoP ${token}` }) };
  }
}

async function hashOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...hash)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
