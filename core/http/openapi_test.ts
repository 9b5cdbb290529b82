import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { z } from "zod";
import { callService } from "../calls/keys.ts";
import { partsPoint } from "../parts.ts";
import { definePlugin } from "../plugin/plugin.ts";
import { route } from "./route.ts";
import { TestDevice } from "../testing/device.ts";
import { grantOf } from "../isolate/testing/isolated_bench.ts";
import { packageJson, tgz } from "../isolate/testing/packages.ts";
import { ApiPanel, type Sent } from "./testing/api_panel.ts";

// deno-lint-ignore no-explicit-any -- a document is read here and there
type Document = any;

const treeSchema = z.strictObject({
  name: z.string(),
  get branches() {
    return z.array(treeSchema).optional();
  },
});

const garden = definePlugin({
  id: "garden-gnome",
  api: 1,
  title: "Garden gnome",
  setup(ctx) {
    ctx.contribute(partsPoint, {
      id: "gnome",
      kind: "light",
      name: "Gnome",
      state: () => Promise.resolve({ lit: true, colours: ["red", null, { warm: 1 }] }),
      commands: { glow: { args: z.strictObject({}), run: () => Promise.resolve() } },
    });
    ctx.routes([
      route({
        method: "post",
        path: "/trees/{id}/grow",
        access: "owner",
        summary: "Grow a tree",
        params: z.strictObject({ id: z.string() }),
        query: z.strictObject({ fast: z.enum(["yes", "no"]).default("no") }),
        body: treeSchema,
        response: treeSchema,
        status: 201,
        handle: ({ body }) => body,
      }),
    ]);
  },
});

async function documentOf(panel: ApiPanel): Promise<Document> {
  const { status, body } = await panel.ask("GET", "/openapi.json", { device: null });
  assert.equal(status, 200);
  return body;
}

/** What a JSON schema of the document says of a value: undefined where it fits. */
function misfit(document: Document, schema: object, value: unknown): string | undefined {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const result = z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")))
    .safeParse(value);
  return result.success ? undefined : result.error.message;
}

Deno.test("the API document is valid OpenAPI 3.1, with plugins' routes in it", async () => {
  await using panel = await ApiPanel.start({ plugins: [garden] });
  const document = await documentOf(panel);
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  assert.match(document.openapi, /^3\.1\./);
  const broken = structuredClone(document);
  delete broken.paths["/api/v1/status"].get.responses;
  broken.info.version = 7;
  assert.equal((await new Validator().validate(broken)).valid, false);
});

Deno.test("the API document has every route that is served and no other, as plugins come and go", async () => {
  await using panel = await ApiPanel.start({ plugins: [garden] });
  const described = async () => {
    const { paths } = await documentOf(panel) as { paths: Record<string, object> };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`)
    ).toSorted();
  };
  const served = () => panel.routes.all().map(({ route, path }) => `${route.method} ${path}`).toSorted();
  assert.deepEqual(await described(), served());
  assert.ok(served().includes("post /api/v1/plugins/garden-gnome/trees/{id}/grow"));
  await panel.core.host.halt("garden-gnome");
  assert.deepEqual(await described(), served());
  assert.ok(!served().some((route) => route.includes("gnome")));
});

Deno.test("each operation has an id of its own, a tag, and says what it needs", async () => {
  await using panel = await ApiPanel.start({ plugins: [garden] });
  const document = await documentOf(panel);
  const ids = new Set<string>();
  for (const { route, path } of panel.routes.all()) {
    const operation = document.paths[path][route.method];
    assert.ok(!ids.has(operation.operationId), operation.operationId);
    ids.add(operation.operationId);
    const open = route.access === "public" || route.access === "anyone";
    const service = route.scope === undefined ? [] : [{ bearer: [] }];
    assert.deepEqual(operation.security, open ? [] : [{ dpop: [] }, ...service], path);
    assert.equal("401" in operation.responses, !open || route.signed === true, path);
    assert.ok(document.tags.some(({ name }: { name: string }) => operation.tags.includes(name)), path);
  }
  assert.ok(ids.has("gardenGnomePostTreesByIdGrow"));
});

Deno.test("a schema that contains itself refers to itself by name", async () => {
  await using panel = await ApiPanel.start({ plugins: [garden] });
  const document = await documentOf(panel);
  assert.ok(!JSON.stringify(document).includes('"$ref":"#"'));
  const { requestBody } = document.paths["/api/v1/plugins/garden-gnome/trees/{id}/grow"].post;
  const { schema } = requestBody.content["application/json"];
  assert.equal(misfit(document, schema, { name: "oak", branches: [{ name: "twig" }] }), undefined);
  assert.ok(misfit(document, schema, { name: "oak", branches: [{ name: 7 }] }));
});

Deno.test("descriptions of fields are in the document", async () => {
  await using panel = await ApiPanel.start();
  const document = await documentOf(panel);
  const release = document.paths["/api/v1/access-points/{id}/release"].post;
  assert.match(
    release.requestBody.content["application/json"].schema.properties.requestId.description,
    /twice/,
  );
  assert.match(document.components.schemas.Problem.properties.code.description, /Stable/);
});

Deno.test("what routes answer, and refuse, is what the document says", async () => {
  await using panel = await ApiPanel.start({ plugins: [garden], granted: [grantOf("weather")] });
  const card = await panel.core.addCard({ usesLeft: 3 });
  const calls = panel.core.host.core.use(callService);
  const { call } = await calls.ring("bell");
  const document = await documentOf(panel);
  const { id: family, device: phone } = panel.add({ role: "family" });
  const [own] = panel.core.parts.members.get(family)!.devices;
  const guest = { name: "Guest", role: "service", scopes: ["calls:read"] };
  const code = { name: "Parcel", form: "pin", terms: { accessPoints: ["lock"] } };
  const wrong = "x".repeat(22);
  const chimePackage = tgz({ "package.json": packageJson("chime"), "mod.ts": "" });
  const signingKey = "RWQuEErw5PQVfw/CuBRo1oQM61MRqnEom/Yr+Oxo9vu1wrXW4LtnTBYB";
  const { body: invited } = await panel.ask("POST", "/invitations", { body: guest });
  const stranger = new TestDevice();
  stranger.nonce = panel.device.nonce;
  const requests: [string, string, Record<string, string>, Sent?][] = [
    ["get", "/health", {}],
    ["get", "/status", {}],
    ["get", "/status", {}, { device: null }],
    ["get", "/status", {}, { headers: { host: "evil.example" } }],
    ["get", "/access-points", {}],
    ["post", "/access-points/{id}/release", { id: "lock" }],
    ["post", "/access-points/{id}/release", { id: "lock" }],
    ["post", "/access-points/{id}/release", { id: "cellar" }],
    ["post", "/access-points/{id}/release", { id: "lock" }, { body: { requestId: 1 } }],
    ["post", "/access-points/{id}/release", { id: "lock" }, { headers: { origin: "http://evil.example" } }],
    ["post", "/access-points/{id}/release", { id: "lock" }, { text: "x" }],
    ["post", "/access-points/{id}/release", { id: "lock" }, { body: "x".repeat(70_000) }],
    ["get", "/calls/current", {}],
    ["post", "/calls/{id}/answer", { id: call.id }],
    ["post", "/calls/{id}/answer", { id: call.id }],
    ["post", "/calls/{id}/reject", { id: call.id }],
    ["post", "/calls/{id}/end", { id: call.id }],
    ["post", "/calls/{id}/end", { id: "call-0" }],
    ["get", "/calls", {}],
    ["get", "/calls/current", {}],
    ["get", "/cards", {}],
    ["get", "/cards/{id}", { id: card.id }],
    ["patch", "/cards/{id}", { id: card.id }, { body: { suspended: true } }],
    ["patch", "/cards/{id}", { id: card.id }, { body: { validity: { kind: "never" } } }],
    ["delete", "/cards/{id}", { id: card.id }],
    ["delete", "/cards/{id}", { id: card.id }],
    ["get", "/holders", {}],
    ["get", "/parts", {}],
    ["post", "/parts/{id}/commands/{command}", { id: "gnome", command: "glow" }, { body: {} }],
    ["post", "/parts/{id}/commands/{command}", { id: "gnome", command: "dance" }],
    ["get", "/settings", {}],
    ["put", "/settings/{plugin}", { plugin: "garden-gnome" }, { body: {} }],
    ["put", "/settings/{plugin}", { plugin: "garden-gnome" }, { body: { beard: 1 } }],
    ["put", "/settings/{plugin}", { plugin: "nobody" }, { body: {} }],
    ["get", "/third-party", {}],
    ["put", "/third-party/{plugin}/enabled", { plugin: "weather" }, { body: { enabled: false } }],
    ["put", "/third-party/{plugin}/enabled", { plugin: "nobody" }, { body: { enabled: true } }],
    ["get", "/plugin-packages", {}],
    ["post", "/plugin-packages", {}, { text: chimePackage, headers: { "content-type": "application/gzip" } }],
    ["post", "/plugin-packages", {}, { text: "x", headers: { "content-type": "application/gzip" } }],
    ["post", "/plugin-packages", {}, { body: {} }],
    ["get", "/plugin-packages", {}],
    ["post", "/plugin-packages/{digest}/grant", { digest: "0".repeat(64) }],
    ["post", "/plugin-packages/{digest}/grant", { digest: "chime" }],
    ["delete", "/plugin-packages/{digest}", { digest: "0".repeat(64) }],
    ["get", "/plugin-keys", {}],
    ["post", "/plugin-keys", {}, { body: { name: "Ann", key: signingKey } }],
    ["post", "/plugin-keys", {}, { body: { name: "Ann", key: "ssh" } }],
    ["delete", "/plugin-keys/{key}", { key: "7F15F4E4F04A102E" }],
    ["delete", "/plugin-keys/{key}", { key: "7F15F4E4F04A102E" }],
    ["delete", "/third-party/{plugin}", { plugin: "weather" }],
    ["delete", "/third-party/{plugin}", { plugin: "weather" }],
    ["get", "/config.schema.json", {}],
    ["post", "/backup", {}, { body: { passphrase: "sleepy otter paints tall bridges" } }],
    ["post", "/backup", {}, { body: { passphrase: "short" } }],
    ["post", "/clock/confirm", {}],
    ["get", "/access-log", {}],
    ["post", "/plugins/garden-gnome/trees/{id}/grow", { id: "1" }, { body: { name: "oak", branches: [] } }],
    ["get", "/openapi.json", {}],
    ["get", "/docs", {}],
    ["get", "/docs.css", {}],
    ["get", "/events", {}],
    ["get", "/identity", {}],
    ["get", "/root.pem", {}],
    ["get", "/root.crt", {}],
    ["get", "/root.mobileconfig", {}],
    ["post", "/claim", {}, { body: { code: wrong, name: "Anna", deviceName: "Phone" }, device: stranger }],
    ["post", "/join", {}, { body: { code: wrong, deviceName: "Phone" }, device: stranger }],
    ["post", "/join", {}, { body: { code: wrong, deviceName: "Phone" }, device: null }],
    ["get", "/me", {}],
    ["post", "/links", {}, { body: { path: "/api/v1/access-log" } }],
    ["get", "/codes", {}],
    ["post", "/codes", {}, { body: code }],
    ["delete", "/codes/{id}", { id: "code-1" }],
    ["delete", "/codes/{id}", { id: "code-1" }],
    ["post", "/codes/check", {}, { body: { text: "12345678" }, device: null }],
    ["post", "/codes/release", {}, { body: { text: "12345678", accessPoint: "lock" }, device: null }],
    ["get", "/members", {}],
    ["post", "/invitations", {}, { body: guest }],
    ["get", "/invitations", {}],
    ["delete", "/invitations/{id}", { id: invited.id }],
    ["delete", "/invitations/{id}", { id: invited.id }],
    ["post", "/invitations", {}, { body: { ...guest, scopes: [] } }],
    ["post", "/members/{id}/invitations", { id: family }],
    ["post", "/members/bearer", {}, { body: guest }],
    ["patch", "/members/{id}", { id: family }, { body: { name: "Bruno B." } }],
    ["patch", "/members/{id}/devices/{device}", { id: family, device: own!.id }, { body: { name: "Old" } }],
    ["get", "/cards", {}, { device: panel.add({ role: "monitor" }).device }],
    ["delete", "/me/device", {}, { device: phone }],
    ["delete", "/members/{id}/devices/{device}", { id: family, device: own!.id }],
    ["delete", "/members/{id}", { id: family }],
    ["delete", "/members/{id}", { id: "member-1" }],
  ];
  const asked = new Set<string>();
  for (const [method, template, params, sent] of requests) {
    const path = template.replace(/\{(\w+)\}/g, (_, name) => params[name]!);
    const response = await panel.send(method.toUpperCase(), path, sent);
    const place = `${method} ${path} ${response.status}`;
    asked.add(`${method} /api/v1${template}`);
    const described = document.paths[`/api/v1${template}`][method].responses[response.status];
    assert.ok(described, `${place} is not described`);
    const [type] = (response.headers.get("content-type") ?? "").split(";");
    if (!described.content) assert.equal(await response.text(), "", place);
    else {
      const content = described.content[type!];
      assert.ok(content, `${place}: ${type} is not described`);
      if (type!.endsWith("json")) {
        const body = await response.json();
        if (template !== "/openapi.json") {
          assert.equal(misfit(document, content.schema, body), undefined, place);
        }
      } else await response.body?.cancel();
    }
  }
  const all = panel.routes.all().map(({ route, path }) => `${route.method} ${path}`);
  assert.deepEqual(all.filter((route) => !asked.has(route)), []);
});

Deno.test("a wrong answer would be seen: the document allows no other field", async () => {
  await using panel = await ApiPanel.start();
  await panel.core.addCard();
  const document = await documentOf(panel);
  const { schema } = document.paths["/api/v1/cards"].get.responses["200"].content["application/json"];
  const { body } = await panel.ask("GET", "/cards");
  assert.equal(misfit(document, schema, body), undefined);
  assert.ok(misfit(document, schema, [{ ...body[0], uid: "04A1B2C3" }]));
  assert.ok(misfit(document, schema, [{ ...body[0], lastDigits: undefined }]));
  assert.ok(misfit(document, schema, body[0]));
});
