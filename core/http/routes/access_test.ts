import assert from "node:assert/strict";
import { accessService, type Denial, denialsPoint } from "../../access/keys.ts";
import { LatchkeyError } from "../../errors.ts";
import { PROBLEM_TYPE } from "../problem.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const RELEASE = "/access-points/lock/release";

Deno.test("B-REL-3: a release over the API moves the output once and is in the log", async () => {
  await using panel = await ApiPanel.start();
  const { status, body } = await panel.ask("POST", RELEASE, { body: { requestId: "evening-1" } });
  assert.equal(status, 200);
  assert.deepEqual(body, {
    requestId: "evening-1",
    accessPoint: "lock",
    outcome: "released",
    reason: "granted",
    message: "LOCK is released",
    seq: 1,
    repeated: false,
  });
  assert.deepEqual(panel.core.lock.pulses, ["evening-1"]);
  const { body: [row] } = await panel.ask("GET", "/access-log");
  assert.deepEqual([row.seq, row.outcome, row.via, row.actor.name], [1, "released", "app", "Owner"]);
});

Deno.test("the same request id is answered again and moves nothing", async () => {
  await using panel = await ApiPanel.start();
  const sent = { body: { requestId: "evening-1" } };
  const answers = await Promise.all([1, 2, 3].map(() => panel.ask("POST", RELEASE, sent)));
  panel.core.lock.close();
  answers.push(await panel.ask("POST", RELEASE, sent));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200]);
  // Which of them is decided first is up to the threads that check their signatures.
  const repeated = answers.map(({ body }) => body.repeated);
  assert.deepEqual([repeated.filter((one) => !one).length, repeated[3]], [1, true]);
  assert.equal(panel.core.lock.pulses.length, 1);
});

Deno.test("I-24: a request id used for one access point is refused with 409 for another", async () => {
  await using panel = await ApiPanel.start();
  const sent = { body: { requestId: "evening-1" } };
  await panel.ask("POST", RELEASE, sent);
  const { status, body } = await panel.ask("POST", "/access-points/gate/release", sent);
  assert.deepEqual([status, body.code], [409, "request-id-used"]);
  assert.deepEqual(panel.core.gate.pulses, []);
});

Deno.test("without a request id the panel makes one, and asking again is a new wish", async () => {
  await using panel = await ApiPanel.start();
  const first = await panel.ask("POST", RELEASE);
  panel.core.lock.close();
  const second = await panel.ask("POST", RELEASE, { body: {} });
  assert.match(first.body.requestId, /^[0-9a-f]{32}$/);
  assert.notEqual(second.body.requestId, first.body.requestId);
  assert.equal(panel.core.lock.pulses.length, 2);
});

Deno.test("a release under way is answered 200 and not made longer", async () => {
  await using panel = await ApiPanel.start();
  await panel.ask("POST", RELEASE);
  const { status, body } = await panel.ask("POST", RELEASE);
  assert.deepEqual([status, body.outcome], [200, "already-released"]);
  assert.equal(panel.core.lock.pulses.length, 1);
});

Deno.test("a denied release is a 403 problem whose code is the reason", async () => {
  await using panel = await ApiPanel.start();
  const denial: Denial = {
    id: "night",
    reason: "enrolling",
    objection: () => Promise.resolve("A badge is being added"),
  };
  panel.core.host.core.contribute(denialsPoint, denial);
  const response = await panel.send("POST", RELEASE, { body: { requestId: "x" } });
  assert.equal(response.headers.get("content-type"), PROBLEM_TYPE);
  const body = await response.json();
  assert.deepEqual(body, {
    type: "urn:latchkey:enrolling",
    title: "Forbidden",
    status: 403,
    code: "enrolling",
    detail: "A badge is being added",
    outcome: "denied",
    reason: "enrolling",
    requestId: "x",
    accessPoint: "lock",
    seq: 1,
    repeated: false,
  });
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("an output that refuses is a 502 problem, and the log says so", async () => {
  await using panel = await ApiPanel.start();
  panel.core.lock.onOpen = () => Promise.reject(new LatchkeyError("output-failed", "No answer"));
  const { status, body } = await panel.ask("POST", RELEASE);
  assert.deepEqual([status, body.code, body.outcome], [502, "output-failed", "failed"]);
  const { body: rows } = await panel.ask("GET", "/access-log?kind=release-failed");
  assert.equal(rows.length, 1);
});

Deno.test("an unknown access point is answered 404, and is in the log as denied", async () => {
  await using panel = await ApiPanel.start();
  const { status, body } = await panel.ask("POST", "/access-points/cellar/release");
  assert.deepEqual([status, body.code], [404, "unknown-access-point"]);
  assert.match(body.detail, /cellar/);
  const { body: [row] } = await panel.ask("GET", "/access-log");
  assert.deepEqual([row.accessPoint, row.outcome], ["cellar", "denied"]);
});

Deno.test("the body of a release takes a request id and nothing else", async () => {
  await using panel = await ApiPanel.start();
  for (
    const [body, field] of [
      [{ requestId: "x", force: true }, "force"],
      [{ requestID: "x" }, "requestID"],
      [{ requestId: 7 }, "requestId"],
      [{ requestId: null }, "requestId"],
      [{ requestId: "" }, "requestId"],
      [{ requestId: "a b" }, "requestId"],
      [{ requestId: "x".repeat(81) }, "requestId"],
      [[], ""],
      ["x", ""],
      [null, ""],
    ] as const
  ) {
    const answer = await panel.ask("POST", RELEASE, { body });
    assert.deepEqual([answer.status, answer.body.code], [400, "input-invalid"], JSON.stringify(body));
    assert.equal(answer.body.errors[0].field, field, JSON.stringify(body));
  }
  assert.deepEqual(panel.core.lock.pulses, []);
  assert.deepEqual(await panel.core.rows(), []);
});

Deno.test("access points are listed with their state", async () => {
  await using panel = await ApiPanel.start();
  await panel.ask("POST", "/access-points/gate/release");
  const { body } = await panel.ask("GET", "/access-points");
  assert.deepEqual(body, [
    { id: "lock", name: "LOCK", released: false, pulseMs: 700 },
    { id: "gate", name: "GATE", released: true, pulseMs: 700 },
  ]);
});

Deno.test("the access log comes newest first, a page at a time, of one kind where asked", async () => {
  await using panel = await ApiPanel.start();
  for (let round = 0; round < 3; round++) {
    await panel.ask("POST", RELEASE);
    panel.core.lock.close();
  }
  await panel.core.addCard();
  const seqs = async (query: string) => {
    const { body } = await panel.ask("GET", `/access-log${query}`);
    return body.map(({ seq }: { seq: number }) => seq);
  };
  assert.deepEqual(await seqs(""), [4, 3, 2, 1]);
  assert.deepEqual(await seqs("?limit=2"), [4, 3]);
  assert.deepEqual(await seqs("?limit=2&before=3"), [2, 1]);
  assert.deepEqual(await seqs("?kind=card-added"), [4]);
  assert.deepEqual(await seqs("?before=1"), []);
});

Deno.test("a query is refused where a value is out of range, not a number, unknown or given twice", async () => {
  await using panel = await ApiPanel.start();
  for (
    const query of [
      "limit=0",
      "limit=501",
      "limit=-1",
      "limit=1.5",
      "limit=1e2",
      "limit=0x10",
      "limit=",
      "limit=%201",
      "limit=99999999999999999999",
      "before=0",
      "kind=everything",
      "kind=",
      "limits=5",
      "limit=5&limit=6",
      "limit=5&limit=5",
      "__proto__=1",
      "toString=1",
    ]
  ) {
    const { status, body } = await panel.ask("GET", `/access-log?${query}`);
    assert.deepEqual([status, body.code], [400, "input-invalid"], query);
  }
});

Deno.test("a log that can't be written denies, and the panel stays up", async () => {
  await using panel = await ApiPanel.start();
  panel.core.store.exec(
    "CREATE TRIGGER full BEFORE INSERT ON access_log BEGIN SELECT RAISE(FAIL, 'full'); END",
  );
  const { status, body } = await panel.ask("POST", RELEASE);
  assert.deepEqual([status, body.code], [403, "log-unavailable"]);
  assert.deepEqual(panel.core.lock.pulses, []);
  assert.equal((await panel.ask("GET", "/status")).status, 200);
});

Deno.test("an error that is not meant for people is logged and told as 500 without what it says", async () => {
  await using panel = await ApiPanel.start();
  const access = panel.core.host.core.use(accessService);
  access.accessPoints = () => Promise.reject(new Error("secret path /srv/x"));
  const { status, body } = await panel.ask("GET", "/access-points");
  assert.deepEqual([status, body.code], [500, "internal"]);
  assert.ok(!JSON.stringify(body).includes("secret"));
  const line = panel.core.lines.find(({ message }) => message === "A request failed");
  assert.equal(line?.fields["error"], "secret path /srv/x");
  assert.equal(line?.fields["route"], "GET /api/v1/access-points");
});
