import assert from "node:assert/strict";
import { configSchema } from "../config/schema.ts";
import type { PluginStatus } from "../plugin/host.ts";
import type { ClaimOffer } from "../runtime.ts";
import { startBlock } from "./start_block.ts";

const OFFER = { code: "q".repeat(22), deviceId: "d".repeat(32), fingerprint: null };

const plugin = (id: string, state: PluginStatus["state"] = "running", reason = "") => ({
  id,
  title: id,
  state,
  reason,
  errors: 0,
});

function block(config: Record<string, unknown> = {}, offer?: ClaimOffer, plugins = [plugin("strike")]) {
  const fingerprint = offer?.fingerprint ?? null;
  const settings = configSchema.parse({ data: "/srv/panel", ...config });
  return startBlock({ config: settings, version: "1.2.3", port: 8081, plugins, offer, fingerprint });
}

Deno.test("B-SET-5: a panel without an owner shows the link to claim it with, in letters and as a QR code", () => {
  const text = block({}, OFFER);
  assert.match(text, /^ {2}Open {6}http:\/\/127\.0\.0\.1:8081\/#claim=q{22}&panel=d{32}$/m);
  const code = text.split("\n").filter((line) => /^ +[█▀▄ ]{20,}$/.test(line));
  assert.ok(code.length >= 17, "the rows of a code of 33 modules, two in a row");
  assert.ok(code.every((line) => line.length === code[0]!.length));
  assert.match(text, /1\.2\.3 · Front door/);
  assert.match(text, /^ {2}Data {6}\/srv\/panel$/m);
  assert.doesNotMatch(text, /button inside/);
});

Deno.test("B-SET-5: where others can reach the panel, the link says what to trust and asks for the button", () => {
  const text = block({ host: "192.168.1.20" }, { ...OFFER, fingerprint: "ab".repeat(32) });
  assert.match(text, /https:\/\/192\.168\.1\.20:8081\/#claim=q{22}&panel=d{32}&sha256=(ab){32}$/m);
  assert.match(text, /press the button inside, within two minutes/);
});

Deno.test("a panel with an owner says where to open it and what to do when every device is lost", () => {
  const text = block();
  assert.match(text, /^ {2}Open {6}http:\/\/127\.0\.0\.1:8081\/$/m);
  assert.match(text, /--reclaim/);
  assert.doesNotMatch(text, /[█▀▄]|claim=/);
});

Deno.test("what does not run is named with the reason, what was left out too", () => {
  const plugins = [plugin("strike"), plugin("lamp", "failed", "No bulb"), plugin("bell")];
  const text = block({ plugins: { buzzer: false, strike: {} } }, undefined, plugins);
  assert.match(text, /^ {2}Plugins {3}strike, bell$/m);
  assert.match(text, /^ {12}lamp: failed, No bulb$/m);
  assert.match(text, /^ {12}buzzer: left out by the configuration$/m);
});

Deno.test("a link is good on another device where the panel listens on every address", () => {
  assert.match(block({ host: "0.0.0.0", hosts: ["door.lan"] }), /https:\/\/door\.lan:8081\/\n/);
  assert.match(block({ host: "::", hosts: ["fd00::1"] }), /https:\/\/\[fd00::1\]:8081\/\n/);
  for (const host of ["::1", "127.0.0.1", "localhost", "127.0.0.2"]) {
    assert.match(block({ host }), /http:\/\//, host);
  }
});
