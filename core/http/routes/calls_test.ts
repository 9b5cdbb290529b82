import assert from "node:assert/strict";
import { callService } from "../../calls/keys.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const calls = (panel: ApiPanel) => panel.core.host.core.use(callService);

Deno.test("B-CALL-2: a call is answered and ended over the API, and is in the call log", async () => {
  await using panel = await ApiPanel.start();
  assert.equal((await panel.ask("GET", "/calls/current")).body.code, "call-none");
  const { call } = await calls(panel).ring("bell");
  assert.deepEqual((await panel.ask("GET", "/calls/current")).body, call);
  const answered = await panel.ask("POST", `/calls/${call.id}/answer`, { body: {} });
  assert.deepEqual([answered.status, answered.body.state], [200, "answered"]);
  assert.equal(answered.body.answeredBy.name, "Owner");
  const ended = await panel.ask("POST", `/calls/${call.id}/end`);
  assert.deepEqual([ended.body.state, ended.body.outcome], ["ended", "answered"]);
  assert.equal((await panel.ask("GET", "/calls/current")).status, 404);
  assert.deepEqual((await panel.ask("GET", "/calls")).body, [ended.body]);
});

Deno.test("a step that the call's state does not allow is answered 409, an unknown call 404", async () => {
  await using panel = await ApiPanel.start();
  const { call } = await calls(panel).ring("bell");
  const step = async (name: string, id = call.id) => {
    const { status, body } = await panel.ask("POST", `/calls/${id}/${name}`);
    return [status, body.code ?? body.state];
  };
  assert.deepEqual(await step("end"), [409, "call-ringing"]);
  assert.deepEqual(await step("answer"), [200, "answered"]);
  assert.deepEqual(await step("answer"), [409, "call-taken"]);
  assert.deepEqual(await step("reject"), [409, "call-taken"]);
  assert.deepEqual(await step("end"), [200, "ended"]);
  assert.deepEqual(await step("end"), [409, "call-over"]);
  for (const name of ["answer", "reject", "end"]) {
    assert.deepEqual(await step(name, "call-0"), [404, "call-unknown"]);
    assert.deepEqual(await step(name, "x".repeat(65)), [400, "input-invalid"]);
  }
});

Deno.test("a rejected call is rejected in the log", async () => {
  await using panel = await ApiPanel.start();
  const { call } = await calls(panel).ring("bell");
  const { body } = await panel.ask("POST", `/calls/${call.id}/reject`);
  assert.deepEqual([body.state, body.outcome], ["ended", "rejected"]);
});

Deno.test("the call log comes newest first, a page at a time", async () => {
  await using panel = await ApiPanel.start();
  const ids: string[] = [];
  for (let round = 0; round < 3; round++) {
    const { call } = await calls(panel).ring("bell");
    ids.unshift(call.id);
    await panel.ask("POST", `/calls/${call.id}/reject`);
  }
  const listed = async (query: string) => {
    const { body } = await panel.ask("GET", `/calls${query}`);
    return body.map(({ id }: { id: string }) => id);
  };
  assert.deepEqual(await listed(""), ids);
  assert.deepEqual(await listed(`?limit=1&before=${ids[0]}`), [ids[1]]);
  const { status, body } = await panel.ask("GET", "/calls?before=call-0");
  assert.deepEqual([status, body.code], [404, "call-unknown"]);
  assert.equal((await panel.ask("GET", "/calls?before=a%20b")).status, 400);
});
