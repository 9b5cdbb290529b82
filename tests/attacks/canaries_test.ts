import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decrypted } from "../../core/backup/age.ts";
import type { Wire } from "../../core/http/testing/wire.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { MATRIX } from "./matrix.ts";
import { filesIn, foundIn, tarFiles } from "./search.ts";
import { codeIn, GUEST_TERMS, RELEASE, Target } from "./target.ts";

const CARD = "04CA4A51CA4A52";
const UNKNOWN_CARD = "04DEAD51DEAD52";
const PASSPHRASE = "canary otter paints tall bridges";
const SHORT_PASSPHRASE = "canary-shrt";
const EVENTS = "/api/v1/events";
/** Answers without an end: events are listened to, and pictures hold no text. */
const ENDLESS = [EVENTS, "/api/v1/plugins/camera/mjpeg", "/api/v1/plugins/simulator/loudspeaker"];
/** So that the log is not empty. */
const LOGGED = [
  "An output failed",
  "Cut a connection on which requests were sent ahead",
];
const KEYS = ["keys/ca.key", "keys/tls.key", "keys/log.key", "keys/card.key"];

/** A panel with one of everything that is secret, and what came out of it meanwhile. */
class Household {
  readonly target: Target;
  /** By what they are; those of keys come with the files. */
  readonly secrets: Map<string, string> = new Map([
    [CARD, "a card's number"],
    [UNKNOWN_CARD, "an unknown card's number"],
    [PASSPHRASE, "a passphrase"],
    [SHORT_PASSPHRASE, "a refused passphrase"],
  ]);
  /** Everything that was answered or told, by what it is. */
  readonly told: [string, string][] = [];
  readonly devices: Record<string, TestDevice> = {};
  readonly #streams: [string, Wire][] = [];

  constructor(target: Target) {
    this.target = target;
    this.devices["owner"] = target.owner;
    this.secrets.set(target.owner.token!, "the owner's token");
  }

  /** One of each role, with what brought them in. */
  async people(): Promise<void> {
    for (
      const [role, more] of Object.entries({
        family: {},
        monitor: {},
        guest: { terms: GUEST_TERMS },
        service: { scopes: ["events:read", "log:read"] },
      })
    ) {
      const { target } = this;
      const body = { name: "Bruno", role, ...more };
      const { code } = await target.must("POST", "/api/v1/invitations", { body });
      this.secrets.set(code, `a ${role}'s invitation`);
      const device = this.devices[role] = new TestDevice();
      const joined = await target.must("POST", "/api/v1/join", {
        body: { code, deviceName: "Phone" },
        device,
      });
      device.token = joined.token;
      this.secrets.set(joined.token, `a ${role}'s token`);
    }
    const service = { name: "Recorder", role: "service", scopes: ["release"] };
    const { token } = await this.target.must("POST", "/api/v1/members/bearer", { body: service });
    this.secrets.set(token, "a plain token");
    const open = await this.target.must("POST", "/api/v1/invitations", {
      body: { name: "Carla", role: "family" },
    });
    this.secrets.set(open.code, "an open invitation");
  }

  async listen(...names: string[]): Promise<void> {
    for (const name of names) {
      const device = this.devices[name]!;
      await this.target.ask("GET", "/api/v1/identity", { device });
      const wire = await this.target.connect();
      wire.get(EVENTS, device.headers("GET", this.target.urlOf(EVENTS)));
      await wire.until(/event: ready/);
      this.#streams.push([name, wire]);
    }
  }

  async hangUp(): Promise<void> {
    for (const [name, wire] of this.#streams) this.told.push([`events of ${name}`, await wire.close()]);
  }

  /** Cards, codes and passphrases, right and wrong. */
  async use(): Promise<void> {
    const { target } = this;
    await target.enrol(CARD);
    await target.swipe(UNKNOWN_CARD);
    const frames = { frames: [`?${CARD}`, `{"uid":"${UNKNOWN_CARD}"`, "x".repeat(900)] };
    await target.must("POST", "/api/v1/plugins/simulator/readers/reader/frames", { body: frames });
    for (const form of ["pin", "qr"]) {
      const body = { name: "Parcel", form, terms: GUEST_TERMS };
      const { text } = await target.must("POST", "/api/v1/codes", { body });
      this.secrets.set(text, `a ${form}`);
      const entered = await target.ask("POST", "/api/v1/codes/release", {
        device: null,
        body: { text, accessPoint: "lock" },
      });
      this.told.push([`the answer to a ${form}`, entered.text]);
    }
    await target.must("POST", RELEASE, { body: {} });
    await target.eventually(async () => {
      const rows: { reason: string }[] = await target.must("GET", "/api/v1/access-log");
      return rows.some(({ reason }) => reason === "unknown-credential") || undefined;
    });
  }

  /** Requests that go wrong with a secret in them, somewhere that nobody expects it. */
  async fail(): Promise<void> {
    const { target } = this;
    for (const secret of this.secrets.keys()) {
      const wrong = `${secret}!`;
      const asked: [string, string, unknown][] = [
        ["POST", "/api/v1/join", { code: wrong, deviceName: "Phone" }],
        ["POST", "/api/v1/claim", { code: wrong, name: "Owner", deviceName: "Phone" }],
        ["POST", "/api/v1/codes/release", { text: wrong.padEnd(70, "!"), accessPoint: "lock" }],
        ["POST", "/api/v1/plugins/simulator/readers/reader/present", { uid: wrong, cardKind: "iso14443a" }],
        ["POST", "/api/v1/backup", { passphrase: { text: secret } }],
        ["POST", "/api/v1/links", { token: secret, authorization: secret }],
      ];
      for (const [method, path, body] of asked) {
        const isStranger = /join|claim/.test(path);
        const from = `127.0.2.${1 + this.told.length % 250}`;
        const device = isStranger ? new TestDevice() : target.owner;
        const { text } = await target.ask(method, path, { body, device, from });
        this.told.push([`the refusal of ${method} ${path}`, text]);
      }
    }
    const { text } = await target.ask("POST", "/api/v1/backup", { body: { passphrase: SHORT_PASSPHRASE } });
    this.told.push(["the refusal of a passphrase", text]);
  }

  /** What is worth a line in the log, with a secret at hand. */
  async annoy(): Promise<void> {
    const { target } = this;
    const ahead = `GET /api/v1/me?token=${target.owner.token} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
    await target.exchange(ahead.repeat(3));
    const fault = { kind: "output-refuses", output: "gate" };
    await target.must("POST", "/api/v1/plugins/simulator/faults", { body: { fault, active: true } });
    const gate = "/api/v1/access-points/gate/release";
    this.told.push(["the answer of a broken output", (await target.ask("POST", gate, { body: {} })).text]);
  }

  /** What everyone who may read reads. */
  async read(): Promise<void> {
    for (const [route, { method, path }] of MATRIX) {
      if (method !== "GET" || ENDLESS.includes(path)) continue;
      for (const [name, device] of Object.entries(this.devices)) {
        const { text } = await this.target.ask(method, path.replace("/cards/lock", "/cards/card-1"), {
          device,
        });
        this.told.push([`${route} to ${name}`, text]);
      }
    }
  }

  /** A backup as a browser fetches it. */
  async backup(): Promise<Uint8Array<ArrayBuffer>> {
    const { target } = this;
    const root = readFileSync(join(target.data, "keys", "ca.pem"), "utf8");
    using client = Deno.createHttpClient({ caCerts: [root] });
    const url = `https://127.0.0.1:${target.port}/api/v1/backup`;
    const send = (request: Request) => fetch(request, { client });
    const response = await target.owner.send(send, "POST", url, { passphrase: PASSPHRASE });
    assert.equal(response.status, 200);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** Lines of a key file that are long enough to be looked for. */
function secretsOf(file: string, text: string): [string, string][] {
  if (!text.includes("-----")) return [[Buffer.from(text, "latin1").toString("hex"), file]];
  return text.split("\n").filter((line) => line.length > 40 && !line.includes("-----")).slice(0, 1)
    .map((line) => [line, file]);
}

Deno.test(
  "I-27: no secret is in the log, in events, in any answer, in the database or, but for its keys, in a backup",
  inTempDir(async (dir) => {
    const args = ["--log.level", "debug", "--log.format", "json", "--bearerTokens", "true"];
    await using target = await Target.start(join(dir, "data"), { tls: true, args });
    const household = new Household(target);
    const { secrets, told } = household;
    const claimCode = codeIn(target.said);
    secrets.set(claimCode, "the code to claim the panel with");
    await household.people();
    await household.listen("owner", "family", "monitor", "service");
    await household.use();
    await household.annoy();
    await household.read();
    await household.fail();
    const backup = await household.backup();
    await household.hangUp();

    const files = filesIn(target.data);
    const keys = new Map(KEYS.flatMap((file) => secretsOf(file, files.get(file)!)));
    assert.equal(keys.size, KEYS.length);
    const all = new Map([...secrets, ...keys]);
    assert.ok(all.size >= 20, `${all.size}`);

    const events = told.filter(([what]) => what.startsWith("events"));
    assert.ok(events.some(([, text]) => text.includes("event: access.logged")));
    // The code is shown on the panel's own screen, in its link.
    told.push(["what it says", target.said.replaceAll(`claim=${claimCode}`, "")], ["the log", target.log]);
    told.push(["the locked backup", Buffer.from(backup).toString("latin1")]);
    for (const [what, text] of told) {
      assert.deepEqual(foundIn(text, all), [], `${what}: ${text.slice(0, 300)}`);
    }

    await target.stop();
    const plain = await decrypted(new Blob([backup]).stream(), PASSPHRASE);
    const inBackup = tarFiles(new Uint8Array(await new Response(plain).arrayBuffer()));
    for (const [where, found] of [["data", filesIn(target.data)], ["backup", inBackup]] as const) {
      for (const file of KEYS) assert.ok(found.has(file), `${file} in the ${where}`);
      for (const [file, text] of found) {
        assert.deepEqual(foundIn(text, all), KEYS.includes(file) ? [file] : [], `${file} in the ${where}`);
      }
    }
    // A supervisor whose runtime takes its time to stop says so, in no JSON.
    const lines = target.log.split("\n").filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line).message);
    for (const message of LOGGED) assert.ok(lines.includes(message), message);
  }),
);

Deno.test("what searches for secrets finds them however they are spelled", () => {
  const secrets = new Map([[CARD, "card"], ["A-b_".padEnd(43, "c"), "token"], [
    'say "friend"',
    "passphrase",
  ]]);
  const token = [...secrets.keys()][1]!;
  for (
    const [text, name] of [
      [`uid=${CARD.toLowerCase()}`, "card"],
      [`x${Buffer.from(CARD, "hex").toString("latin1")}x`, "card"],
      [Buffer.from(token, "base64url").toString("hex"), "token"],
      [JSON.stringify({ passphrase: 'say "friend"' }), "passphrase"],
      [Buffer.from('say "friend"').toString("base64"), "passphrase"],
    ] as const
  ) {
    assert.deepEqual(foundIn(text, secrets), [name], text);
  }
  assert.deepEqual(foundIn("nothing of the kind", secrets), []);
});
