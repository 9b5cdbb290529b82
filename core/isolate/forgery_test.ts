import assert from "node:assert/strict";
import fc from "fast-check";
import { accessPointsPoint, denialsPoint } from "../access/keys.ts";
import { pagesPoint } from "../http/keys.ts";
import { hostNamesPoint } from "../panel.ts";
import { type Part, partsPoint } from "../parts.ts";
import { defineService } from "../plugin/keys.ts";
import { pluginManifestSchema } from "./manifest.ts";
import { grantOf, IsolatedBench } from "./testing/isolated_bench.ts";

/** What is the core's word, or another plugin's. */
const FOREIGN = [
  "access.logged",
  "call.changed",
  "members.changed",
  "credentials.changed",
  "audit.written",
  "auth.failed",
  "alarm.raised",
  "input.changed",
  "output.changed",
  "reader.present",
  "board.link-changed",
  "enrolment.changed",
];
/** Ids that are near the core's words. */
const IDS = [
  "acces",
  "access-x",
  "accesss",
  "call-s",
  "a",
  "audits",
  "authn",
  "memberz",
  "door-x",
  "log-in",
  "x-part",
];

const nameNear = (id: string) =>
  fc.oneof(
    fc.constantFrom(...FOREIGN),
    fc.constantFrom(...FOREIGN).map((name) => `${id}.${name}`),
    fc.constantFrom(...FOREIGN).map((name) => `${name}.${id}`),
    fc.constantFrom(...FOREIGN).chain((name) =>
      fc.constantFrom(
        name.toUpperCase(),
        ` ${name}`,
        `${name} `,
        `${name}\u0000`,
        name.replace(".", "\u2024"),
      )
    ),
    fc.constantFrom(
      "",
      ".",
      id,
      `${id}.`,
      `.${id}.x`,
      `${id}..x`,
      `${id}.told`,
      `${id}.x.y`,
      `${id}x.y`,
      "__proto__",
    ),
    fc.string({ minLength: 1, maxLength: 30 }),
  );

const someJson = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant({ id: "lock", state: { released: true } }),
);

/** Anything that a process could say, most of it well formed. */
function saidBy(id: string): fc.Arbitrary<unknown> {
  const name = nameNear(id);
  const handle = fc.integer({ min: 1, max: 5 });
  const method = fc.constantFrom(
    "record",
    "release",
    "log",
    "add",
    "invite",
    "pulse",
    "set",
    "then",
    "toString",
  );
  const service = fc.constantFrom("access", "members", "credentials", "codes", "claim", "board", "core", id);
  const fits = fc.oneof(
    fc.record({
      t: fc.constant("emit"),
      name,
      audience: fc.constantFrom("household", "residents", "internal"),
      value: someJson,
    }),
    fc.record({
      t: fc.constant("emit"),
      name: fc.constant("part.changed"),
      audience: fc.constant("household"),
      value: fc.record({ id: fc.oneof(name, fc.constant("lock")), state: fc.constant({ released: true }) }),
    }),
    fc.record({ t: fc.constant("listen"), name }),
    fc.record({ t: fc.constant("watch"), point: fc.constant("parts") }),
    fc.record({
      t: fc.constant("call"),
      id: fc.nat(),
      to: fc.record({ kind: fc.constant("service"), service, method }),
      args: fc.oneof(fc.constant([]), fc.array(someJson, { maxLength: 2 })),
    }),
    fc.record({
      t: fc.constant("offer"),
      handle,
      offer: fc.oneof(
        fc.record({
          kind: fc.constant("service"),
          name: fc.oneof(service, name),
          methods: fc.constant(["release"]),
        }),
        fc.record({ kind: fc.constant("denial"), id: name }),
        fc.record({ kind: fc.constant("host-name"), name: fc.constantFrom("evil.example", "door.local") }),
        fc.record({
          kind: fc.constant("part"),
          id: fc.oneof(name, fc.constant("lock")),
          part: fc.constant("lock"),
          name: fc.constant("Lock"),
          commands: fc.constant({}),
        }),
      ),
    }),
  );
  // These are no messages, and end the process.
  const fitsNot = fc.oneof(
    fc.record({ t: fc.constantFrom("access.logged", "grant", "described", "welcome"), value: someJson }),
    fc.record({ t: fc.constant("watch"), point: fc.constant("denials") }),
    fc.record({
      t: fc.constant("offer"),
      handle,
      offer: fc.record({ kind: fc.constant("access-point"), id: name }),
    }),
  );
  return fc.oneof({ weight: 40, arbitrary: fits }, { weight: 1, arbitrary: fitsNot });
}

const isOwn = (id: string, name: string) => name.startsWith(`${id}.`) && /^[a-z0-9.-]+$/.test(name);

Deno.test("I-17: whatever a plugin's process says, under whatever id, it states nothing in another's name and gets nothing it was not granted", async () => {
  const cases = fc.constantFrom(...IDS).chain((id) =>
    fc.tuple(fc.constant(id), fc.array(saidBy(id), { maxLength: 12 }))
  );
  let told = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ([id, said]) => {
      const reached: string[] = [];
      const spy = (name: string) => () => Promise.resolve(void reached.push(name));
      await using bench = new IsolatedBench([grantOf(id)], {
        access: {
          release: spy("release"),
          log: spy("log"),
          record: spy("record"),
          accessPoints: spy("points"),
        } as never,
      });
      const { core } = bench.host;
      for (const name of ["members", "credentials", "codes", "claim", "board"]) {
        const methods = ["add", "invite", "pulse", "set", "record", "release", "log"].map((m) => [m, spy(m)]);
        core.provide(defineService<object>(name), Object.fromEntries(methods));
      }
      const parts: Part[] = [];
      core.watch(partsPoint, { added: (part) => void parts.push(part) });
      for (const point of [denialsPoint, hostNamesPoint, accessPointsPoint, pagesPoint]) {
        core.watch<unknown>(point as typeof hostNamesPoint, { added: () => void reached.push(point.name) });
      }
      void bench.host.start();
      await bench.clock.advance(0);
      const described = { t: "described", id, api: 1, uses: [], settings: {}, values: {} };
      for (const message of [described, { t: "ready" }, ...said]) bench.process.say(message);
      await bench.clock.advance(0);
      assert.deepEqual(reached, []);
      for (const { name, value } of bench.heard) {
        if (name === "part.changed") {
          assert.ok(parts.some((part) => part.id === (value as { id: string }).id));
        } else assert.ok(isOwn(id, name), name);
        told++;
      }
      for (const part of parts) assert.ok(part.id === id || isOwn(id, part.id), part.id);
      assert.equal(bench.host.provided("board")?.owner, "core");
      assert.equal(bench.host.provided("access")?.owner, "core");
    }),
    { numRuns: 500, seed: 17 },
  );
  assert.ok(told > 50, `${told} events of plugins' own were let through`);
});

Deno.test("I-17: every first word of an event, a service, a point or a part of the panel is nobody's id", async () => {
  const names: string[] = [];
  for (const folder of ["core", "plugins", "drivers"]) {
    for (const path of sources(new URL(`../../${folder}/`, import.meta.url))) {
      const text = await Deno.readTextFile(path);
      const found = text.matchAll(/\bdefine(?:Event|Service|Point)(?:<[^(]*>)?\(\s*"([^"]+)"/g);
      for (const [, name = ""] of found) names.push(name.split(".")[0]!);
    }
  }
  assert.ok(names.includes("access") && names.includes("enrolment") && names.includes("host-names"));
  for (const id of new Set(names)) {
    const manifest = { id, title: id, version: "1.0.0", api: 1, entry: "mod.ts" };
    assert.ok(!pluginManifestSchema.safeParse(manifest).success, id);
  }
});

function sources(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return name === "testing" ? [] : sources(new URL(`${name}/`, folder));
    return name.endsWith(".ts") && !name.endsWith("_test.ts") ? [new URL(name, folder)] : [];
  });
}
