import assert from "node:assert/strict";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { MATRIX } from "./matrix.ts";
import { GUEST_TERMS, RELEASE, Target } from "./target.ts";

const UNKNOWN = "x9-unknown";

/** One of each thing that has an id, and its id. */
async function furnish(target: Target): Promise<Record<string, string>> {
  const { id } = await target.pair({ role: "family" });
  const members: { id: string; devices: { id: string }[] }[] = await target.must("GET", "/api/v1/members");
  const { code } = await target.must("POST", "/api/v1/codes", {
    body: { name: "Parcel", terms: GUEST_TERMS },
  });
  await target.enrol("04A1B2C3D4E5F6");
  const [card] = await target.must("GET", "/api/v1/cards");
  await target.must("POST", "/api/v1/plugins/simulator/inputs/bell/press", { body: {} });
  const call = await target.eventually(async () => (await target.must("GET", "/api/v1/calls"))[0]?.id);
  const device = members.find((member) => member.id === id)!.devices[0]!.id;
  return { members: id, devices: device, codes: code.id, cards: card.id, calls: call };
}

Deno.test(
  "whoever may not do something learns nothing from the answer of whether the id it names is one",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const ids = await furnish(target);
    const { device: guest } = await target.pair({ role: "guest", terms: GUEST_TERMS });
    const { device: monitor } = await target.pair({ role: "monitor" });
    const { device: service } = await target.pair({ role: "service", scopes: ["release:lock"] });
    const { device: family } = await target.pair({ role: "family" });
    const callers = { guest, monitor, family, service, stranger: null };
    let compared = 0;
    for (const [route, { method, admits }] of MATRIX) {
      const [, template = ""] = route.split(" ");
      const kinds = [...template.matchAll(/\/([\w-]+)\/\{\w+\}/g)].map(([, kind]) => kind!);
      if (kinds.length === 0 || admits.has("anyone")) continue;
      const spelled = (known: boolean) =>
        template.replaceAll(
          /\/([\w-]+)\/\{\w+\}/g,
          (_, kind) => `/${kind}/${known ? ids[kind] ?? "lock" : UNKNOWN}`,
        );
      for (const [name, device] of Object.entries(callers)) {
        if (admits.has(name) || (name === "service" && admits.has("release:lock"))) continue;
        const answer = async (known: boolean) => {
          const from = `127.0.3.${1 + compared++ % 250}`;
          const { status, text, headers } = await target.ask(method, spelled(known), {
            device,
            body: {},
            from,
          });
          return { status, text, length: headers["content-length"] };
        };
        assert.deepEqual(await answer(true), await answer(false), `${name}: ${route}`);
      }
    }
    assert.ok(compared > 100, `${compared}`);
    await target.stop();
  }),
);

Deno.test(
  "an id of something else, or of somebody else, is answered as one that is nobody's",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const ids = await furnish(target);
    const reason = async (method: string, path: string, body: unknown = {}) => {
      const answer = await target.ask(method, `/api/v1${path}`, { body });
      return [answer.status, answer.body?.code];
    };
    for (const device of ["device-1", ids["members"]!, "device-999", "device-01", "device-0", UNKNOWN]) {
      const path = `/members/${ids["members"]}/devices/${device}`;
      assert.deepEqual(await reason("DELETE", path), [404, "device-unknown"], device);
    }
    for (const id of [ids["cards"]!, "member-01", "member-999", "member-1e0", UNKNOWN]) {
      assert.deepEqual(await reason("DELETE", `/members/${id}`), [404, "member-unknown"], id);
    }
    for (const id of [ids["codes"]!, "card-01", "card-999", UNKNOWN]) {
      assert.deepEqual(await reason("GET", `/cards/${id}`, undefined), [404, "card-unknown"], id);
    }
    for (const id of [ids["cards"]!, "code-01", "code-999", UNKNOWN]) {
      assert.deepEqual(await reason("DELETE", `/codes/${id}`), [404, "code-unknown"], id);
    }
    for (const id of ["call-1", ids["members"]!, UNKNOWN]) {
      assert.deepEqual(await reason("POST", `/calls/${id}/answer`), [404, "call-unknown"], id);
    }
    const { length } = await target.must("GET", "/api/v1/members");
    assert.equal(length, 2);
    assert.match(ids["calls"]!, /^call-[0-9a-f]{32}$/);
    await target.stop();
  }),
);

Deno.test(
  "what nobody may guess can't be: tokens, invitations, codes and request ids have the bits they promise",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const seen: Record<string, string[]> = {
      nonce: [],
      token: [],
      invitation: [],
      qr: [],
      pin: [],
      request: [],
    };
    for (let round = 0; round < 16; round++) {
      const { code } = await target.must("POST", "/api/v1/invitations", {
        body: { name: "Bruno", role: "family" },
      });
      const device = new TestDevice();
      const joined = await target.must("POST", "/api/v1/join", {
        body: { code, deviceName: "Phone" },
        device,
      });
      seen["invitation"]!.push(code);
      seen["token"]!.push(joined.token);
      for (const form of ["pin", "qr"]) {
        const made = await target.must("POST", "/api/v1/codes", {
          body: { name: "Parcel", form, terms: GUEST_TERMS },
        });
        seen[form]!.push(made.text);
      }
      seen["request"]!.push((await target.must("POST", RELEASE, { body: {} })).requestId);
    }
    seen["nonce"]!.push(target.owner.nonce!);
    const shapes: Record<string, RegExp> = {
      nonce: /^[\w-]{22}$/,
      token: /^[\w-]{43}$/,
      invitation: /^[\w-]{22}$/,
      qr: /^[\w-]{22}$/,
      pin: /^\d{8}$/,
      request: /^[0-9a-f]{32}$/,
    };
    for (const [kind, values] of Object.entries(seen)) {
      assert.equal(new Set(values).size, values.length, `${kind}: one came twice`);
      for (const value of values) assert.match(value, shapes[kind]!, kind);
      // Each place takes many values: none is fixed, counted up or a time.
      for (let place = 0; kind !== "nonce" && place < values[0]!.length - 1; place++) {
        const letters = new Set(values.map((value) => value[place]));
        assert.ok(letters.size >= 4, `${kind}, place ${place}: ${[...letters].join("")}`);
      }
    }
    await target.stop();
  }),
);
