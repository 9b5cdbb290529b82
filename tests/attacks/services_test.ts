import assert from "node:assert/strict";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { readAnswer } from "./answer.ts";
import { RELEASE, requestText, Target } from "./target.ts";

const BEARER = "/api/v1/members/bearer";
const GATE = "/api/v1/access-points/gate/release";
const SERVICE = { name: "Recorder", role: "service", scopes: ["release:lock", "calls:read"] };

/** A request with a plain token. */
async function plain(target: Target, token: string, method: string, path: string, address = path) {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": "2",
  };
  const { status, body } = readAnswer(await target.exchange(`${requestText(method, address, headers)}{}`));
  return [status, body?.code ?? body?.outcome] as const;
}

Deno.test(
  "a service's plain token opens what its scopes name, over TLS, and is no more than that",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`, { tls: true, args: ["--bearerTokens", "true"] });
    const { token, member } = await target.must("POST", BEARER, { body: SERVICE });
    assert.deepEqual(await plain(target, token, "POST", RELEASE), [200, "released"]);
    for (
      const [method, path, code] of [
        ["POST", GATE, "scope-missing"],
        ["POST", "/api/v1/access-points/lock2/release", "scope-missing"],
        ["GET", "/api/v1/access-log", "scope-missing"],
        ["GET", "/api/v1/events", "scope-missing"],
        ["GET", "/api/v1/members", "role-not-allowed"],
        ["POST", BEARER, "role-not-allowed"],
        ["POST", "/api/v1/links", "role-not-allowed"],
        ["PUT", "/api/v1/settings/lock", "role-not-allowed"],
        ["POST", "/api/v1/backup", "role-not-allowed"],
      ] as const
    ) {
      assert.deepEqual(await plain(target, token, method, path), [403, code], path);
    }
    // Nor for anyone but a service, nor in another's way.
    for (const role of ["owner", "family", "monitor"]) {
      const { status } = await target.ask("POST", BEARER, { body: { name: "Mallory", role } });
      assert.equal(status, 400, role);
    }
    target.owner.nonce = undefined;
    const own = target.owner.token;
    target.owner.token = token;
    const answer = await target.ask("POST", RELEASE, { body: {} });
    target.owner.token = own;
    assert.deepEqual([answer.status, answer.body.code], [401, "token-wrong"]);

    await target.must("DELETE", `/api/v1/members/${member.id}`);
    assert.deepEqual(await plain(target, token, "POST", RELEASE), [401, "token-wrong"]);
    assert.deepEqual([await target.pulses("lock"), await target.pulses("gate")], [1, 0]);
    await target.stop();
  }),
);

Deno.test(
  "a plain token is refused in clear, whatever scheme the request names, and everywhere once such are switched off",
  inTempDir(async (dir) => {
    const data = `${dir}/data`;
    await using target = await Target.start(data, { args: ["--bearerTokens", "true"] });
    const { token } = await target.must("POST", BEARER, { body: SERVICE });
    assert.deepEqual(await plain(target, token, "POST", RELEASE), [403, "tls-needed"]);
    const secure = `https://127.0.0.1${RELEASE}`;
    assert.deepEqual(await plain(target, token, "POST", RELEASE, secure), [421, "scheme-wrong"]);
    await target.stop();

    await using off = await Target.again(target, { tls: true });
    assert.deepEqual(await plain(off, token, "POST", RELEASE), [403, "bearer-off"]);
    const made = await off.ask("POST", BEARER, { body: SERVICE });
    assert.deepEqual([made.status, made.body.code], [409, "bearer-off"]);
    assert.equal(await off.pulses(), 0);
    await off.stop();
  }),
);
