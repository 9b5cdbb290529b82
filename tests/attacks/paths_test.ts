import assert from "node:assert/strict";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { Panel } from "../harness/panel.ts";
import { readAnswer } from "./answer.ts";
import { MATRIX } from "./matrix.ts";
import { FOREIGN_SPELLINGS, SAME_SPELLINGS } from "./spellings.ts";
import { GUEST_TERMS, RELEASE, requestText, Target } from "./target.ts";

/** So that nothing happens where a request gets through. */
const QUERY = "?attack=1";

interface Verdict {
  status: number;
  code: string | undefined;
}

/** A panel as a path meets it. */
interface Door {
  owner: TestDevice;
  guest: TestDevice;
  ask(method: string, spelled: string, device: TestDevice | null, from: string): Promise<Verdict>;
}

/** Strangers are slowed down by where they come from: eight requests from each address. */
let requests = 0;
const address = () => `127.0.${4 + (requests >> 10)}.${1 + ((requests++ >> 3) & 127)}`;

/** Routes that look at the kind of body before anything else. */
const NOT_JSON = [
  "POST /api/v1/plugins/camera/whep",
  "POST /api/v1/plugins/intercom/whip",
  "POST /api/v1/plugins/simulator/microphone",
];

/** The methods of the routes that are spelled so: the last part may be anybody's id. */
function methodsAt(spelled: string): string[] {
  return [...MATRIX].filter(([route]) => {
    const [, template = ""] = route.split(" ");
    return new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[\\w.-]+")}$`).test(spelled);
  }).map(([, { method }]) => method);
}

/** A request that reaches no route at all is answered as one for which nobody has to be known. */
async function assertForeign(door: Door, method: string, spelled: string, what: string): Promise<void> {
  const { status, code } = await door.ask(method, spelled + QUERY, null, address());
  const told = `${what} of ${method} ${spelled} is answered ${status} ${code}`;
  const here = methodsAt(spelled);
  if (here.includes(method)) return assert.deepEqual([status, code], [401, "token-missing"], told);
  if (here.length > 0) return assert.deepEqual([status, code], [405, "method-not-allowed"], told);
  const expected: (string | undefined)[] = {
    0: [undefined],
    400: [undefined],
    404: ["route-unknown"],
    421: ["host-unknown", "scheme-wrong"],
  }[status] ?? [];
  assert.ok(expected.includes(code), told);
}

/** Decided as the route is: by who asks, and by nothing in how it is spelled. */
async function assertSame(door: Door, route: string, what: string): Promise<void> {
  const { method, path, admits } = MATRIX.get(route)!;
  const spelled = SAME_SPELLINGS[what]!(path) + QUERY;
  const callers = [["owner", door.owner], ["guest", door.guest], ["stranger", null]] as const;
  for (const [name, device] of callers) {
    const { status, code } = await door.ask(method, spelled, device, address());
    const expected = admits.has("anyone") || admits.has(name)
      ? NOT_JSON.includes(route) ? [415, "type-unknown"] : [400, "input-invalid"]
      : name === "stranger"
      ? [401, "token-missing"]
      : [403, "role-not-allowed"];
    assert.deepEqual([status, code], expected, `${name}: ${what} of ${route}`);
  }
}

async function assertAll(door: Door, route: string): Promise<void> {
  const { method, path } = MATRIX.get(route)!;
  for (const [what, respell] of Object.entries(FOREIGN_SPELLINGS)) {
    await assertForeign(door, method, respell(path), what);
  }
  for (const what of Object.keys(SAME_SPELLINGS)) await assertSame(door, route, what);
}

Deno.test("I-23: of every route, no other spelling of its path reaches it; what means the same is decided the same", async () => {
  await using panel = await Panel.start();
  const join = async (body: unknown) => {
    const device = new TestDevice();
    const { code } = (await panel.post("/invitations", body)).body;
    device.token = (await panel.api("POST", "/join", { code, deviceName: "Phone" }, device)).body.token;
    return device;
  };
  const origin = "http://127.0.0.1";
  const door: Door = {
    owner: panel.device,
    guest: await join({ name: "Bruno", role: "guest", terms: GUEST_TERMS }),
    async ask(method, spelled, device, from) {
      const url = spelled.startsWith("/") ? origin + spelled : spelled;
      const headers = device?.headers(method, url) ?? {};
      const response = await panel.runtime.fetch(new Request(url, { method, headers }), { address: from });
      return { status: response.status, code: (await response.json()).code };
    },
  };
  for (const [route, { method, path }] of MATRIX) {
    for (const [what, respell] of Object.entries(FOREIGN_SPELLINGS)) {
      const spelled = respell(path);
      // What is no path at all is for whoever reads requests off the wire.
      const { pathname } = new URL(spelled, origin);
      if (spelled.startsWith("/") && pathname !== path) await assertForeign(door, method, spelled, what);
    }
    if (path.endsWith("/claim") || path.endsWith("/join")) continue;
    for (const what of Object.keys(SAME_SPELLINGS)) await assertSame(door, route, what);
  }
  assert.deepEqual([panel.edges("lock"), panel.edges("gate")], [[], []]);
});

for (const tls of [false, true]) {
  Deno.test(
    `I-23: nor on the wire, ${tls ? "encrypted" : "plain"}, nor with an address that has the other scheme`,
    inTempDir(async (dir) => {
      await using target = await Target.start(`${dir}/data`, { tls });
      const { device } = await target.pair({ role: "guest", terms: GUEST_TERMS });
      const door: Door = {
        owner: target.owner,
        guest: device,
        async ask(method, spelled, device, from) {
          if (device) {
            const { status, body } = await target.ask(method, spelled, { device, from });
            return { status, code: body?.code };
          }
          const { status, body } = readAnswer(await target.exchange(requestText(method, spelled), from));
          return { status, code: body?.code };
        },
      };
      await assertAll(door, "POST /api/v1/access-points/{id}/release");
      await assertAll(door, "GET /api/v1/health");
      await assertAll(door, "GET /api/v1/plugins/simulator/board");
      for (const scheme of ["http", "https"]) {
        const right = scheme === "https" === tls;
        const came = await target.exchange(requestText("POST", `${scheme}://127.0.0.1${RELEASE}`));
        assert.equal(readAnswer(came).status, right ? 401 : 421, scheme);
      }
      assert.equal(await target.pulses(), 0);
      await target.stop();
    }),
  );
}
