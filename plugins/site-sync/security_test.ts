import assert from "node:assert/strict";
import fc from "fast-check";
import { House } from "./testing/house.ts";
import type { Sent, SitePanelBench } from "./testing/site_panel.ts";
import { cardSchema, KINDS, topicsOf } from "./documents.ts";
import { cardPlace } from "./places.ts";
import { claimed, newSigner, signed, unlocked } from "./seals.ts";

/** Cards of all panels, and whether each is at its site as before. */
async function holds(house: House): Promise<unknown> {
  const all = [];
  for (const panel of house.panels) {
    const { role, version, pending } = await panel.view();
    all.push([panel.name, role, version, pending, await panel.cards()]);
  }
  return all;
}

/** A site on which something has happened. */
async function lived(house: House): Promise<[SitePanelBench, SitePanelBench, SitePanelBench]> {
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  for (const number of ["0001", "0002", "0003"]) await street!.addCard(number);
  await garage!.change("0001", { suspended: true });
  await yard!.removeCard("0002");
  await yard!.addCard("0004", "Bruno");
  await street!.change("0001", { suspended: false });
  await street!.removeCard("0003");
  return [street!, garage!, yard!];
}

async function tell(house: House, messages: readonly Sent[]): Promise<void> {
  for (const panel of house.panels) {
    for (const { topic, payload, retain } of messages) await panel.hear(topic, payload, retain);
  }
  await house.settle();
}

Deno.test("everything that was ever said, said again in any order, changes nothing", async () => {
  await using house = new House();
  await lived(house);
  const before = await holds(house);
  const said = [...house.sent];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(said, { minLength: said.length }), async (shuffled) => {
      await tell(house, shuffled);
      assert.deepEqual(await holds(house), before);
    }),
    { numRuns: 5 },
  );
});

Deno.test("a broker that shows a panel the past when it comes back does not take it there", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  const past = new Map(house.retained);
  await street!.removeCard("0001");
  await garage!.setUp(false);
  house.retained.clear();
  for (const [topic, payload] of past) house.retained.set(topic, payload);
  await garage!.setUp(true);
  assert.deepEqual([await garage!.cards(), await garage!.shows("0001")], [[], "unknown"]);
});

Deno.test("a document with one letter changed is none", async () => {
  await using house = new House();
  await lived(house);
  const before = await holds(house);
  const forged = house.sent.filter(({ payload }) => payload !== "").flatMap((sent) =>
    [0.1, 0.5, 0.9].map((where) => {
      const at = Math.floor(sent.payload.length * where);
      const letter = sent.payload[at] === "A" ? "B" : "A";
      return { ...sent, payload: sent.payload.slice(0, at) + letter + sent.payload.slice(at + 1) };
    })
  );
  await tell(house, forged);
  assert.deepEqual(await holds(house), before);
});

Deno.test("a document is taken for what it is only, wherever it is told", async () => {
  await using house = new House();
  await lived(house);
  const before = await holds(house);
  const topics = [...new Set(house.sent.map(({ topic }) => topic))];
  const misplaced = house.sent.flatMap(({ payload }) =>
    topics.filter((_, index) => index % 3 === 0).map((topic) => ({ topic, payload, retain: false }))
  );
  await tell(house, misplaced);
  assert.deepEqual(await holds(house), before);
});

Deno.test("nobody but the panel that keeps the key says what holds: no stranger, no member", async () => {
  await using house = new House();
  const [street, garage] = await lived(house);
  const before = await holds(house);
  const topics = topicsOf((await street.view()).id!);
  const register = JSON.parse(
    new TextDecoder().decode(base64url(house.retained.get(topics.register)!.split(".")[1]!)),
  );
  const stranger = newSigner();
  const next = { ...register, version: register.version + 100, cards: {} };
  const mark = Object.keys(register.cards)[0]!;
  const messages = [
    { topic: topics.register, payload: await signed(stranger, KINDS.register, next) },
    { topic: topics.register, payload: "nonsense" },
    { topic: topics.register, payload: "" },
    {
      topic: topics.seen(garage.id),
      payload: await signed(stranger, KINDS.seen, {
        site: register.site,
        panel: garage.id,
        epoch: register.epoch,
        marks: [{ row: 99, mark: "" }],
        far: true,
      }),
    },
    {
      topic: topics.wish(garage.id, mark),
      payload: await signed(stranger, KINDS.wish, {
        site: register.site,
        panel: garage.id,
        n: 999,
        mark,
        base: register.cards[mark],
        epoch: register.epoch,
        locked: null,
        witnessed: false,
      }),
    },
  ].map((message) => ({ ...message, retain: false }));
  await tell(house, messages);
  assert.deepEqual(await holds(house), before);
});

Deno.test("nothing that is said can be read: no name, no number, no key", async () => {
  await using house = new House();
  await lived(house);
  const said = JSON.stringify(house.sent.map(({ topic, payload }) => topic + decoded(payload)));
  for (const secret of ["Anna", "Bruno", "0001", "04A1", "accessPoints", "privateKey", '"d"']) {
    assert.ok(!said.includes(secret), secret);
  }
});

Deno.test("a stolen panel that was removed gets nothing, says nothing, and does not come back by itself", async () => {
  await using house = new House();
  const [street, garage, yard] = await lived(house);
  const heardBefore = house.sent.length;
  await street.call("DELETE", "/panels/{id}", undefined, { params: { id: garage.id } });
  await house.settle();
  await street.addCard("0007", "Gustav");
  await street.removeCard("0001");
  assert.equal((await garage.view()).role, "removed");
  assert.deepEqual((await garage.cards()).includes("0007 Gustav"), false);
  assert.deepEqual(await yard.cards(), ["0004 Bruno", "0007 Gustav"]);
  await garage.change("0004", { holderName: "Mallory" });
  await garage.addCard("0008", "Mallory");
  // Its own wishes of before, and its request to join, said once more.
  const own = house.sent.filter(({ topic }) => topic.endsWith(garage.id) || topic.endsWith("/join"));
  await tell(house, own);
  assert.deepEqual(await street.cards(), ["0004 Bruno", "0007 Gustav"]);
  assert.deepEqual((await street.view()).panels.map(({ name }) => name), ["Street", "Yard"]);
  // With all that it knew, it reads nothing of what was said since.
  const thief = await house.add("Thief");
  for (const { topic, payload } of house.sent.slice(heardBefore)) await thief.hear(topic, payload);
  assert.deepEqual(await thief.cards(), []);
});

Deno.test("what is said once a panel was removed can't be read with the key that it has", async () => {
  await using house = new House();
  const [street, garage] = await lived(house);
  const key = garage.dataKey();
  const readable = async (said: readonly Sent[]) => {
    let count = 0;
    for (
      const { topic, payload } of said.filter(({ topic, payload }) => topic.includes("/card/") && payload)
    ) {
      const { site, mark, version, locked } = claimed(payload, cardSchema)!;
      assert.ok(topic.endsWith(mark));
      if (await unlocked(key, cardPlace(site, mark, version), locked) !== undefined) count++;
    }
    return count;
  };
  assert.notEqual(await readable(house.sent), 0);
  const before = house.sent.length;
  await street.call("DELETE", "/panels/{id}", undefined, { params: { id: garage.id } });
  await house.settle();
  await street.addCard("0007", "Gustav");
  const since = house.sent.slice(before);
  assert.ok(since.some(({ topic }) => topic.includes("/card/")));
  assert.equal(await readable(since), 0);
});

Deno.test("what the stolen panel was the last to change can be suspended with it", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  await street!.addCard("0001");
  await garage!.addCard("0002", "Mallory");
  await yard!.addCard("0003", "Carla");
  await street!.call("DELETE", "/panels/{id}", undefined, {
    params: { id: garage!.id },
    query: { suspend: "true" },
  });
  await house.settle();
  const expected = ["0001 Anna", "0002 Mallory suspended", "0003 Carla"];
  assert.deepEqual([await street!.cards(), await yard!.cards()], [expected, expected]);
});

Deno.test("a panel that was away while another was removed goes on with the new key", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  await street!.addCard("0001");
  await yard!.setUp(false);
  await yard!.addCard("0002");
  await street!.call("DELETE", "/panels/{id}", undefined, { params: { id: garage!.id } });
  await street!.addCard("0003");
  await yard!.setUp(true);
  await house.advance(15_000);
  const expected = ["0001 Anna", "0002 Anna", "0003 Anna"];
  assert.deepEqual([await street!.cards(), await yard!.cards()], [expected, expected]);
});

Deno.test("what somebody writes over at the broker is put right", async () => {
  await using house = new House();
  const [street] = await lived(house);
  const topics = topicsOf((await street.view()).id!);
  house.publish({ topic: topics.register, payload: "mine now", retain: true });
  for (const topic of [...house.retained.keys()].filter((topic) => topic.includes("/card/"))) {
    house.publish({ topic, payload: "", retain: true });
  }
  await house.settle();
  await house.advance(15_000);
  const shed = await house.add("Shed");
  await house.join(street, shed);
  assert.deepEqual(await shed.cards(), await street.cards());
});

Deno.test("who writes over one thing at the broker makes the panel with the key tell that one, and not all", async () => {
  await using house = new House();
  const [street] = await lived(house);
  const topics = topicsOf((await street.view()).id!);
  const card = [...house.retained.keys()].find((topic) => topic.includes("/card/"))!;
  const gone = house.sent.find(({ topic, payload }) => topic.includes("/card/") && payload === "")!.topic;
  const before = new Map(house.retained);
  const from = house.sent.length;
  for (const topic of [topics.register, card, gone]) {
    for (let n = 0; n < 5; n++) house.publish({ topic, payload: `mine ${n}`, retain: true });
  }
  await house.settle();
  await house.advance(15_000);
  const told = house.sent.slice(from).filter(({ topic, payload }) =>
    !payload.startsWith("mine") && !/[/](rows|seen|hello)[/]/.test(topic)
  );
  assert.deepEqual(told.map(({ topic }) => topic).toSorted(), [topics.register, card, gone].toSorted());
  for (const topic of [topics.register, card, gone]) {
    assert.equal(house.retained.get(topic), before.get(topic), topic);
  }
});

function base64url(text: string): Uint8Array {
  return Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")),
    (letter) => letter.charCodeAt(0),
  );
}

/** What of a document can be read without a key. */
function decoded(payload: string): string {
  return payload.split(".").slice(0, 2).map((part) => {
    const text = new TextDecoder().decode(base64url(part));
    return text +
      [...text.matchAll(/"(eyJ[\w-]+)/g)].map(([, inner]) => new TextDecoder().decode(base64url(inner!)));
  }).join(" ");
}
