import assert from "node:assert/strict";
import { Members } from "../members/members.ts";
import type { NewMember } from "../members/model.ts";
import { systemRandom } from "../random.ts";
import { TestDevice } from "../testing/device.ts";
import { temporaryStore } from "../testing/temporary_store.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { Authenticator, type Gate } from "./authenticator.ts";
import { LINK_LIFE_MS, Links } from "./links.ts";
import { Nonces } from "./nonces.ts";
import { Proofs } from "./proof.ts";

const URL_ = "https://127.0.0.1:8443/api/v1/thing";
const terms = {
  validity: { kind: "always" as const },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
};

function bench(bearerAllowed = true) {
  const temporary = temporaryStore();
  const clock = new VirtualClock();
  const members = new Members(temporary.store);
  const proofs = new Proofs(new Nonces(clock, systemRandom));
  const links = new Links(clock, systemRandom);
  let trusted = true;
  const parts = { members, proofs, links, clock, clockTrusted: () => trusted };
  const authenticator = new Authenticator({ ...parts, bearerAllowed });
  let tokens = 0;

  /** A member with one device. */
  function add(change: Partial<NewMember> = {}, bearer = false) {
    const device = new TestDevice();
    device.token = `token-${++tokens}`.padEnd(43, "x");
    device.nonce = proofs.nonce();
    const member: NewMember = {
      name: "Anna",
      role: "owner",
      until: null,
      terms: null,
      scopes: [],
      ...change,
    };
    const id = members.add(member, 0);
    const deviceId = members.addDevice(
      id,
      { name: "Phone", token: device.token, publicKey: bearer ? null : device.publicKey },
      0,
    );
    return { id, deviceId, device };
  }

  const request = (device: TestDevice, url = URL_) =>
    new Request(url, { headers: device.headers("GET", url) });
  const call = (gate: Gate, one: Request, source = "10.0.0.1") => authenticator.caller(gate, one, source);
  return {
    clock,
    members,
    links,
    authenticator,
    add,
    request,
    call,
    distrust: () => void (trusted = false),
    [Symbol.dispose]: () => temporary[Symbol.dispose](),
  };
}

const coded = (expected: string) => (error: { code: string }) => {
  assert.equal(error.code, expected);
  return true;
};

Deno.test("until the panel has an owner nothing answers but what is public", async () => {
  using panel = bench();
  const stranger = () => new Request(URL_);
  assert.equal((await panel.call({ access: "public" }, stranger())).actor.id, "anonymous");
  await assert.rejects(panel.call({ access: "anyone" }, stranger()), coded("unclaimed"));
  await assert.rejects(panel.call({ access: "owner" }, stranger()), coded("unclaimed"));
  panel.add();
  assert.equal((await panel.call({ access: "anyone" }, stranger())).actor.id, "anonymous");
  await assert.rejects(panel.call({ access: "owner" }, stranger()), coded("token-missing"));
});

Deno.test("I-23: each level admits its roles and no other", async () => {
  using panel = bench();
  const people = {
    owner: panel.add(),
    family: panel.add({ role: "family" }),
    guest: panel.add({ role: "guest", terms }),
    monitor: panel.add({ role: "monitor" }),
    service: panel.add({ role: "service", scopes: ["calls:read"] }),
  };
  const admitted = {
    owner: ["owner"],
    residents: ["owner", "family"],
    household: ["owner", "family", "monitor"],
    members: ["owner", "family", "guest", "monitor"],
  };
  for (const [access, roles] of Object.entries(admitted)) {
    for (const [role, { device, id }] of Object.entries(people)) {
      const asked = panel.call({ access } as Gate, panel.request(device));
      if (roles.includes(role)) assert.equal((await asked).actor.id, id);
      else await assert.rejects(asked, coded("role-not-allowed"));
    }
  }
});

Deno.test("a device was seen when it was let in last, and while it follows the events", async () => {
  using panel = bench();
  const { deviceId, device } = panel.add();
  assert.equal(panel.authenticator.lastSeen(deviceId), null);
  await assert.rejects(panel.call({ access: "owner" }, new Request(URL_)), coded("token-missing"));
  assert.equal(panel.authenticator.lastSeen(deviceId), null);
  const caller = await panel.call({ access: "owner" }, panel.request(device));
  const first = panel.clock.now();
  assert.equal(panel.authenticator.lastSeen(deviceId), first);
  await panel.clock.advance(60_000);
  assert.equal(panel.authenticator.lastSeen(deviceId), first);
  panel.authenticator.still({ access: "owner" }, caller);
  assert.equal(panel.authenticator.lastSeen(deviceId), first + 60_000);
});

Deno.test("a service needs the very scope, and `release` covers each access point", async () => {
  using panel = bench();
  panel.add();
  const { device } = panel.add({ role: "service", scopes: ["release:lock", "calls:read"] });
  const asked = (scope: string) => panel.call({ access: "owner", scope }, panel.request(device));
  assert.equal((await asked("calls:read")).actor.kind, "service");
  await asked("release:lock");
  for (const scope of ["release:gate", "release:lock2", "release", "calls:write", "calls"]) {
    await assert.rejects(asked(scope), coded("scope-missing"));
  }
  const { device: all } = panel.add({ role: "service", scopes: ["release"] });
  assert.ok(await panel.call({ access: "owner", scope: "release:gate" }, panel.request(all)));
});

Deno.test("a stolen token is worth nothing without its key, and nothing as a bearer token", async () => {
  using panel = bench();
  const { device } = panel.add();
  const thief = new TestDevice();
  thief.token = device.token;
  thief.nonce = device.nonce;
  await assert.rejects(panel.call({ access: "owner" }, panel.request(thief)), coded("proof-wrong"));
  const bare = (scheme: string) =>
    new Request(URL_, { headers: { authorization: `${scheme} ${device.token}` } });
  await assert.rejects(panel.call({ access: "owner" }, bare("Bearer")), coded("token-wrong"));
  await assert.rejects(panel.call({ access: "owner" }, bare("DPoP")), coded("proof-missing"));
});

Deno.test("a bearer token is taken over TLS only", async () => {
  using panel = bench();
  panel.add();
  const { device } = panel.add({ role: "service", scopes: ["calls:read"] }, true);
  const headers = { authorization: `Bearer ${device.token}` };
  const gate: Gate = { access: "owner", scope: "calls:read" };
  assert.ok(await panel.call(gate, new Request(URL_, { headers })));
  const plain = new Request(URL_.replace("https", "http"), { headers });
  await assert.rejects(panel.call(gate, plain), coded("tls-needed"));
});

Deno.test("a bearer token is worth nothing once such tokens are switched off again", async () => {
  using panel = bench(false);
  panel.add();
  const { device } = panel.add({ role: "service", scopes: ["calls:read"] }, true);
  const request = new Request(URL_, { headers: { authorization: `Bearer ${device.token}` } });
  await assert.rejects(panel.call({ access: "owner", scope: "calls:read" }, request), coded("bearer-off"));
});

Deno.test("access ends with its date, with the device and with the member; limited access waits for a trusted clock", async () => {
  using panel = bench();
  panel.add();
  const { device, deviceId } = panel.add({ role: "family", until: "2026-06-01T13:00:00Z" });
  const gate: Gate = { access: "residents" };
  const caller = await panel.call(gate, panel.request(device));
  assert.equal(panel.authenticator.still(gate, caller), true);
  panel.clock.jump(3_600_000);
  await assert.rejects(panel.call(gate, panel.request(device)), coded("access-expired"));
  assert.equal(panel.authenticator.still(gate, caller), false);
  panel.clock.jump(-3_600_000);
  panel.members.removeDevice(deviceId);
  await assert.rejects(panel.call(gate, panel.request(device)), coded("token-wrong"));
  assert.equal(panel.authenticator.still(gate, caller), false);

  const other = panel.add({ role: "family", until: "2026-06-01T13:00:00Z" });
  panel.distrust();
  await assert.rejects(panel.call(gate, panel.request(other.device)), coded("clock-untrusted"));
});

Deno.test("a device revoked while its signature is being checked does not get in", async () => {
  using panel = bench();
  panel.add();
  const { device, deviceId } = panel.add();
  const asked = panel.call({ access: "owner" }, panel.request(device));
  panel.members.removeDevice(deviceId);
  await assert.rejects(asked, coded("token-wrong"));
});

Deno.test("whoever comes without a good token is slowed down, by source, and nobody who has one", async () => {
  using panel = bench();
  const { device } = panel.add();
  const guess = (source: string) =>
    panel.call(
      { access: "owner" },
      new Request(URL_, { headers: { authorization: `DPoP ${"g".repeat(43)}` } }),
      source,
    );
  for (let n = 0; n < 10; n++) await assert.rejects(guess("10.0.0.1"), coded("token-wrong"));
  await assert.rejects(guess("10.0.0.1"), coded("slow-down"));
  await assert.rejects(guess("10.0.0.2"), coded("token-wrong"));
  assert.ok(await panel.call({ access: "owner" }, panel.request(device)));
  await panel.clock.advance(1_000);
  await assert.rejects(guess("10.0.0.1"), coded("token-wrong"));
});

Deno.test("a link is good for one path, for a minute, and as long as its device", async () => {
  using panel = bench();
  const { deviceId } = panel.add();
  const other = panel.add();
  const gate: Gate = { access: "owner", link: true };
  const url = (path: string, link: string) => new Request(`https://127.0.0.1:8443${path}?link=${link}`);
  const link = panel.links.make("/api/v1/clip/1", deviceId);
  assert.equal((await panel.call(gate, url("/api/v1/clip/1", link))).deviceId, deviceId);
  await assert.rejects(panel.call(gate, url("/api/v1/clip/2", link)), coded("token-missing"));
  await assert.rejects(panel.call({ access: "owner" }, url("/api/v1/clip/1", link)), coded("token-missing"));
  const forged = link.replace(deviceId, other.deviceId);
  await assert.rejects(panel.call(gate, url("/api/v1/clip/1", forged)), coded("token-missing"));
  const longer = link.replace(/^\d+/, (until) => String(Number(until) + 1_000));
  await assert.rejects(panel.call(gate, url("/api/v1/clip/1", longer)), coded("token-missing"));
  await panel.clock.advance(LINK_LIFE_MS);
  await assert.rejects(panel.call(gate, url("/api/v1/clip/1", link)), coded("token-missing"));
  const fresh = panel.links.make("/api/v1/clip/1", deviceId);
  panel.members.removeDevice(deviceId);
  await assert.rejects(panel.call(gate, url("/api/v1/clip/1", fresh)), coded("token-missing"));
});
