import assert from "node:assert/strict";
import { accessService, codeService } from "../access/keys.ts";
import { callService } from "../calls/keys.ts";
import { panelService } from "../panel.ts";
import { timeService } from "../time.ts";
import { type Wants, wantsSchema } from "./manifest.ts";
import { newPhrases, phrasesOf } from "./plain_words.ts";

const wants = (some: Partial<Wants> = {}): Wants => wantsSchema.parse(some);
const textsOf = (some: Partial<Wants>) => phrasesOf(wants(some)).map(({ text }) => text);
const added = (now: Partial<Wants>, before: Partial<Wants>) =>
  newPhrases(wants(now), wants(before)).map(({ want }) => want);

Deno.test("what a plugin wants is told in plain words, what is about the doors first", () => {
  assert.deepEqual(textsOf({}), ["May use 64 MB of memory"]);
  assert.deepEqual(
    textsOf({
      release: ["lock", "garage-door"],
      denials: true,
      services: ["calls:list", "weather", "weather:today", "codes:redeem"],
      events: ["call.changed", "weather.told"],
      parts: "control",
      hostNames: true,
      anyone: true,
      net: ["api.example.org"],
      memoryMb: 128,
    }),
    [
      "May open the lock",
      "May open the garage door",
      "May object to a release, so that a door stays shut; it can't open one",
      "May check codes that somebody types, and so open what a code opens",
      "May tell parts of the home what to do",
      "Answers anyone on the network, without asking who it is",
      "May see who has rung",
      'May use "weather" of the panel or of another plugin',
      'May ask "weather" for "today"',
      "Hears who rings, and what becomes of it",
      'Hears the event "weather.told"',
      "Sees the state of all parts of the home: doors, lights, sensors",
      "May give the panel further names on the network, which end in .local",
      "May reach api.example.org",
      "May use 128 MB of memory",
    ],
  );
});

Deno.test("each thing that can be wanted has words of its own, so that none is granted unseen", () => {
  const more: { [Want in keyof Wants]: Wants[Want] } = {
    release: ["lock"],
    denials: true,
    services: ["time"],
    events: ["call.changed"],
    parts: "read",
    hostNames: true,
    anyone: true,
    net: ["nas.local:80"],
    memoryMb: 65,
  };
  for (const [want, value] of Object.entries(more)) {
    assert.equal(newPhrases(wants({ [want]: value }), wants()).length, 1, want);
    assert.equal(newPhrases(wants(), wants({ [want]: value })).length, 0, want);
  }
});

Deno.test("each method that a plugin can be given has words that say what it does", () => {
  for (const { name, outside } of [accessService, callService, codeService, panelService, timeService]) {
    for (const want of [name, ...Object.keys(outside).map((method) => `${name}:${method}`)]) {
      assert.doesNotMatch(textsOf({ services: [want] })[0]!, /^May (ask|use) "/, want);
    }
  }
});

Deno.test("a service that is called as something of JavaScript's own has words too", () => {
  assert.deepEqual(textsOf({ services: ["constructor"] }).slice(0, 1), [
    'May use "constructor" of the panel or of another plugin',
  ]);
});

Deno.test("whoever is given all of the access service is known to read the log", () => {
  for (const want of ["access", "access:log"]) {
    assert.match(textsOf({ services: [want] })[0]!, /^May read the whole access log/);
  }
});

Deno.test("only what goes beyond the grant is new", () => {
  assert.deepEqual(added({ net: ["a.example:443", "b.example"] }, { net: ["a.example"] }), ["net:b.example"]);
  assert.deepEqual(added({ net: ["a.example"] }, { net: ["a.example:443"] }), ["net:a.example"]);
  assert.deepEqual(added({ net: ["[fd00::1]"] }, { net: ["[fd00::1]:80"] }), ["net:[fd00::1]"]);
  assert.deepEqual(added({ services: ["calls:list", "time"] }, { services: ["calls"] }), ["service:time"]);
  assert.deepEqual(added({ services: ["calls"] }, { services: ["calls:list"] }), ["service:calls"]);
  assert.deepEqual(added({ parts: "control" }, { parts: "read" }), ["parts:control"]);
  assert.deepEqual(added({ parts: "read" }, { parts: "control" }), []);
  assert.deepEqual(added({ memoryMb: 128 }, { memoryMb: 64 }), ["memory:128"]);
  assert.deepEqual(added({ memoryMb: 64 }, { memoryMb: 128 }), []);
  assert.deepEqual(added({ release: ["lock", "gate"] }, { release: ["lock"] }), ["release:gate"]);
});
