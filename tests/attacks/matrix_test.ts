import assert from "node:assert/strict";
import { SCOPES } from "../../core/members/model.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { MATRIX } from "./matrix.ts";
import { type Answer, GUEST_TERMS, Target } from "./target.ts";

/** Nobody takes it, so that no request of this test does anything: it is refused once the caller has been let in. */
const QUERY = "?attack=1";
const EVERY_SCOPE = [...SCOPES, "release:lock", "release:gate"];

/** Whether it was let in; anything else than a clear yes or no fails. */
function admitted({ status, body, text }: Answer, what: string): boolean {
  if (status === 400 && body?.code === "input-invalid") return true;
  // A route of text reads its body before its query.
  if (status === 415 && body?.code === "type-unknown") return true;
  const refusals = [401, "token-missing", 403, "role-not-allowed", 403, "scope-missing"];
  const at = refusals.indexOf(body?.code);
  assert.ok(at > 0 && refusals[at - 1] === status, `${what} is answered ${status} ${text}`);
  return false;
}

Deno.test(
  "I-23: on a real panel every route of the core and of every plugin admits exactly whom the table names",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const { paths } = await target.must("GET", "/api/v1/openapi.json");
    const described = Object.entries<object>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
    );
    assert.deepEqual(described.toSorted(), [...MATRIX.keys()].toSorted());

    const callers: [string, TestDevice][] = [["owner", target.owner]];
    for (const role of ["family", "monitor", "guest"]) {
      const terms = role === "guest" ? { terms: GUEST_TERMS } : {};
      callers.push([role, (await target.pair({ role, ...terms })).device]);
    }
    for (const scope of EVERY_SCOPE) {
      callers.push([scope, (await target.pair({ role: "service", scopes: [scope] })).device]);
    }
    const every = await target.pair({ role: "service", scopes: EVERY_SCOPE });
    let count = 0;
    for (const [route, { method, path, admits }] of MATRIX) {
      const isOpen = admits.has("anyone");
      // Strangers are slowed down by where they come from.
      const from = `127.0.3.${1 + count++ % 250}`;
      const device = path.endsWith("/claim") || path.endsWith("/join") ? new TestDevice() : null;
      const stranger = await target.ask(method, path + QUERY, { device, from });
      assert.equal(admitted(stranger, `A stranger's ${route}`), isOpen, route);
      if (isOpen) continue;
      const scoped = [...admits].some((who) => who.includes(":"));
      const asking = scoped ? callers : [...callers.slice(0, 4), ["every scope", every.device] as const];
      for (const [name, device] of asking) {
        const answer = await target.ask(method, path + QUERY, { device });
        assert.equal(admitted(answer, `${name}: ${route}`), admits.has(name), `${name}: ${route}`);
      }
    }
    assert.equal(await target.pulses(), 0);
    await target.stop();
  }),
);
