import assert from "node:assert/strict";
import type { LogRow } from "../../../core/access/model.ts";
import { logLine } from "./log.ts";

const NAMES = new Map([["lock", "Front door"], ["gate", "Gate"]]);

function row(change: Partial<LogRow>): LogRow {
  return {
    seq: 1,
    at: 0,
    clockTrusted: true,
    kind: "release",
    accessPoint: "lock",
    outcome: "released",
    reason: "granted",
    actor: { kind: "card", id: "card-1", name: "Anna", scopes: [] },
    via: "reader",
    credentialId: "card-1",
    requestId: "r",
    detail: { lastDigits: "1234" },
    ...change,
  };
}

const said = (change: Partial<LogRow>) => logLine(row(change), NAMES).text;

Deno.test("a row of the access log is a plain sentence", () => {
  assert.equal(said({}), "Anna’s card ·1234 opened Front door");
  assert.equal(
    said({ actor: { kind: "person", id: "owner-1", name: "Owner", scopes: [] } }),
    "Owner opened Front door",
  );
  assert.equal(
    said({ actor: { kind: "input", id: "exit-button", scopes: [] } }),
    "The exit button opened Front door",
  );
  assert.equal(
    said({ outcome: "already-released", reason: "already-released", accessPoint: "gate" }),
    "Anna’s card ·1234 asked for Gate while it was open already",
  );
  assert.equal(
    said({ kind: "card-removed", outcome: "removed", detail: { holderName: "Guests", lastDigits: "77C0" } }),
    "Guests’ card ·77C0 was deleted",
  );
});

Deno.test("a denial says why", () => {
  const line = logLine(row({ outcome: "denied", reason: "outside-schedule" }), NAMES);
  assert.equal(line.text, "Anna’s card ·1234 was refused at Front door");
  assert.match(line.note ?? "", /not valid at this time/);
  assert.equal(line.tone, "bad");
});

Deno.test("an unknown badge has no name and no place, and what was left out is counted", () => {
  const line = logLine(
    row({
      outcome: "denied",
      reason: "unknown-credential",
      accessPoint: null,
      credentialId: null,
      actor: { kind: "card", id: "unknown", scopes: [] },
      detail: { suppressed: 12 },
    }),
    NAMES,
  );
  assert.equal(line.text, "An unknown badge was refused");
  assert.equal(line.note, "And 12 more like it. The panel does not know this card.");
});

Deno.test("suspending and resuming a card reads as that", () => {
  const change = (suspended: boolean) =>
    said({
      kind: "card-changed",
      outcome: "changed",
      detail: { holderName: "Anna", lastDigits: "1234", terms: { suspended } },
    });
  assert.equal(change(true), "Anna’s card ·1234 was suspended");
  assert.equal(change(false), "Anna’s card ·1234 works again");
});

Deno.test("a backup and a restore are told, with what a restore brings back", () => {
  const person: LogRow["actor"] = { kind: "person", id: "member-1", name: "Anna", scopes: [] };
  assert.equal(
    said({ kind: "system", outcome: "backup", actor: person }),
    "Anna downloaded a backup of the panel",
  );
  const restored = logLine(row({ kind: "system", outcome: "restored" }), NAMES);
  assert.deepEqual([restored.tone, restored.text], ["bad", "The panel was restored from a backup"]);
  assert.match(restored.note ?? "", /has it again/);
});

Deno.test("B-PRIV-2: what was done with recordings is told, and by whom", () => {
  const person: LogRow["actor"] = { kind: "person", id: "member-1", name: "Anna", scopes: [] };
  const outcomes = ["recording-watched", "recording-exported", "recording-deleted", "card-erased"];
  assert.deepEqual(outcomes.map((outcome) => said({ kind: "system", outcome, actor: person })), [
    "Anna watched a recording",
    "Anna saved a recording",
    "Anna deleted a recording",
    "Anna had the memory card erased",
  ]);
});

Deno.test("B-CARD-8: a code is called by its name, and what is refused is said of a code, not of a card", () => {
  const code: LogRow["actor"] = { kind: "code", id: "code-1", name: "Parcel", scopes: [] };
  assert.equal(
    said({ actor: code, credentialId: "code-1", detail: {} }),
    "The code “Parcel” opened Front door",
  );
  const spent = logLine(row({ actor: code, outcome: "denied", reason: "used-up", detail: {} }), NAMES);
  assert.equal(spent.text, "The code “Parcel” was refused at Front door");
  assert.equal(spent.note, "This code has been used as often as it may.");
  const unknown: LogRow["actor"] = { kind: "code", id: "unknown", scopes: [] };
  const guess = logLine(
    row({ actor: unknown, accessPoint: null, outcome: "denied", reason: "unknown-credential", detail: {} }),
    NAMES,
  );
  assert.deepEqual([guess.text, guess.note], [
    "An unknown code was refused",
    "The panel does not know this code.",
  ]);
});

Deno.test("what a guest is refused is said of the access", () => {
  const guest: LogRow["actor"] = { kind: "person", id: "member-2", name: "Carla", scopes: [] };
  const late = logLine(row({ actor: guest, outcome: "denied", reason: "expired", detail: {} }), NAMES);
  assert.deepEqual([late.text, late.note], [
    "Carla was refused at Front door",
    "This access is no longer valid.",
  ]);
});

Deno.test("what becomes of panels that share cards is said in words, and where a change of a card came from", () => {
  const owner: LogRow["actor"] = { kind: "person", id: "member-1", name: "Anna", scopes: [] };
  const site = (outcome: string, detail = {}) => said({ kind: "site", outcome, actor: owner, detail });
  assert.equal(site("founded"), "Anna let this panel share its cards with others");
  assert.equal(
    site("panel-removed", { name: "Garage" }),
    "Anna removed Garage from the panels that share cards",
  );
  assert.equal(site("anything"), "The panels that share cards: anything");
  const changed = row({ kind: "card-changed", outcome: "changed", detail: { why: "changed at Garage" } });
  assert.equal(logLine(changed, NAMES).note, "Taken over from another panel: changed at Garage.");
});

Deno.test("what is done with plugins of others is told with what was granted", () => {
  const about = (outcome: string, detail = {}) =>
    logLine(row({ kind: "settings", outcome, detail: { plugin: "chime", ...detail } }), NAMES);
  const granted = about("plugin-granted", {
    version: "1.0.0",
    granted: ["May open the lock", "May reach nas.lan"],
  });
  assert.match(granted.text, /let the plugin chime 1\.0\.0 in$/);
  assert.equal(granted.note, "May open the lock. May reach nas.lan");
  assert.match(about("plugin-removed").text, /removed the plugin chime$/);
  assert.deepEqual(about("plugin-changed").tone, "bad");
  assert.match(about("plugin-key-added", { name: "Ann" }).text, /trusts plugins that “Ann” has signed$/);
  assert.match(about("changed").text, /changed the settings of chime$/);
});
