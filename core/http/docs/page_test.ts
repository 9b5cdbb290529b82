import assert from "node:assert/strict";
import { z } from "zod";
import { definePlugin } from "../../plugin/plugin.ts";
import { route } from "../route.ts";
import { ApiPanel } from "../testing/api_panel.ts";

Deno.test("the API's page shows every route and schema there is, each where its link points", async () => {
  await using panel = await ApiPanel.start();
  const response = await panel.send("GET", "/docs", { device: null });
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  const page = await response.text();
  const { body: document } = await panel.ask("GET", "/openapi.json");
  for (
    const methods of Object.values<Record<string, { operationId: string; summary: string }>>(document.paths)
  ) {
    for (const { operationId } of Object.values(methods)) assert.ok(page.includes(`id="${operationId}"`));
  }
  for (const name of Object.keys(document.components.schemas)) {
    assert.ok(page.includes(`id="schema-${name}"`));
  }
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  assert.ok(targets.length > 50);
  assert.deepEqual(targets.filter((id) => !ids.has(id)), []);
});

Deno.test("the API's page needs nothing from elsewhere and nothing inline, as its policy demands", async () => {
  await using panel = await ApiPanel.start();
  const response = await panel.send("GET", "/docs", { device: null });
  const page = await response.text();
  assert.match(response.headers.get("content-security-policy")!, /^default-src 'none'; style-src 'self';/);
  assert.doesNotMatch(page, /<script|<style|\sstyle=|\son\w+=|src=/i);
  const links = [...page.matchAll(/<link [^>]*href="([^"]+)"/g)].map(([, href]) => href);
  assert.deepEqual(links, ["/api/v1/docs.css"]);
  const style = await panel.send("GET", "/docs.css", { device: null });
  assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
  assert.doesNotMatch(await style.text(), /url\(|@import|http/);
});

Deno.test("whatever a plugin says of its routes stands on the page as text", async () => {
  const evil = `<img src=x onerror="alert(1)">' & \`<b>\``;
  const plugin = definePlugin({
    id: "evil",
    api: 1,
    setup: (ctx) =>
      ctx.routes([route({
        method: "post",
        path: "/things",
        access: "owner",
        tag: "evil",
        summary: evil,
        description: evil,
        body: z.strictObject({ [evil]: z.enum([evil]).describe(evil) }),
        handle: () => {},
      })]),
  });
  await using panel = await ApiPanel.start({ plugins: [plugin] });
  const page = await (await panel.send("GET", "/docs")).text();
  assert.ok(page.includes("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"));
  assert.doesNotMatch(page, /<img|<b>/);
});
