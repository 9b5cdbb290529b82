import assert from "node:assert/strict";
import { z } from "zod";
import { definePlugin, rawRoute } from "../mod.ts";
import { memberService } from "../members/keys.ts";
import { BODY_LIMIT } from "./body.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const TYPE = "text/x-verse";
const held: { still(): boolean }[] = [];

const poet = definePlugin({
  id: "poet",
  api: 1,
  setup(ctx) {
    ctx.routes([
      rawRoute({
        method: "post",
        path: "/verses/{number}",
        access: "household",
        summary: "Read a verse back",
        params: z.strictObject({ number: z.coerce.number().int() }),
        query: z.strictObject({ loud: z.enum(["yes", "no"]).default("no") }),
        body: z.string().max(BODY_LIMIT),
        consumes: TYPE,
        produces: TYPE,
        status: 201,
        respond(_request, { params, query, body, actor, still }) {
          held.push({ still });
          const verse = query.loud === "yes" ? body.toUpperCase() : body;
          const headers = { "content-type": TYPE, "location": `/verses/${params.number}` };
          return new Response(`${actor.name}: ${verse}`, { status: 201, headers });
        },
      }),
    ]);
  },
});

const POST = "/plugins/poet/verses/7";
const verse = { headers: { "content-type": `${TYPE}; charset=utf-8` }, text: "o rose" };

Deno.test("a plugin's route may take text and answer with what it makes of it", async () => {
  await using panel = await ApiPanel.start({ plugins: [poet] });
  const response = await panel.send("POST", `${POST}?loud=yes`, verse);
  assert.deepEqual([response.status, response.headers.get("location")], [201, "/verses/7"]);
  assert.match(await response.text(), /: O ROSE$/);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
});

Deno.test("text of another kind, too much of it and what is no text are refused, as are a strange query and path", async () => {
  await using panel = await ApiPanel.start({ plugins: [poet] });
  const refusal = async (path: string, sent: Parameters<ApiPanel["ask"]>[2]) => {
    const { status, body } = await panel.ask("POST", path, { ...verse, ...sent });
    return [status, body.code];
  };
  for (const type of ["application/json", "text/plain", "text/x-verse; charset=latin1", "text/x-verses"]) {
    assert.deepEqual(await refusal(POST, { headers: { "content-type": type } }), [415, "type-unknown"], type);
  }
  assert.deepEqual(await refusal(POST, { headers: {} }), [415, "type-unknown"]);
  assert.deepEqual(await refusal(POST, { headers: { ...verse.headers, "content-encoding": "gzip" } }), [
    415,
    "type-unknown",
  ]);
  assert.deepEqual(await refusal(POST, { text: "x".repeat(BODY_LIMIT + 1) }), [413, "too-large"]);
  assert.deepEqual(await refusal(POST, { text: new Uint8Array([0xff]) }), [400, "text-invalid"]);
  assert.deepEqual(await refusal(`${POST}?loud=very`, {}), [400, "input-invalid"]);
  assert.deepEqual(await refusal("/plugins/poet/verses/seven", {}), [400, "input-invalid"]);
});

Deno.test("such a route is for whom it says, and can tell when they have lost their access", async () => {
  await using panel = await ApiPanel.start({ plugins: [poet] });
  const monitor = panel.add({ role: "monitor" });
  const service = panel.add({ role: "service", scopes: ["status:read"] });
  assert.equal((await panel.ask("POST", POST, { ...verse, device: service.device })).status, 403);
  assert.equal((await panel.ask("POST", POST, { ...verse, device: null })).status, 401);
  await (await panel.send("POST", POST, { ...verse, device: monitor.device })).text();
  const { still } = held.at(-1)!;
  assert.equal(still(), true);
  await panel.core.host.core.use(memberService).remove(monitor.id, {
    kind: "person",
    id: "member-1",
    scopes: [],
  });
  assert.equal(still(), false);
});

Deno.test("the API document names the type of what such a route takes and gives", async () => {
  await using panel = await ApiPanel.start({ plugins: [poet] });
  const { body } = await panel.ask("GET", "/openapi.json", { device: null });
  const { requestBody, responses } = body.paths["/api/v1/plugins/poet/verses/{number}"].post;
  assert.deepEqual(Object.keys(requestBody.content), [TYPE]);
  assert.deepEqual(Object.keys(responses["201"].content), [TYPE]);
  assert.match(responses["415"].description, /text\/x-verse/);
});
