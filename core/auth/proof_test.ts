import assert from "node:assert/strict";
import { systemRandom } from "../random.ts";
import { TestDevice } from "../testing/device.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { Nonces } from "./nonces.ts";
import { Proofs } from "./proof.ts";

const URL_ = "http://127.0.0.1:8080/api/v1/access-points/lock/release";
const TOKEN = "t".repeat(43);

function bench() {
  const clock = new VirtualClock();
  const proofs = new Proofs(new Nonces(clock, systemRandom));
  const device = new TestDevice();
  device.token = TOKEN;
  device.nonce = proofs.nonce();
  const check = (proof: string | undefined, change: { method?: string; url?: string; token?: string } = {}) =>
    proofs.check(
      new Request(change.url ?? URL_, {
        method: change.method ?? "POST",
        headers: proof === undefined ? {} : { dpop: proof },
      }),
      change.token ?? TOKEN,
      device.publicKey,
    );
  const proof = (change: Partial<Parameters<TestDevice["proof"]>[0]> = {}) =>
    device.proof({ method: "POST", url: URL_, ...change });
  return { clock, proofs, device, check, proof };
}

const refused = (code: string) => (error: { code: string }) => {
  assert.equal(error.code, code);
  return true;
};

Deno.test("a proof of the device's key for this very request is taken, once", async () => {
  const { check, proof, device } = bench();
  const signed = proof();
  assert.equal(await check(signed), device.publicKey);
  await assert.rejects(check(signed), refused("proof-replayed"));
  assert.equal(await check(proof()), device.publicKey);
});

Deno.test("a proof for something else, by someone else or for another token is refused", async () => {
  const { check, proof, device } = bench();
  const thief = new TestDevice();
  thief.nonce = device.nonce;
  thief.token = TOKEN;
  const stolen = thief.proof({ method: "POST", url: URL_ });
  await assert.rejects(check(stolen), refused("proof-wrong"));
  await assert.rejects(check(undefined), refused("proof-missing"));
  await assert.rejects(check(proof(), { method: "DELETE" }), refused("proof-wrong"));
  await assert.rejects(check(proof(), { url: URL_.replace("lock", "gate") }), refused("proof-wrong"));
  await assert.rejects(
    check(proof(), { url: URL_.replace("127.0.0.1", "localhost") }),
    refused("proof-wrong"),
  );
  await assert.rejects(check(proof(), { url: URL_.replace("http:", "https:") }), refused("proof-wrong"));
  await assert.rejects(check(proof(), { token: "u".repeat(43) }), refused("proof-wrong"));
  assert.equal(await check(proof(), { url: `${URL_}?any=query` }), device.publicKey);
});

Deno.test("who comes through a proxy that ends TLS is told what stands in between", async () => {
  const { check, proof } = bench();
  const made = proof({ url: URL_.replace("http://127.0.0.1:8080", "https://door.example") });
  await assert.rejects(check(made), {
    code: "proof-wrong",
    message: "The header DPoP does not prove who asks: it was made for https://door.example and came to " +
      "http://127.0.0.1:8080; a proxy in between must pass TLS through",
  });
});

Deno.test("a proof that claims the device's key but is signed by another is refused", async () => {
  const { check, proof, device } = bench();
  const thief = new TestDevice();
  thief.nonce = device.nonce;
  thief.token = TOKEN;
  const forged = thief.proof({ method: "POST", url: URL_, header: { jwk: JSON.parse(device.publicKey) } });
  await assert.rejects(check(forged), refused("proof-wrong"));
  const [header, claims] = proof().split(".");
  await assert.rejects(check(`${header}.${claims}.`), refused("proof-wrong"));
});

Deno.test("no other algorithm, type or shape passes for a proof", async () => {
  const { check, proof } = bench();
  const wrong = [
    proof({ header: { alg: "none" } }),
    proof({ header: { alg: "HS256" } }),
    proof({ header: { typ: "JWT" } }),
    proof({ header: { jwk: undefined } }),
    proof({ header: { jwk: { kty: "oct", k: "AAAA" } } }),
    proof({ claims: { jti: "short" } }),
    proof({ claims: { jti: "x".repeat(200) } }),
    proof({ claims: { htu: "nowhere" } }),
    proof({ claims: { padding: "x".repeat(4_000) } }),
    "",
    "a.b.c",
  ];
  for (const one of wrong) await assert.rejects(check(one), refused("proof-wrong"));
});

Deno.test("a key that comes with its private half is refused", async () => {
  const { check, proof, device } = bench();
  const jwk = { ...JSON.parse(device.publicKey), d: "A".repeat(43) };
  await assert.rejects(check(proof({ header: { jwk } })), refused("proof-wrong"));
});

Deno.test("a nonce is good for one to two minutes, whatever the clocks say, and not after a restart", async () => {
  const { check, proof, proofs, clock, device } = bench();
  clock.jump(-50 * 365 * 24 * 60 * 60_000);
  await clock.advance(59_000);
  assert.equal(await check(proof()), device.publicKey);
  await clock.advance(30_000);
  const next = proofs.nonce();
  assert.notEqual(next, device.nonce);
  assert.equal(await check(proof()), device.publicKey);
  assert.equal(await check(proof({ nonce: next })), device.publicKey);
  await clock.advance(31_000);
  await assert.rejects(check(proof()), refused("proof-nonce"));
  const again = new Proofs(new Nonces(clock, systemRandom));
  again.nonce();
  const request = new Request(URL_, { method: "POST", headers: { dpop: proof({ nonce: next }) } });
  await assert.rejects(again.check(request, TOKEN, device.publicKey), refused("proof-nonce"));
  await assert.rejects(check(proof({ nonce: "made-up" })), refused("proof-nonce"));
});

Deno.test("strangers with keys of their own take no room from devices that the panel knows", async () => {
  const nonces = new Nonces(new VirtualClock(), systemRandom);
  const proofs = new Proofs(nonces);
  const nonce = nonces.current();
  for (let n = 0; n < 2_000; n++) assert.equal(nonces.use(nonce, `key-${n}`, "id", false), "fresh");
  const device = new TestDevice();
  device.nonce = nonce;
  const request = (token?: string) => {
    const dpop = device.proof({ method: "POST", url: URL_, token });
    return new Request(URL_, { method: "POST", headers: { dpop } });
  };
  await assert.rejects(proofs.check(request(), undefined), refused("proofs-busy"));
  assert.equal(await proofs.check(request(TOKEN), TOKEN, device.publicKey), device.publicKey);
});

Deno.test("one device that signs too much waits, and no other", () => {
  const nonces = new Nonces(new VirtualClock(), systemRandom);
  const nonce = nonces.current();
  for (let n = 0; n < 6_000; n++) assert.equal(nonces.use(nonce, "busy", `id-${n}`, true), "fresh");
  assert.equal(nonces.use(nonce, "busy", "one more", true), "busy");
  assert.equal(nonces.use(nonce, "calm", "id-1", true), "fresh");
});
