import assert from "node:assert/strict";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { RELEASE, Target } from "./target.ts";

/** Each with the panel's own device and a good proof: what is wrong is where the request comes from or goes to. */
type Trick = [headers: Record<string, string>, status: number, code: string | undefined];

const host = (name: string): Trick => [{ host: name }, 421, "host-unknown"];
const site = (headers: Record<string, string>): Trick => [headers, 403, "cross-site"];
const type = (name: string): Trick => [{ "content-type": name }, 415, "not-json"];

const TRICKS: Trick[] = [
  host("evil.example"),
  host("evil.example:443"),
  host("127.0.0.1.evil.example"),
  [{ host: "evil.example#127.0.0.1" }, 400, undefined],
  host("localhost.evil.example"),
  host("127.0.0.1.nip.example"),
  host("127.0.0.2"),
  host("127.1"),
  host("2130706433"),
  host("0x7f000001"),
  host("[::2]"),
  host("0.0.0.0"),
  host("front-door.local.evil.example"),
  [
    { host: "evil.example", "x-forwarded-host": "127.0.0.1", "x-original-host": "127.0.0.1" },
    421,
    "host-unknown",
  ],
  [{ host: "evil.example", forwarded: "host=127.0.0.1;proto=https;for=127.0.0.1" }, 421, "host-unknown"],
  site({ origin: "https://evil.example" }),
  site({ origin: "null" }),
  site({ origin: "http://127.0.0.1" }),
  site({ origin: "https://127.0.0.1:444" }),
  site({ origin: "https://127.0.0.1.evil.example" }),
  site({ origin: "https://localhost" }),
  site({ origin: "https://127.0.0.1@evil.example" }),
  site({ origin: "https://127.0.0.1, https://evil.example" }),
  site({ origin: "file://" }),
  site({ origin: "chrome-extension://abcdefghijklmnop" }),
  site({ "sec-fetch-site": "cross-site" }),
  site({ "sec-fetch-site": "same-site" }),
  site({ "sec-fetch-site": "same-origin, cross-site" }),
  site({ "sec-fetch-site": "anything" }),
  site({ origin: "https://evil.example", "sec-fetch-site": "same-origin" }),
  site({ origin: "https://127.0.0.1", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }),
  type("text/plain"),
  type("text/plain;charset=application/json"),
  type("text/plain; application/json"),
  type("application/x-www-form-urlencoded"),
  type("multipart/form-data; boundary=x"),
  type("application/json, text/plain"),
  type("text/plain, application/json"),
  type("application/json; charset=utf-16"),
  type("application/json; charset=utf-7"),
  type("application/json; charset=utf-8; charset=utf-16"),
  type("application/json;charset=utf-8,x"),
  type("application/json; boundary=x"),
  type("application/json+x"),
  type("application/problem+json"),
  type("application/jsonrequest"),
  type("text/json"),
  type("*/*"),
  type("json"),
  [{ "content-type": "" }, 415, "not-json"],
  [{ "content-encoding": "gzip" }, 415, "not-json"],
  [{ "content-encoding": "deflate, identity" }, 415, "not-json"],
];

const OVERRIDES = ["x-http-method-override", "x-method-override", "x-http-method", "_method"];

Deno.test(
  "I-24: a good proof does not help a request that is meant for another host, comes from another site, or is no JSON",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`, { tls: true });
    for (const [headers, status, code] of TRICKS) {
      const answer = await target.ask("POST", RELEASE, { body: {}, headers });
      assert.deepEqual([answer.status, answer.body?.code], [status, code], JSON.stringify(headers));
    }
    assert.equal(await target.pulses(), 0);
    const own = { origin: "https://127.0.0.1", "sec-fetch-site": "same-origin" };
    await target.must("POST", RELEASE, { body: {}, headers: own });
    assert.equal(await target.pulses(), 1);
    await target.stop();
  }),
);

Deno.test(
  "I-24: no header and no field makes another method of a request",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const { id, device } = await target.pair({ role: "family" });
    for (const name of OVERRIDES) {
      const headers = { [name]: "POST" };
      const path = `${RELEASE}?_method=POST&method=POST`;
      for (const method of ["GET", "HEAD"]) {
        const { status } = await target.ask(method, path, { headers });
        assert.equal(status, 405, `${method} ${name}`);
      }
      const body = { _method: "DELETE", name: "Berta" };
      const removal = { [name]: "DELETE" };
      const patched = await target.ask("PATCH", `/api/v1/members/${id}`, { body, headers: removal });
      assert.equal(patched.body.code, "input-invalid", name);
      const renamed = await target.must("PATCH", `/api/v1/members/${id}`, {
        body: { name: "Berta" },
        headers: removal,
      });
      assert.equal(renamed.id, id);
    }
    assert.equal((await target.must("GET", "/api/v1/me", { device })).member.name, "Berta");
    assert.equal(await target.pulses(), 0);
    await target.stop();
  }),
);
