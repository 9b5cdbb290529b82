import assert from "node:assert/strict";
import { definePlugin } from "../../plugin/plugin.ts";
import { route } from "../route.ts";
import { ApiPanel } from "../testing/api_panel.ts";
import { keep } from "./document.ts";

const garden = definePlugin({
  id: "garden",
  api: 1,
  setup: (ctx) =>
    ctx.routes([
      route({ method: "get", path: "/trees", access: "owner", summary: "List the trees", handle: () => {} }),
    ]),
});

Deno.test("what is made of a document is made once, and anew of another", () => {
  let made = 0;
  const count = keep((from: { name: string }) => `${from.name} ${++made}`);
  const [one, two] = [{ name: "one" }, { name: "two" }];
  assert.deepEqual([count(one), count(one), count(two), count(two), count(one)], [
    "one 1",
    "one 1",
    "two 2",
    "two 2",
    "one 3",
  ]);
});

Deno.test("the document and its page follow the plugins, asked for again and again", async () => {
  await using panel = await ApiPanel.start({ plugins: [garden] });
  const read = async (path: string) => await (await panel.send("GET", path, { device: null })).text();
  for (const path of ["/docs", "/openapi.json"]) {
    assert.match(await read(path), /List the trees/, path);
    assert.equal(await read(path), await read(path));
  }
  await panel.core.host.halt("garden");
  for (const path of ["/docs", "/openapi.json"]) {
    assert.doesNotMatch(await read(path), /List the trees/, path);
  }
});
