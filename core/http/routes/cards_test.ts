import assert from "node:assert/strict";
import { ApiPanel } from "../testing/api_panel.ts";

const UIDS = ["04A1B2C3", "04A1B2C4", "04A1B2C5"];

Deno.test("cards are listed in the order of adding, a page at a time, without their numbers", async () => {
  await using panel = await ApiPanel.start();
  for (const uid of UIDS) await panel.core.addCard({}, uid);
  const { body } = await panel.ask("GET", "/cards");
  assert.deepEqual(body.map(({ lastDigits }: { lastDigits: string }) => lastDigits), [
    "B2C3",
    "B2C4",
    "B2C5",
  ]);
  assert.ok(!UIDS.some((uid) => JSON.stringify(body).includes(uid)));
  const first = await panel.ask("GET", "/cards?limit=1");
  const rest = await panel.ask("GET", `/cards?after=${first.body[0].id}`);
  assert.deepEqual([...first.body, ...rest.body], body);
  const one = await panel.ask("GET", `/cards/${body[1].id}`);
  assert.deepEqual(one.body, body[1]);
});

Deno.test("holders are listed", async () => {
  await using panel = await ApiPanel.start();
  await panel.core.addCard({}, UIDS[0], "Zoë");
  await panel.core.addCard({}, UIDS[1], "Anna");
  const { body } = await panel.ask("GET", "/holders");
  assert.deepEqual(body.map(({ name }: { name: string }) => name), ["Anna", "Zoë"]);
});

Deno.test("a change of a card is in force at once; what is left out stays", async () => {
  await using panel = await ApiPanel.start();
  const card = await panel.core.addCard({ usesLeft: 5 });
  const { status, body } = await panel.ask("PATCH", `/cards/${card.id}`, {
    body: { suspended: true, holderName: "  Anna Rossi " },
  });
  assert.equal(status, 200);
  assert.deepEqual([body.suspended, body.holderName, body.usesLeft], [true, "Anna Rossi", 5]);
  assert.equal((await panel.core.present(card)).reason, "suspended");
});

Deno.test("a card that is removed is answered 204, then 404, and opens nothing", async () => {
  await using panel = await ApiPanel.start();
  const card = await panel.core.addCard();
  const removed = await panel.send("DELETE", `/cards/${card.id}`);
  assert.deepEqual([removed.status, await removed.text()], [204, ""]);
  for (const [method, sent] of [["GET", {}], ["DELETE", {}], ["PATCH", { body: {} }]] as const) {
    const { status, body } = await panel.ask(method, `/cards/${card.id}`, sent);
    assert.deepEqual([status, body.code], [404, "card-unknown"], method);
  }
  assert.equal((await panel.core.present(card)).reason, "unknown-credential");
});

/** [what is sent, the field that is at fault] */
const REFUSED: [unknown, string][] = [
  [{ colour: "red" }, "colour"],
  [{ id: "card-9" }, "id"],
  [{ lastDigits: "0000" }, "lastDigits"],
  [{ holderName: "" }, "holderName"],
  [{ holderName: "   " }, "holderName"],
  [{ holderName: "x".repeat(61) }, "holderName"],
  [{ holderName: 7 }, "holderName"],
  [{ suspended: "yes" }, "suspended"],
  [{ usesLeft: -1 }, "usesLeft"],
  [{ usesLeft: 1.5 }, "usesLeft"],
  [{ usesLeft: "3" }, "usesLeft"],
  [{ usesLeft: 1_000_001 }, "usesLeft"],
  [{ accessPoints: [] }, "accessPoints"],
  [{ accessPoints: "lock" }, "accessPoints"],
  [{ accessPoints: ["LOCK"] }, "accessPoints.0"],
  [{ accessPoints: Array(17).fill("lock") }, "accessPoints"],
  [{ validity: "always" }, "validity"],
  [{ validity: { kind: "sometimes" } }, "validity.kind"],
  [{ validity: { kind: "always", from: "2026-05-01T08:00:00Z" } }, "validity.from"],
  [{ validity: period("2026-05-02T08:00:00Z", "2026-05-01T08:00:00Z") }, "validity.until"],
  [{ validity: period("2026-05-01T08:00:00Z", "2026-05-01T08:00:00Z") }, "validity.until"],
  [{ validity: period("2026-05-01T10:00:00+02:00", "2026-05-01T08:00:00Z") }, "validity.until"],
  [{ validity: period("2026-05-01", "2026-05-02") }, "validity.from"],
  [{ validity: period("2026-02-30T08:00:00Z", "2026-05-02T08:00:00Z") }, "validity.from"],
  [{ validity: weekly({ zone: "Mars/Olympus" }) }, "validity.zone"],
  [{ validity: weekly({ zone: "+02:00" }) }, "validity.zone"],
  [{ validity: weekly({ windows: [] }) }, "validity.windows"],
  [{ validity: weekly({ windows: [window({ days: ["someday"] })] }) }, "validity.windows.0.days.0"],
  [{ validity: weekly({ windows: [window({ from: "8:00" })] }) }, "validity.windows.0.from"],
  [{ validity: weekly({ windows: [window({ to: "24:01" })] }) }, "validity.windows.0.to"],
];

function period(from: string, until: string) {
  return { kind: "period", from, until };
}

function window(change: object) {
  return { days: ["mon"], from: "08:00", to: "18:00", ...change };
}

function weekly(change: object) {
  return { kind: "weekly", zone: "Europe/Rome", windows: [window({})], ...change };
}

Deno.test("bad terms of a card are refused with the field, what was given and what is allowed", async () => {
  await using panel = await ApiPanel.start();
  const card = await panel.core.addCard();
  const before = await panel.core.credentials.get(card.id);
  for (const [sent, field] of REFUSED) {
    const { status, body } = await panel.ask("PATCH", `/cards/${card.id}`, { body: sent });
    assert.deepEqual([status, body.code], [400, "input-invalid"], JSON.stringify(sent));
    assert.equal(body.errors[0].field, field, JSON.stringify(sent));
    assert.ok(body.errors[0].message.length > 3);
  }
  assert.deepEqual(await panel.core.credentials.get(card.id), before);
});

Deno.test("terms that name an unknown access point are refused with its name", async () => {
  await using panel = await ApiPanel.start();
  const card = await panel.core.addCard();
  const { status, body } = await panel.ask("PATCH", `/cards/${card.id}`, {
    body: { accessPoints: ["lock", "cellar"] },
  });
  assert.deepEqual([status, body.code], [400, "unknown-access-point"]);
  assert.deepEqual(body.errors.map(({ field, value }: Record<string, unknown>) => [field, value]), [
    ["accessPoints.1", "cellar"],
  ]);
});

Deno.test("however much is wrong with a request, its refusal stays short", async () => {
  await using panel = await ApiPanel.start();
  const card = await panel.core.addCard();
  const body = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [`${index}${"x".repeat(20)}`, 1]),
  );
  const long = await panel.ask("PATCH", `/cards/${card.id}`, { body });
  const wide = await panel.ask("PATCH", `/cards/${card.id}`, {
    body: { ["y".repeat(50_000)]: "z".repeat(9_000) },
  });
  for (const answer of [long, wide]) {
    assert.equal(answer.status, 400);
    assert.ok(JSON.stringify(answer.body).length < 8_000);
  }
});

Deno.test("an id that can't be one is refused before anything is looked up", async () => {
  await using panel = await ApiPanel.start();
  for (const id of ["CARD-1", "card_1", "x".repeat(65), "..."]) {
    const { status, body } = await panel.ask("GET", `/cards/${id}`);
    assert.deepEqual([status, body.code, body.errors?.[0].field], [400, "input-invalid", "path.id"], id);
  }
});
