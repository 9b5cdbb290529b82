import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { type Link, type LinkOptions, type Message, openLink } from "../../plugins/mqtt/link.ts";
import { Broker, type BrokerOptions, send, Subscriber, test } from "./broker.ts";

interface Linked extends AsyncDisposable {
  broker: Broker;
  link: Link;
  heard: Message[];
  /** The next message that is heard. */
  next(): Promise<Message>;
}

function options(broker: Pick<Broker, "port">, change: Partial<LinkOptions> = {}): LinkOptions {
  return {
    broker: { secure: false, host: "127.0.0.1", port: broker.port },
    protocol: "v5",
    clientId: "panel",
    login: {},
    will: { topic: "house/status", payload: "offline" },
    subscriptions: ["house/command/+"],
    heard: () => Promise.resolve(),
    keepaliveSeconds: 60,
    signal: new AbortController().signal,
    ...change,
  };
}

async function linked(change: Partial<LinkOptions> = {}, how: BrokerOptions = {}): Promise<Linked> {
  const broker = await Broker.start(how);
  const heard: Message[] = [];
  let told = (_: Message) => {};
  const link = await openLink(options(broker, {
    heard(message) {
      heard.push(message);
      told(message);
      return Promise.resolve();
    },
    ...change,
  }));
  return {
    broker,
    link,
    heard,
    next: () => new Promise((done) => told = done),
    async [Symbol.asyncDispose]() {
      link.close(true);
      await link.ended;
      await broker[Symbol.asyncDispose]();
    },
  };
}

for (const protocol of ["v5", "v3"] as const) {
  test(`a broker keeps what is published for it to keep, and tells what is sent (${protocol})`, async () => {
    await using here = await linked({ protocol });
    await here.link.publish("house/state", "{}", true);
    await here.link.publish("house/event", "ring", false);
    await using later = await Subscriber.open(here.broker, "house/#");
    assert.deepEqual(await later.on("house/state"), { topic: "house/state", payload: "{}", retain: true });
    const heard = here.next();
    await send(here.broker, "house/command/light", "on");
    const { topic, payload, retain } = await heard;
    assert.deepEqual([topic, new TextDecoder().decode(payload), retain], [
      "house/command/light",
      "on",
      false,
    ]);
    assert.equal(later.told.some((told) => told.topic === "house/event"), false);
  });

  test(`a command that was sent while the panel was away is never heard (${protocol})`, async () => {
    await using here = await linked({ protocol });
    here.link.close(true);
    await here.link.ended;
    await send(here.broker, "house/command/lock", "queued");
    const heard: Message[] = [];
    const again = await openLink(options(here.broker, {
      protocol,
      heard: (message) => Promise.resolve(void heard.push(message)),
    }));
    await send(here.broker, "house/command/light", "fresh");
    await again.publish("house/state", "{}", true);
    assert.deepEqual(heard.map(({ topic }) => topic), ["house/command/light"]);
    again.close(true);
    await again.ended;
  });
}

test("MQTT 5: a retained command is not sent at all, and one that is being retained shows itself", async () => {
  await using here = await linked();
  const heardLive = here.next();
  await send(here.broker, "house/command/lock", "kept", ["-r"]);
  assert.equal((await heardLive).retain, true);
  const heard: Message[] = [];
  const second = await openLink(options(here.broker, {
    clientId: "second",
    heard: (message) => Promise.resolve(void heard.push(message)),
  }));
  await second.publish("house/state", "{}", true);
  assert.deepEqual(heard, []);
  second.close(true);
  await second.ended;
});

test("MQTT 3: a retained command comes with its mark", async () => {
  await using broker = await Broker.start();
  await send(broker, "house/command/lock", "kept", ["-r"]);
  const heard = Promise.withResolvers<Message>();
  const link = await openLink(options(broker, {
    protocol: "v3",
    heard: (message) => Promise.resolve(heard.resolve(message)),
  }));
  assert.equal((await heard.promise).retain, true);
  link.close(true);
  await link.ended;
});

test("the broker says the last will where the panel is lost, and nothing where it leaves", async () => {
  await using here = await linked();
  await using house = await Subscriber.open(here.broker, "house/status");
  here.link.close(true);
  await here.link.ended;
  const second = await openLink(options(here.broker));
  second.close(false);
  assert.match(await second.ended, /closed/);
  await house.on("house/status");
  assert.deepEqual(house.of("house/status"), ["offline"]);
});

test("the next message waits until one is done with, so that a flood stays with the broker", async () => {
  let running = 0;
  let most = 0;
  const all = Promise.withResolvers<void>();
  let count = 0;
  await using here = await linked({
    async heard() {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done));
      running--;
      if (++count === 40) all.resolve();
    },
  });
  const floods = Array.from(
    { length: 4 },
    (_, n) => Promise.all(Array.from({ length: 10 }, () => send(here.broker, `house/command/${n}`, "x"))),
  );
  await Promise.all([...floods, all.promise]);
  assert.equal(most, 1);
});

test("MQTT 3: a message that is too long for the panel ends the connection, and is never held", async () => {
  await using here = await linked({ protocol: "v3" });
  const other = await openLink(options(here.broker, { clientId: "other" }));
  const wasHeard = here.next().then(({ payload }) => `heard ${payload.length} bytes`);
  await other.publish("house/command/lock", "x".repeat(500_000), false);
  assert.equal(await wasHeard, "heard 500000 bytes");
  const isHeard = here.next().then(({ payload }) => `heard ${payload.length} bytes`);
  await other.publish("house/command/lock", "x".repeat(5_000_000), false);
  assert.match(await Promise.race([here.link.ended, isHeard]), /a message of more than 512 KiB/);
  other.close(true);
  await other.ended;
});

test("a frozen broker is noticed within twice the time it is asked in", async () => {
  await using here = await linked({ keepaliveSeconds: 1 });
  here.broker.freeze();
  const waiting = here.link.publish("house/state", "{}", true);
  waiting.catch(() => {});
  assert.match(await here.link.ended, /[Kk]eepalive/);
  await assert.rejects(waiting, /Connection closed/);
});

test("a frozen broker is noticed although the panel has much to say", async () => {
  await using here = await linked({ keepaliveSeconds: 1 });
  here.broker.freeze();
  let open = true;
  here.link.ended.then(() => open = false);
  let said = 0;
  while (open) {
    here.link.publish("house/event", "x", false).catch(() => {});
    said++;
    await new Promise((done) => setTimeout(done, 20));
    assert.ok(said < 500, "it is not noticed");
  }
});

test("what is not acknowledged when the broker dies fails with it, and so does what comes later", async () => {
  await using here = await linked();
  here.broker.freeze();
  const sent = assert.rejects(here.link.publish("house/event", "ring", false));
  const asked = assert.rejects(here.link.subscribe("house/others"));
  await here.broker.kill();
  await Promise.all([sent, asked]);
  await assert.rejects(here.link.publish("house/event", "ring", false));
  await assert.rejects(here.link.subscribe("house/others"));
});

test("a broker that does not let the panel in says why", async () => {
  await using broker = await Broker.start({ settings: ["allow_anonymous false"] });
  await assert.rejects(openLink(options(broker)), /Connection refused: Not authorized/);
});

test("a topic that the broker does not take is refused by its name", async () => {
  await using broker = await Broker.start({
    settings: ["acl_file DIR/acl"],
    files: { acl: "topic house/#\n" },
  });
  const link = await openLink(options(broker));
  await link.publish("house/state", "{}", false);
  await assert.rejects(link.publish("elsewhere", "{}", false), {
    code: "mqtt-refused",
    message: 'The broker does not take "elsewhere": Publish error: Not authorized (135)',
  });
  link.close(true);
  await link.ended;
});

test("what is too long for the broker is refused to who would send it, and the connection goes on", async () => {
  await using broker = await Broker.start({ settings: ["max_packet_size 3000"] });
  const link = await openLink(options(broker));
  await assert.rejects(link.publish("house/picture", new Uint8Array(3_000), false), {
    code: "mqtt-refused",
    message: 'The broker does not take "house/picture": 3023 bytes, and it takes 3000 at most',
  });
  await using house = await Subscriber.open(broker, "house/#");
  const longest = new Uint8Array(2_977).fill(0xff);
  await link.publish("house/picture", longest, false);
  assert.deepEqual(house.bytes(await house.on("house/picture")), longest);
  link.close(true);
  await link.ended;
});

test("an attempt can be given up while the broker says nothing", async () => {
  await using broker = await Broker.start();
  broker.freeze();
  const abort = new AbortController();
  const opening = openLink(options(broker, { signal: abort.signal }));
  opening.catch(() => {});
  await new Promise((done) => setTimeout(done, 50));
  abort.abort();
  await assert.rejects(opening, /closed/);
});

test("no server at that name or port is an error that says so", async () => {
  await using broker = await Broker.off();
  await assert.rejects(openLink(options(broker)), /refused/i);
  const nowhere = { secure: false, host: "nowhere.invalid", port: 1 };
  await assert.rejects(openLink(options(broker, { broker: nowhere })), /nowhere\.invalid/);
});

Deno.test("what a broker does not take with acknowledgements is asked for without, when it is subscribed to and later", async () => {
  const asked: number[] = [];
  await using broker = await reluctantBroker((qos) => {
    asked.push(qos);
    return qos === 1 ? 0x80 : 0;
  });
  const link = await openLink(options(broker, { protocol: "v3" }));
  assert.deepEqual(asked, [1, 0]);
  await link.subscribe("site/#");
  assert.deepEqual(asked, [1, 0, 1, 0]);
  await link.relax();
  assert.deepEqual(asked, [1, 0, 1, 0, 0, 0]);
  link.close(true);
  await link.ended;
});

/** Speaks as much of MQTT 3.1.1 as it takes to answer each subscription by what `answer` says to its quality of service. */
async function reluctantBroker(answer: (qos: number) => number): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (packet: Uint8Array) => {
      const [kind, , high = 0, low = 0] = packet;
      if (kind === 0x10) socket.write(Uint8Array.of(0x20, 2, 0, 0));
      else if (kind === 0x82) socket.write(Uint8Array.of(0x90, 3, high, low, answer(packet.at(-1) ?? 0)));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
