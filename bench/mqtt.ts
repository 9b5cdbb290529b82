import { type Actor, partOccurred } from "../core/mod.ts";
import { randomId, systemRandom } from "../core/random.ts";
import { bridge } from "../plugins/mqtt/bridge.ts";
import mqttClient from "../plugins/mqtt/client.ts";
import { openLink } from "../plugins/mqtt/link.ts";
import { Broker } from "../tests/mqtt/broker.ts";
import { type BenchPanel, startPanel, temporaryDir } from "./panel.ts";
import { percentile, ratio, type Row, type Table } from "./table.ts";

const EVENTS = 500;
const RELEASES = 1_000;
const INSIDE: Actor = { kind: "input", id: "exit-button", scopes: [] };

/** What MQTT costs: an event on its way to the broker, and a release while the broker does not listen. */
export async function mqtt(repeats: number): Promise<Table[]> {
  return [await toTheBroker(repeats), await whileItIsAway(repeats)];
}

/** From something that happens to the broker's acknowledgement of it, against the package alone with the same message. */
async function toTheBroker(repeats: number): Promise<Table> {
  using dir = temporaryDir();
  await using broker = await Broker.start();
  let acknowledged = (_topic: string) => {};
  const observed = bridge(async (options) => {
    const link = await openLink(options);
    return {
      ...link,
      async publish(topic, payload, retain) {
        await link.publish(topic, payload, retain);
        acknowledged(topic);
      },
    };
  });
  await using panel = await startPanel(dir.path, { plugins: { mqtt: { url: broker.url } } }, observed);
  await broker.takes("homeassistant/device", 1);
  const bare = await connect(broker);
  const payload = JSON.stringify({
    event_type: "ring",
    id: randomId(systemRandom),
    at: new Date().toISOString(),
    late: false,
  });
  const ways: [string, () => Promise<void>][] = [
    [
      "mqtt alone",
      async () => void await bare.publishAsync("bench/event", payload, { qos: 1, retain: false }),
    ],
    [
      "a panel's event",
      () =>
        new Promise((done) => {
          acknowledged = (topic) => topic.includes("/event/") && done();
          panel.core.emit(partOccurred, { id: "bell", type: "ring", at: Date.now() });
        }),
    ],
  ];
  const rows: Row[] = ways.map(([name]) => ({ name, figures: [] }));
  for (let run = -1; run < repeats; run++) {
    const samples: number[][] = ways.map(() => []);
    for (let time = 0; time < EVENTS; time++) {
      for (let turn = 0; turn < ways.length; turn++) {
        const index = (time + turn) % ways.length;
        const start = performance.now();
        await ways[index]![1]();
        samples[index]!.push(performance.now() - start);
      }
    }
    if (run >= 0) rows.forEach((row, index) => row.figures.push(percentile(samples[index]!, 50) * 1_000));
  }
  bare.end(true);
  const [alone, panels] = rows as [Row, Row];
  return {
    title: "MQTT, p50",
    unit: "µs from the event until the broker has it",
    rows,
    checks: [ratio("a panel's event, to mqtt alone", panels, alone, 1.5)],
  };
}

/** I-8: panels that differ in their broker only, in turn: none, one that is frozen, one whose name leads nowhere. */
async function whileItIsAway(repeats: number): Promise<Table> {
  using dir = temporaryDir();
  await using broker = await Broker.start();
  const start = (name: string, settings: object) =>
    startPanel(`${dir.path}/${name}`, { plugins: { mqtt: settings } });
  await using without = await start("none", {});
  await using frozen = await start("frozen", { url: broker.url });
  await using nowhere = await start("nowhere", { url: "mqtt://nowhere.invalid" });
  await broker.takes("homeassistant/device", 1);
  broker.freeze();
  const panels = {
    "no broker wanted": without,
    "a frozen broker": frozen,
    "a name that leads nowhere": nowhere,
  };
  const rows: Row[] = Object.keys(panels).map((name) => ({ name, figures: [] }));
  for (let run = -1; run < repeats; run++) {
    const samples: number[][] = rows.map(() => []);
    for (let time = 0; time < RELEASES; time++) {
      for (let turn = 0; turn < rows.length; turn++) {
        const index = (time + turn) % rows.length;
        samples[index]!.push(await releaseOf(Object.values(panels)[index]!));
      }
    }
    if (run >= 0) rows.forEach((row, index) => row.figures.push(percentile(samples[index]!, 99)));
  }
  broker.thaw();
  const [base, ...others] = rows as [Row, ...Row[]];
  return {
    title: "I-8: release, p99",
    unit: "ms until it is answered",
    rows,
    checks: others.map((row) => ratio(`${row.name}, to none wanted`, row, base, 1.1)),
  };
}

async function releaseOf({ access, board }: BenchPanel): Promise<number> {
  const start = performance.now();
  const { outcome } = await access.release({
    requestId: randomId(systemRandom),
    accessPoint: "lock",
    actor: INSIDE,
    via: "input",
  });
  const taken = performance.now() - start;
  if (outcome !== "released") throw new Error(`A release was ${outcome}`);
  board.allOff("next");
  // What follows a release is not part of the next one.
  await new Promise((done) => setTimeout(done));
  return taken;
}

async function connect({ port }: Broker) {
  const client = mqttClient.connect({
    protocol: "mqtt",
    host: "127.0.0.1",
    port,
    clientId: "bench",
    protocolVersion: 5,
    clean: true,
    will: { topic: "bench/status", payload: "offline", qos: 1, retain: true },
    keepalive: 15,
    timerVariant: "native",
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  });
  await new Promise<void>((done) => client.once("connect", done));
  return client;
}
