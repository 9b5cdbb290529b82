import assert from "node:assert/strict";
import { configSchema } from "../config/schema.ts";
import type { PluginStatus } from "../plugin/host.ts";
import { startBlock } from "./start_block.ts";

const TOKEN = "q".repeat(43);

const plugin = (id: string, state: PluginStatus["state"] = "running", reason = "") => ({
  id,
  title: id,
  state,
  reason,
  errors: 0,
});

function block(config: Record<string, unknown> = {}, ownerToken?: string, plugins = [plugin("strike")]) {
  const settings = configSchema.parse({ data: "/srv/panel", ...config });
  return startBlock({ config: settings, version: "1.2.3", port: 8081, plugins, ownerToken });
}

Deno.test("the first start shows the owner's link, in letters and as a QR code", () => {
  const text = block({}, TOKEN);
  assert.match(text, new RegExp(`^ {2}Open {6}http://127\\.0\\.0\\.1:8081/#token=${TOKEN}$`, "m"));
  const code = text.split("\n").filter((line) => /^ +[█▀▄ ]{20,}$/.test(line));
  assert.ok(code.length >= 17, "the rows of a code of 33 modules, two in a row");
  assert.ok(code.every((line) => line.length === code[0]!.length));
  assert.match(text, /1\.2\.3 · Front door/);
  assert.match(text, /^ {2}Data {6}\/srv\/panel$/m);
});

Deno.test("a later start, which does not know the token, says that the link still works and how to get a new one", () => {
  const text = block();
  assert.match(text, /^ {2}Open {6}http:\/\/127\.0\.0\.1:8081\/$/m);
  assert.match(text, /still works[^]*--new-owner-link/);
  assert.doesNotMatch(text, /[█▀▄]|token/);
});

Deno.test("what does not run is named with the reason, what was left out too", () => {
  const plugins = [plugin("strike"), plugin("lamp", "failed", "No bulb"), plugin("bell")];
  const text = block({ plugins: { buzzer: false, strike: {} } }, undefined, plugins);
  assert.match(text, /^ {2}Plugins {3}strike, bell$/m);
  assert.match(text, /^ {12}lamp: failed, No bulb$/m);
  assert.match(text, /^ {12}buzzer: left out by the configuration$/m);
});

Deno.test("a link leads to this machine also where the panel listens on every address, and that is warned of", () => {
  assert.match(block({ host: "0.0.0.0" }), /http:\/\/127\.0\.0\.1:8081\/\n[^]*Warning +other machines/);
  assert.match(block({ host: "::" }), /http:\/\/\[::1\]:8081\/\n[^]*Warning/);
  for (const host of ["::1", "127.0.0.1", "localhost", "127.0.0.2"]) {
    assert.doesNotMatch(block({ host }), /Warning/, host);
  }
});
