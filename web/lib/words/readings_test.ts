import assert from "node:assert/strict";
import type { PartValue } from "../../../core/parts.ts";
import type { Json } from "../../../core/json.ts";
import { type ReadablePart, readingsOf } from "./readings.ts";

function sensor(value: PartValue, now: Json, change: Partial<ReadablePart> = {}): ReadablePart {
  return { id: "probe", kind: "sensor", state: { now }, values: { now: value }, ...change };
}

const told = (part: ReadablePart) => readingsOf([part]).map(({ label, text, wrong }) => [label, text, wrong]);

Deno.test("each kind of value is told in words, and what is not known as unknown", () => {
  const cases: [PartValue, Json, string][] = [
    [{ type: "text", name: "Weather" }, "Rain, 12 °C", "Rain, 12 °C"],
    [{ type: "number", name: "Outside", unit: "°C", min: -60, max: 60 }, 12.4, "12.4 °C"],
    [{ type: "number", name: "Rings", min: 0, max: 9_999 }, 1_234, "1,234"],
    [{ type: "choice", name: "Mode", options: ["away", "home"] }, "away", "away"],
    [{ type: "flag", name: "Garage", meaning: "door" }, true, "Open"],
    [{ type: "flag", name: "Garage", meaning: "door" }, false, "Closed"],
    [{ type: "flag", name: "Pump", meaning: "running" }, true, "Yes"],
    [{ type: "flag", name: "Anybody at home" }, false, "No"],
  ];
  for (const [value, now, text] of cases) {
    assert.deepEqual(told(sensor(value, now)), [[value.name, text, false]]);
    assert.deepEqual(told(sensor(value, null)), [[value.name, "Unknown", false]]);
  }
  const at = new Date(2026, 4, 1, 8, 30).getTime();
  assert.deepEqual(told(sensor({ type: "instant", name: "Last ring" }, at)), [[
    "Last ring",
    "1 May 2026, 08:30",
    false,
  ]]);
});

Deno.test("a fault is told while there is one, and not else", () => {
  for (const meaning of ["problem", "tamper"] as const) {
    const value: PartValue = { type: "flag", name: "Chime can't be reached", meaning };
    assert.deepEqual(told(sensor(value, true)), [["Chime can't be reached", "Yes", true]]);
    assert.deepEqual(told(sensor(value, false)), []);
    assert.deepEqual(told(sensor(value, null)), []);
  }
});

Deno.test("what is no sensor, says nothing of its values, or has its own place is not among them", () => {
  const value: PartValue = { type: "text", name: "Text" };
  assert.deepEqual(told(sensor(value, "x", { kind: "light" })), []);
  assert.deepEqual(told({ id: "probe", kind: "sensor", state: { now: "x" } }), []);
  assert.deepEqual(told(sensor(value, "x", { id: "door-contact" })), []);
});
