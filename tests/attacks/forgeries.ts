import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { TestDevice } from "../../core/testing/device.ts";

/** Order of the group that P-256 signatures are made in. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export interface Aim {
  /** Whose token it is. */
  owner: TestDevice;
  method: string;
  url: string;
}

const encode = (text: string) => Buffer.from(text).toString("base64url");
const decode = (text: string) => Buffer.from(text, "base64url").toString();

/** The same signature in its other form: as good to the curve, other bytes. */
export function twin(proof: string): string {
  const [header, claims, signature = ""] = proof.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const s = ORDER - BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
  return `${header}.${claims}.${other.toString("base64url")}`;
}

/** Proofs that the owner's device has not made for this request, though each looks as if. */
export function forgeries({ owner, method, url }: Aim): Record<string, string> {
  const thief = new TestDevice();
  thief.token = owner.token;
  thief.nonce = owner.nonce;
  const own = JSON.parse(owner.publicKey);
  const by = (header: Record<string, unknown>, claims: Record<string, unknown> = {}) =>
    thief.proof({ method, url, header, claims });
  const mine = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
    owner.proof({ method, url, header, claims });
  const unsigned = (proof: string, signature = "") =>
    `${proof.split(".").slice(0, 2).join(".")}.${signature}`;
  const written = (header: string, claims: string, signer: TestDevice) => {
    const text = `${encode(header)}.${encode(claims)}`;
    return `${text}.${signer.sign(text)}`;
  };
  const claimsText = decode(owner.proof({ method, url }).split(".")[1]!);
  const jwk = (device: TestDevice) => `"jwk":${device.publicKey}`;
  const head = '{"typ":"dpop+jwt","alg":"ES256"';
  const hs256 = (secret: string) => {
    const text = unsigned(mine({}, { alg: "HS256" })).slice(0, -1);
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const other = (change: string) => mine({ htu: change });

  return {
    "the thief's own key": thief.proof({ method, url }),
    "the owner's key, the thief's signature": by({ jwk: own }),
    "the owner's key by name only": by({ jwk: undefined, kid: "device-1" }),
    "the owner's key to be fetched": by({ jwk: undefined, jku: "http://127.0.0.1/jwks.json" }),
    "two keys, the thief's last": written(`${head},${jwk(owner)},${jwk(thief)}}`, claimsText, thief),
    "two keys, the owner's last": written(`${head},${jwk(thief)},${jwk(owner)}}`, claimsText, thief),
    "a key hidden in a prototype": written(
      `${head},"__proto__":{${jwk(thief)}},${jwk(owner)}}`,
      claimsText,
      thief,
    ),
    "no algorithm, no signature": unsigned(mine({}, { alg: "none" })),
    "no algorithm in capitals": unsigned(mine({}, { alg: "NONE" })),
    "no algorithm, a good signature": mine({}, { alg: "none" }),
    "no signature": unsigned(mine({})),
    "a signature of noughts": unsigned(mine({}), Buffer.alloc(64).toString("base64url")),
    "a signature of the group's order": unsigned(
      mine({}),
      Buffer.from(ORDER.toString(16).repeat(2), "hex").toString("base64url"),
    ),
    "a signature cut off": mine({}).slice(0, -4),
    "a secret that everyone knows, the key": hs256(owner.publicKey),
    "a secret that everyone knows, nothing": hs256(""),
    "another curve": by({ alg: "ES384" }),
    "a key with its private half": mine({}, { jwk: { ...own, d: "A".repeat(43) } }),
    "a point that is not on the curve": mine({}, { jwk: { ...own, y: own.x } }),
    "an extension that must be understood": mine({}, { crit: ["opens"], opens: true }),
    "another type": mine({}, { typ: "JWT" }),
    "another method": mine({ htm: "GET" }),
    "the method in small letters": mine({ htm: method.toLowerCase() }),
    "every method": mine({ htm: ["GET", method] }),
    "another scheme": other(url.replace(/^https?/, (it) => it === "http" ? "https" : "http")),
    "another port": other(url.replace("127.0.0.1", "127.0.0.1:8443")),
    "another host": other(url.replace("127.0.0.1", "localhost")),
    "another path": other(url.replace("lock", "gate")),
    "the path above": other(url.replace("/release", "")),
    "a slash more": other(`${url}/`),
    "the path in capitals": other(url.toUpperCase()),
    "no address": mine({ htu: "/api/v1/access-points/lock/release" }),
    "another token": mine({ ath: "A".repeat(43) }),
    "no token": mine({ ath: undefined }),
    "several tokens": mine({ ath: [owner.token] }),
    "no name of its own": mine({ jti: undefined }),
    "a name that is no text": mine({ jti: 12345678 }),
    "a name too short to be one": mine({ jti: "1" }),
    "a name too long": mine({ jti: "x".repeat(200) }),
    "more than a proof has to say": mine({ more: "x".repeat(3_000) }),
    "depth": written(`${head},${jwk(owner)},"x":${"[".repeat(700)}${"]".repeat(700)}}`, claimsText, thief),
    "no JSON": written("{", claimsText, owner),
    "four parts": `${mine({})}.x`,
    "two parts": mine({}).split(".").slice(0, 2).join("."),
    "nothing": "",
  };
}
