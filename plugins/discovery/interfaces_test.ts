import assert from "node:assert/strict";
import { ETH, query, short } from "./testing/fake_network.ts";
import { PROBING_MS, settledPanel, startPanel } from "./testing/panel.ts";

const LOOK_MS = 5_000;
const v4 = (name: string, address: string) => ({
  name,
  addresses: [{ address, family: 4 as const, prefix: 24, scope: 0 }],
});
const BOTH = {
  name: "eth0",
  addresses: [...ETH.addresses, { address: "fe80::20", family: 6 as const, prefix: 64, scope: 2 }],
};

Deno.test("an interface has a member of the group for each of its families, and both are answered", async () => {
  const { clock, network } = await settledPanel({ host: "::" }, [BOTH]);
  assert.deepEqual(network.open, ["eth0 4", "eth0 6"]);
  network.hear(query({ ask: ["ANY front-door.local"] }), { address: "fe80::9%eth0" }, { family: 6 });
  await clock.advance(0);
  const sent = network.take().map(({ family, answers }) => [family, answers.map(short)]);
  assert.deepEqual(sent, [[6, ["A front-door.local 120", "AAAA front-door.local 120"]]]);
});

Deno.test("an interface that comes is announced on, one that goes is left, the others are not disturbed", async () => {
  const { clock, network, responder } = await settledPanel();
  network.list = [ETH, v4("wlan0", "10.1.1.5")];
  await clock.advance(LOOK_MS + PROBING_MS);
  assert.deepEqual(network.open, ["eth0 4", "wlan0 4"]);
  assert.deepEqual(responder.interfaces, ["eth0", "wlan0"]);
  assert.deepEqual([...new Set(network.take().map((one) => one.interface))], ["wlan0"]);
  network.list = [v4("wlan0", "10.1.1.5")];
  await clock.advance(LOOK_MS);
  assert.deepEqual([network.open, responder.interfaces], [["wlan0 4"], ["wlan0"]]);
});

Deno.test("each interface is told the panel's addresses there, and those of no other", async () => {
  const { clock, network } = await startPanel({}, [ETH, v4("wlan0", "10.1.1.5")]);
  await clock.advance(PROBING_MS);
  const told = network.take().filter(({ type }) => type === "response").map((one) => [
    one.interface,
    one.answers.flatMap(({ type, ...rest }) => type === "A" ? [(rest as { data?: unknown }).data] : []),
  ]);
  assert.deepEqual(told, [["eth0", ["192.168.7.20"]], ["wlan0", ["10.1.1.5"]]]);
});

Deno.test("a new address is announced in place of the old one, by a socket that sends from it", async () => {
  const { clock, network, responder } = await settledPanel();
  network.list = [v4("eth0", "192.168.7.21")];
  await clock.advance(LOOK_MS + PROBING_MS);
  const [told] = network.take().filter(({ type }) => type === "response");
  const last = told?.answers.at(-1) as { data: unknown; flush: boolean };
  assert.deepEqual([last.data, last.flush], ["192.168.7.21", true]);
  assert.deepEqual(network.ports.map(({ address, open }) => [address, open]), [
    ["192.168.7.20", false],
    ["192.168.7.21", true],
  ]);
  assert.equal(responder.names.instance, "Front door");
});

Deno.test("an address more, or one less, is told without asking for the names again", async () => {
  const { clock, network } = await settledPanel({ host: "::" });
  const second = { address: "192.168.7.77", family: 4 as const, prefix: 24, scope: 0 };
  network.list = [{ name: "eth0", addresses: [...ETH.addresses, second] }];
  await clock.advance(LOOK_MS);
  const both = ["A front-door.local 120", "A front-door.local 120"];
  assert.deepEqual(network.take().map(({ answers }) => answers.map(short)), [both]);
  await clock.advance(LOOK_MS);
  assert.deepEqual(network.take().map(({ answers }) => answers.map(short)), [both]);
  network.list = [ETH];
  await clock.advance(LOOK_MS);
  assert.deepEqual(network.take().map(({ answers }) => answers.map(short)), [["A front-door.local 120"]]);
});

Deno.test("the last address of a family is taken back", async () => {
  const { clock, network } = await settledPanel({ host: "::" }, [BOTH]);
  network.list = [ETH];
  await clock.advance(LOOK_MS);
  const four = network.take().filter(({ family }) => family === 4);
  assert.deepEqual(four.map(({ answers }) => answers.map(short)), [["AAAA front-door.local 0"]]);
  assert.deepEqual(network.open, ["eth0 4"]);
});

Deno.test("without a network it waits for one", async () => {
  const { clock, network, responder } = await startPanel({}, []);
  await clock.advance(60_000);
  assert.deepEqual([network.open, responder.interfaces], [[], []]);
  network.list = [ETH];
  await clock.advance(LOOK_MS + PROBING_MS);
  assert.deepEqual(responder.interfaces, ["eth0"]);
});

Deno.test("where a group can't be joined, it says so once, keeps trying, and says so no more when it could", async () => {
  const { clock, network, responder, lines } = await startPanel({}, []);
  network.list = [ETH];
  network.broken = new Error("No such device");
  network.interfaces = () => network.list;
  await clock.advance(60_000);
  assert.deepEqual(responder.faults, ["Can't be found through eth0 by IPv4: No such device"]);
  assert.equal(lines.length, 1);
  network.broken = undefined;
  await clock.advance(LOOK_MS + PROBING_MS);
  assert.deepEqual([responder.faults, responder.interfaces], [[], ["eth0"]]);
});

Deno.test("without leave to join it says what to do", async () => {
  const { clock, network, responder } = await startPanel({}, []);
  network.broken = Object.assign(new Error("Requires net access"), { name: "NotCapable" });
  await clock.advance(LOOK_MS);
  assert.match(responder.faults[0] ?? "", /started without leave to; start it again$/);
});

Deno.test("where a packet can't be sent it goes on", async () => {
  const { clock, network, lines, responder } = await startPanel();
  network.ports[0]!.open = false;
  await clock.advance(60_000);
  assert.deepEqual([responder.interfaces, lines], [["eth0"], []]);
  await responder.stop();
});
