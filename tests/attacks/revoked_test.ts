import assert from "node:assert/strict";
import type { Wire } from "../../core/http/testing/wire.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { readAnswer } from "./answer.ts";
import { GUEST_TERMS, RELEASE, Target } from "./target.ts";

const EVENTS = "/api/v1/events";
const SECOND = 1_000;

/** A request that has been let in and whose body is still to come. */
async function begin(target: Target, device: TestDevice, path: string, body: string): Promise<Wire> {
  await target.ask("GET", "/api/v1/me", { device });
  const wire = await target.connect();
  wire.get(path, {
    ...device.headers("POST", target.urlOf(path)),
    "content-type": "application/json",
    "content-length": String(body.length),
    "expect": "100-continue",
    "connection": "close",
  }, "POST");
  await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  wire.text = "";
  return wire;
}

async function listen(target: Target, device: TestDevice): Promise<Wire> {
  await target.ask("GET", "/api/v1/identity", { device });
  const wire = await target.connect();
  wire.get(EVENTS, device.headers("GET", target.urlOf(EVENTS)));
  await wire.until(/event: ready/);
  return wire;
}

/** How long after the acknowledgement of what `revoke` does a stream is cut, ms. */
async function timeToEnd(wire: Wire, revoke: () => Promise<unknown>): Promise<number> {
  await revoke();
  const acknowledged = performance.now();
  await wire.end();
  return performance.now() - acknowledged;
}

Deno.test(
  "I-10: a request under way when its sender is revoked does nothing, whatever it asks for",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const asked: [string, string][] = [
      [RELEASE, "{}"],
      ["/api/v1/invitations", '{"name":"Mallory","role":"owner"}'],
      ["/api/v1/codes", '{"name":"Mallory","terms":{"accessPoints":["lock"]}}'],
      ["/api/v1/plugins/simulator/inputs/exit-button/press", "{}"],
      ["/api/v1/backup", '{"passphrase":"sleepy otter paints tall"}'],
    ];
    for (const [path, body] of asked) {
      const { id, device } = await target.pair({ role: "owner" });
      await using wire = await begin(target, device, path, body);
      await target.must("DELETE", `/api/v1/members/${id}`);
      wire.send(body);
      const answer = readAnswer(await wire.end());
      assert.deepEqual([answer.status, answer.body?.code], [401, "token-wrong"], path);
    }
    assert.equal(await target.pulses(), 0);
    assert.deepEqual(await target.must("GET", "/api/v1/codes"), []);
    await target.stop();
  }),
);

Deno.test(
  "I-10: an open event stream is cut within 1 s of the revocation, and only that of who is revoked",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`, { tls: true });
    const { id, device: phone } = await target.pair({ role: "family" });
    const { code } = await target.must("POST", `/api/v1/members/${id}/invitations`, { body: {} });
    const tablet = new TestDevice();
    const joined = await target.must("POST", "/api/v1/join", {
      device: tablet,
      body: { code, deviceName: "Tablet" },
    });
    tablet.token = joined.token;
    const service = await target.pair({ role: "service", scopes: ["events:read", "status:read"] });
    const monitor = await target.pair({ role: "monitor" });
    const streams = await Promise.all(
      [phone, tablet, service.device, monitor.device, target.owner].map((device) => listen(target, device)),
    );
    const [ofPhone, ofTablet, ofService, ofMonitor, ofOwner] = streams as [Wire, Wire, Wire, Wire, Wire];

    const revocations: [string, Wire, () => Promise<unknown>][] = [
      [
        "its device",
        ofTablet,
        () => target.must("DELETE", `/api/v1/members/${id}/devices/${joined.device.id}`),
      ],
      ["the member", ofPhone, () => target.must("DELETE", `/api/v1/members/${id}`)],
      [
        "a scope",
        ofService,
        () => target.must("PATCH", `/api/v1/members/${service.id}`, { body: { scopes: ["status:read"] } }),
      ],
      [
        "its time",
        ofMonitor,
        () =>
          target.must("PATCH", `/api/v1/members/${monitor.id}`, { body: { until: "2020-01-01T00:00:00Z" } }),
      ],
    ];
    for (const [what, wire, revoke] of revocations) {
      const took = await timeToEnd(wire, revoke);
      assert.ok(took < SECOND, `${what}: ${took} ms`);
    }
    const after: [TestDevice, number, string][] = [
      [tablet, 401, "token-wrong"],
      [phone, 401, "token-wrong"],
      [service.device, 403, "scope-missing"],
      [monitor.device, 403, "access-expired"],
    ];
    for (const [device, status, reason] of after) {
      const answer = await target.ask("GET", EVENTS, { device });
      assert.deepEqual([answer.status, answer.body.code], [status, reason]);
    }
    await target.must("POST", RELEASE, { body: {} });
    await ofOwner.until(/event: access\.logged\ndata: .*"released"/);
    await ofOwner.close();
    await target.stop();
  }),
);

Deno.test(
  "a change of somebody's rights is in force with the next request",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const { id, device } = await target.pair({ role: "guest", terms: GUEST_TERMS });
    const path = `/api/v1/members/${id}`;
    const release = async (at = "lock") =>
      (await target.ask("POST", `/api/v1/access-points/${at}/release`, { device, body: {} })).body;
    const terms = (change: object) =>
      target.must("PATCH", path, { body: { terms: { ...GUEST_TERMS, ...change } } });

    await terms({ suspended: true });
    assert.equal((await release()).reason, "suspended");
    await terms({ accessPoints: ["gate"] });
    assert.equal((await release()).reason, "no-right");
    assert.equal((await release("gate")).outcome, "released");
    await terms({ usesLeft: 0 });
    assert.equal((await release()).reason, "used-up");
    // A role stays for life.
    const promoted = await target.ask("PATCH", path, { body: { role: "owner" } });
    assert.deepEqual([promoted.status, promoted.body.code], [400, "input-invalid"]);
    for (
      const [body, code] of [[{ terms: null }, "input-invalid"], [{ scopes: ["release"] }, "member-invalid"]]
    ) {
      const answer = await target.ask("PATCH", path, { body });
      assert.deepEqual([answer.status, answer.body.code], [400, code], JSON.stringify(body));
    }
    await terms({});
    assert.equal((await release()).outcome, "released");
    await target.stop();
  }),
);
