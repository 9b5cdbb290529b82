import assert from "node:assert/strict";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { forgeries, twin } from "./forgeries.ts";
import { RELEASE, requestText, Target } from "./target.ts";

const GATE = "/api/v1/access-points/gate/release";

/** Whoever has these lines has all that went over the wire. */
interface Captured {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

function capture(target: Target, requestId: string): Captured {
  const headers = target.owner.headers("POST", target.urlOf(RELEASE));
  return { method: "POST", path: RELEASE, headers, body: JSON.stringify({ requestId }) };
}

async function replay(target: Target, captured: Captured, change: Partial<Captured> = {}): Promise<Answer> {
  const { method, path, headers, body } = { ...captured, ...change };
  const all = { ...headers, "content-type": "application/json", "content-length": String(body.length) };
  return readAnswer(await target.exchange(requestText(method, path, all) + body));
}

Deno.test(
  "I-24: a captured request is worth nothing: not again, not elsewhere, not in another form, not after a restart",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`, { tls: true });
    await target.must("GET", "/api/v1/me");
    const captured = capture(target, "evening-1");
    assert.equal((await replay(target, captured)).body.outcome, "released");

    const { headers } = captured;
    const refused: [string, Partial<Captured>, string][] = [
      ["again", {}, "proof-replayed"],
      ["with another body", { body: "{}" }, "proof-replayed"],
      ["with a query", { path: `${RELEASE}?x` }, "proof-replayed"],
      [
        "with the signature's twin",
        { headers: { ...headers, dpop: twin(headers["dpop"]!) } },
        "proof-replayed",
      ],
      ["on another path", { path: GATE }, "proof-wrong"],
      ["with another method", { method: "GET", path: "/api/v1/me" }, "proof-wrong"],
      ["to another name", { headers: { ...headers, host: "localhost" } }, "proof-wrong"],
      ["to another port", { headers: { ...headers, host: "127.0.0.1:444" } }, "proof-wrong"],
    ];
    for (const [how, change, code] of refused) {
      const answer = await replay(target, captured, change);
      assert.deepEqual([answer.status, answer.body.code], [401, code], how);
    }
    const unused = capture(target, "evening-2");
    await target.stop("SIGKILL");
    await target.boot();
    for (const [how, one] of [["used", captured], ["never used", unused]] as const) {
      const answer = await replay(target, one);
      assert.deepEqual([answer.status, answer.body.code], [401, "proof-nonce"], how);
    }
    target.owner.nonce = undefined;
    const log = await target.must("GET", "/api/v1/access-log?kind=release");
    assert.deepEqual(log.map(({ requestId }: { requestId: string }) => requestId), ["evening-1"]);
    await target.stop();
  }),
);

Deno.test(
  "what a proof does not cover, the body, is covered by TLS; a request id that was used opens nothing with another proof",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    await target.must("GET", "/api/v1/me");
    // Only who sits inside the connection, and keeps the request from arriving, can do this.
    const caught = capture(target, "mine");
    const swapped = await replay(target, caught, { body: '{"requestId":"theirs"}' });
    assert.deepEqual([swapped.status, swapped.body.requestId], [200, "theirs"]);
    assert.equal((await replay(target, caught)).body.code, "proof-replayed");

    const again = await replay(target, capture(target, "theirs"));
    assert.deepEqual([again.status, again.body.repeated], [200, true]);
    const elsewhere = await target.ask("POST", GATE, { body: { requestId: "theirs" } });
    assert.deepEqual([elsewhere.status, elsewhere.body.code], [409, "request-id-used"]);
    assert.deepEqual([await target.pulses("lock"), await target.pulses("gate")], [1, 0]);
    await target.stop();
  }),
);

Deno.test(
  "a stolen token is worth nothing without its key, whatever is made up in its place",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`, { tls: true });
    const { device: guest } = await target.pair({ role: "family" });
    const { owner } = target;
    await target.must("GET", "/api/v1/me");
    const aim = { owner, method: "POST", url: target.urlOf(RELEASE) };
    const token = `DPoP ${owner.token}`;
    const captured = capture(target, "stolen");
    const send = (headers: Record<string, string>) => replay(target, captured, { headers });

    for (const [what, dpop] of Object.entries(forgeries(aim))) {
      const { status, body } = await send({ authorization: token, dpop });
      assert.equal(status, 401, what);
      assert.match(body.code, /^proof-(wrong|missing)$/, what);
    }
    const huge = await send({ authorization: token, dpop: `${"A".repeat(40_000)}.e30.AA` });
    // 0: over TLS the connection may be gone before its last words are read.
    assert.ok(huge.status === 431 || huge.status === 0, String(huge.status));

    const proof = owner.proof(aim);
    const thief = new TestDevice();
    const bare: [Record<string, string>, string][] = [
      [{ authorization: token }, "proof-missing"],
      [{ authorization: `Bearer ${owner.token}` }, "token-wrong"],
      [{ authorization: `Bearer ${owner.token}`, dpop: proof }, "token-wrong"],
      [{ authorization: `Basic ${owner.token}`, dpop: proof }, "token-missing"],
      [{ authorization: owner.token!, dpop: proof }, "token-missing"],
      [{ cookie: `token=${owner.token}`, dpop: proof }, "token-missing"],
      [{ dpop: proof }, "token-missing"],
      [{ authorization: `DPoP ${guest.token}`, dpop: proof }, "proof-wrong"],
      [{ authorization: token, dpop: guest.proof({ ...aim, nonce: owner.nonce }) }, "proof-wrong"],
      [
        { authorization: token, dpop: thief.proof({ ...aim, nonce: owner.nonce, token: owner.token }) },
        "proof-wrong",
      ],
      [{ authorization: token, dpop: `${proof}, ${proof}` }, "proof-wrong"],
      [{ authorization: token, dpop: owner.proof({ ...aim, nonce: "made-up" }) }, "proof-nonce"],
      [{ authorization: token, dpop: owner.proof({ ...aim, claims: { nonce: undefined } }) }, "proof-nonce"],
    ];
    for (const [headers, code] of bare) {
      const answer = await send(headers);
      assert.deepEqual([answer.status, answer.body.code], [401, code], JSON.stringify(headers));
    }
    assert.equal(await target.pulses(), 0);
    assert.equal((await send({ authorization: token, dpop: owner.proof(aim) })).body.outcome, "released");
    await target.stop();
  }),
);
