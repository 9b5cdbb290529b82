import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type CryptoKey, decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from "jose";
import { z } from "zod";
import { LatchkeyError } from "../errors.ts";
import type { Nonces, NonceVerdict } from "./nonces.ts";

/** A public key as clients send it: no private member, no other curve. */
export const publicKeySchema = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
});
export type PublicKey = z.output<typeof publicKeySchema>;

const headerSchema = z.looseObject({
  typ: z.literal("dpop+jwt"),
  alg: z.literal("ES256"),
  jwk: z.looseObject({ d: z.undefined().optional() }).pipe(publicKeySchema),
});

const claimsSchema = z.looseObject({
  htm: z.string(),
  htu: z.url(),
  jti: z.string().min(8).max(128),
  iat: z.number(),
  nonce: z.string().max(64).optional(),
  ath: z.string().optional(),
});

/** Longer ones are nobody's proof. */
const LONGEST = 2_048;
/** Imported keys kept, so that a device's next request need not import it again. */
const MOST_KEYS = 256;

/**
 * Checks proofs of possession (RFC 9449). Freshness comes from the panel's own nonce and not from `iat`: a panel's
 * clock may be wrong.
 */
export class Proofs {
  readonly #nonces: Nonces;
  readonly #keys = new Map<string, CryptoKey | Uint8Array>();

  constructor(nonces: Nonces) {
    this.#nonces = nonces;
  }

  /** What the next proof must hold; sent with each answer. */
  nonce(): string {
    return this.#nonces.current();
  }

  /**
   * The public key that signed this request, in JSON; its proof is used up.
   * @param token what the proof must be bound to; undefined where there is none yet
   * @throws {LatchkeyError} `proof-missing`, `proof-wrong`, `proof-replayed`, `proof-nonce` (401), `proofs-busy` (429)
   */
  async check(request: Request, token: string | undefined, expectedKey?: string): Promise<string> {
    const proof = request.headers.get("dpop");
    if (proof === null) {
      throw refusal("proof-missing", "This request must be signed: it lacks the header DPoP");
    }
    const { jwk, claims } = read(proof);
    const key = JSON.stringify(jwk);
    if (expectedKey !== undefined && key !== expectedKey) {
      throw wrong("it is signed by another key than the token's");
    }
    if (claims.htm !== request.method) throw wrong("it was made for another method");
    const elsewhere = otherTarget(claims.htu, request.url);
    if (elsewhere) throw wrong(elsewhere);
    if (claims.ath !== (token === undefined ? undefined : hashOf(token))) {
      throw wrong("it was made for another token");
    }
    if (!this.#nonces.knows(claims.nonce)) throw stale();
    await this.#verify(proof, key, jwk);
    refuseUsed(this.#nonces.use(claims.nonce, key, claims.jti, expectedKey !== undefined));
    return key;
  }

  async #verify(proof: string, key: string, jwk: JWK): Promise<void> {
    try {
      const known = this.#keys.get(key) ?? await importJWK(jwk, "ES256");
      this.#keys.delete(key);
      this.#keys.set(key, known);
      if (this.#keys.size > MOST_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
      await jwtVerify(proof, known, { algorithms: ["ES256"], typ: "dpop+jwt" });
    } catch {
      throw wrong("its signature is not right");
    }
  }
}

function refuseUsed(verdict: NonceVerdict): void {
  switch (verdict) {
    case "fresh":
      return;
    case "replayed":
      throw refusal("proof-replayed", "This signed request was sent before; sign each one anew");
    case "busy":
      throw new LatchkeyError("proofs-busy", "Too many signed requests in a minute; wait a little", {
        status: 429,
      });
    case "stale":
      throw stale();
  }
}

function read(proof: string): { jwk: PublicKey; claims: z.output<typeof claimsSchema> } {
  if (proof.length > LONGEST) throw wrong(`it is longer than ${LONGEST} characters`);
  try {
    const { jwk } = headerSchema.parse(decodeProtectedHeader(proof));
    return { jwk, claims: claimsSchema.parse(decodeJwt(proof)) };
  } catch {
    throw wrong('it is no JWT of type "dpop+jwt" by a P-256 key with htm, htu, jti, iat and nonce');
  }
}

/** What is wrong with the scheme, host or path that it was made for; a query or fragment is not part of the target. */
function otherTarget(target: string, url: string): string | undefined {
  const [made, came] = [new URL(target), new URL(url)];
  if (made.origin !== came.origin) {
    return `it was made for ${made.origin} and came to ${came.origin}; a proxy in between must pass TLS through`;
  }
  return made.pathname === came.pathname ? undefined : "it was made for another path";
}

/** How a proof names its token. */
export function hashOf(token: string): string {
  return Buffer.from(createHash("sha256").update(token).digest()).toString("base64url");
}

function refusal(code: string, message: string): LatchkeyError {
  return new LatchkeyError(code, message, { status: 401 });
}

function wrong(why: string): LatchkeyError {
  return refusal("proof-wrong", `The header DPoP does not prove who asks: ${why}`);
}

function stale(): LatchkeyError {
  return refusal(
    "proof-nonce",
    "The signed request must hold the nonce of the header DPoP-Nonce; sign it again",
  );
}
