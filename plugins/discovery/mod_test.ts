import assert from "node:assert/strict";
import {
  type Context,
  hostNamesPoint,
  membersChanged,
  type PanelDescription,
  partChanged,
} from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { startBench } from "../testing/bench.ts";
import discovery from "./mod.ts";
import { discoveryOn } from "./plugin.ts";
import { FakeNetwork, response, srv } from "./testing/fake_network.ts";
import { providePanel } from "../testing/panel.ts";

const PANEL: Partial<PanelDescription> = {
  id: "0123456789abcdef",
  name: "Front door",
  version: "0.1.0",
  claimed: false,
  host: "0.0.0.0",
  port: 8443,
  secure: true,
};
/** All probes, whatever chance says. */
const SETTLED_MS = 1_100;

async function panel(given: Partial<PanelDescription> = {}, config: unknown = {}) {
  const network = new FakeNetwork();
  const described = { ...PANEL, ...given };
  const names: string[] = [];
  const bench = await startBench(discoveryOn(() => Promise.resolve(network)), {
    config,
    provide(core) {
      providePanel(core, described);
      core.watch(hostNamesPoint, {
        added: (name) => void names.push(name),
        removed: (name) => void names.splice(names.indexOf(name), 1),
      });
    },
  });
  return {
    ...bench,
    network,
    described,
    names,
    state: () => bench.parts.get("discovery")?.state(),
    txt: () =>
      network.take().flatMap(({ answers }) =>
        answers.flatMap((one) =>
          one.type === "TXT" && one.name.includes("_latchkey") ? [String(one.data).split(",")] : []
        )
      ),
  };
}

Deno.test("the panel is found by its own name, and answers to it once it is sure to be its own", async () => {
  const { clock, network, names, state, hear } = await panel();
  const told = hear(partChanged);
  assert.deepEqual([names, (await state())?.["advertised"]], [[], false]);
  await clock.advance(SETTLED_MS);
  assert.deepEqual(names, ["front-door.local"]);
  assert.deepEqual(await state(), {
    advertised: true,
    name: "Front door",
    hostName: "front-door.local",
    interfaces: ["eth0"],
    reasons: [],
  });
  assert.deepEqual(told.map(({ id, state }) => [id, state["advertised"]]), [["discovery", true]]);
  assert.ok(network.take().some(({ answers }) => answers.some(({ name }) => name === "_https._tcp.local")));
});

Deno.test("the owner may choose both names", async () => {
  const { clock, names, state } = await panel({}, { name: "St. Anna 3", hostName: "Anna" });
  await clock.advance(SETTLED_MS);
  assert.deepEqual(names, ["anna.local"]);
  assert.equal((await state())?.["name"], "St Anna 3");
});

Deno.test("wrong settings are refused with the field", () => {
  for (
    const [field, value] of [
      ["name", ""],
      ["name", "Front\ndoor"],
      ["hostName", "front-door.local"],
      ["hostName", "-door"],
      ["hostName", "d".repeat(64)],
      ["enabled", "no"],
    ] as const
  ) {
    const { error } = discovery.config.safeParse({ [field]: value });
    assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), [field], `${field}: ${value}`);
  }
});

Deno.test("whoever is in the network may know id, version, path and whether there is an owner, and no more", async () => {
  const { clock, txt, described, core } = await panel();
  await clock.advance(SETTLED_MS);
  const told = ["id=0123456789abcdef", "version=0.1.0", "path=/", "claimed=false"];
  assert.deepEqual(txt().at(-1), told);
  described.claimed = true;
  core.emit(membersChanged, { id: "anna", change: "added", devices: [] });
  await clock.advance(0);
  assert.deepEqual(txt(), [[...told.slice(0, 3), "claimed=true"]]);
});

for (const host of ["127.0.0.1", "localhost", "::1"]) {
  Deno.test(`a panel that listens on ${host} tells nobody, and says why`, async () => {
    const { clock, network, names, state } = await panel({ host });
    await clock.advance(60_000);
    assert.deepEqual([network.ports, network.sent, names], [[], [], []]);
    const { advertised, reasons } = (await state())!;
    assert.equal(advertised, false);
    assert.match(String(reasons), /^The panel listens on .* only/);
  });
}

Deno.test("switched off it tells nobody, and says so", async () => {
  const { clock, network, names, state } = await panel({}, { enabled: false });
  await clock.advance(60_000);
  assert.deepEqual([network.ports, network.sent, names], [[], [], []]);
  assert.deepEqual((await state())?.["reasons"], ["Switched off in the settings"]);
});

Deno.test("switched off while it runs, it takes leave and answers to the name no more", async () => {
  const { clock, network, names, host } = await panel();
  await clock.advance(SETTLED_MS + 2_000);
  network.take();
  await host.restart("discovery", { enabled: false });
  assert.deepEqual([names, network.open], [[], []]);
  assert.ok(network.take().flatMap(({ answers }) => answers).every((one) => "ttl" in one && one.ttl === 0));
});

Deno.test("a host name that is somebody else's is not the panel's: it answers to the next one only", async () => {
  const { clock, network, names, state } = await panel();
  await clock.advance(SETTLED_MS);
  const theirs = response([{
    name: "front-door.local",
    type: "A",
    ttl: 120,
    class: "IN",
    data: "192.168.7.99",
  }]);
  network.hear(theirs);
  await clock.advance(10);
  network.hear(theirs);
  await clock.advance(0);
  assert.deepEqual(names, []);
  await clock.advance(SETTLED_MS);
  assert.deepEqual([names, (await state())?.["hostName"]], [["front-door-2.local"], "front-door-2.local"]);
});

Deno.test("numbers that others made it take are kept over a restart, and dropped with another name", async () => {
  const { clock, network, host, state } = await panel();
  await clock.advance(100);
  network.hear(response([srv("Front door._latchkey._tcp.local", "other.local")]));
  await clock.advance(SETTLED_MS);
  await host.restart("discovery");
  assert.equal((await state())?.["name"], "Front door (2)");
  await host.restart("discovery", { name: "Back door" });
  assert.equal((await state())?.["name"], "Back door");
});

const provide = (host: string) => (core: Context) => providePanel(core, { ...PANEL, host });

Deno.test("start, stop and start of discovery leaves nothing behind", async () => {
  const network = new FakeNetwork();
  await checkLifecycle({
    plugin: discoveryOn(() => Promise.resolve(network)),
    services: provide("0.0.0.0"),
    async exercise(_core, clock) {
      await clock.advance(400);
      network.hear(response([srv("Front door._latchkey._tcp.local", "other.local")]));
      await clock.advance(10_000);
      assert.equal(network.open.length, 1);
    },
  });
  assert.deepEqual(network.open, []);
});

Deno.test("start, stop and start of discovery as it is built in leaves nothing behind", async () => {
  await checkLifecycle({ plugin: discovery, services: provide("127.0.0.1") });
});
