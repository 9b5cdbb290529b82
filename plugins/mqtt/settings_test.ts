import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { readLogin } from "./login.ts";
import { brokerOf, type Settings, settingsSchema } from "./settings.ts";

const faults = (settings: unknown) =>
  settingsSchema.safeParse(settings).error?.issues.map(({ path }) => path.join(".")) ?? [];

Deno.test("nothing is connected, shown or opened unless the owner says so", () => {
  const { url, releases, holders, pictures } = settingsSchema.parse({});
  assert.deepEqual([url, releases, holders, pictures], [undefined, [], false, false]);
});

Deno.test("a broker's URL names a host and a port, and nothing that is secret or elsewhere", () => {
  assert.deepEqual(brokerOf("mqtt://broker.home"), { secure: false, host: "broker.home", port: 1883 });
  assert.deepEqual(brokerOf("mqtts://10.0.0.9:99/"), { secure: true, host: "10.0.0.9", port: 99 });
  assert.deepEqual(brokerOf("mqtts://[fd00::9]"), { secure: true, host: "fd00::9", port: 8883 });
  for (
    const url of [
      "broker.home",
      "tcp://broker.home",
      "ws://broker.home",
      "mqtt://anna:secret@broker.home",
      "mqtt://anna@broker.home",
      "mqtt://broker.home/path",
      "mqtt://broker.home?x",
      "mqtt://a,b",
      "mqtt://broker.home:0",
      "mqtt://",
    ]
  ) {
    assert.equal(brokerOf(url), undefined, url);
    assert.deepEqual(faults({ url }), ["url"], url);
  }
});

Deno.test("what belongs together is asked for together, and TLS only where it is spoken", () => {
  const url = "mqtts://broker.home";
  assert.deepEqual(
    faults({ url, user: "panel", passwordFile: "/p", caFile: "/c", certFile: "/d", keyFile: "/k" }),
    [],
  );
  assert.deepEqual(faults({ url, passwordFile: "/p" }), ["user"]);
  assert.deepEqual(faults({ url, certFile: "/d" }), ["keyFile"]);
  assert.deepEqual(faults({ url, keyFile: "/k" }), ["certFile"]);
  assert.deepEqual(faults({ url: "mqtt://broker.home", caFile: "/c" }), ["caFile"]);
  assert.deepEqual(faults({ certFile: "/d", keyFile: "/k" }), ["certFile"]);
  assert.deepEqual(faults({ caFile: "/a,b" }), ["caFile", "caFile"]);
});

Deno.test("a topic has no wildcard, no space and is not the broker's own", () => {
  for (const baseTopic of ["house", "house/front-door", "a/b_c/d.e"]) {
    assert.deepEqual(faults({ baseTopic }), []);
  }
  for (
    const baseTopic of ["", "/a", "a/", "a//b", "a/#", "a/+/b", "a b", "$SYS/x", "a/\u0000", "x".repeat(201)]
  ) {
    assert.deepEqual(faults({ baseTopic }), ["baseTopic"], baseTopic);
  }
});

Deno.test(
  "the login is read from files: a password without the line's end, certificates as they are",
  inTempDir((dir) => {
    const file = (name: string, text: string) => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    };
    const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    const of = (settings: Partial<Settings>) => readLogin(settings as Settings);
    assert.deepEqual(of({}), {});
    assert.deepEqual(of({ user: "panel", passwordFile: file("p", " s3cret \n") }), {
      username: "panel",
      password: " s3cret ",
    });
    const caFile = file("ca.pem", pem);
    assert.deepEqual(of({ caFile }), { ca: readFileSync(caFile, "utf8") });
    const refused = (settings: Partial<Settings>, message: RegExp) =>
      assert.throws(() => of(settings), { code: "mqtt-login", message });
    refused({ passwordFile: file("empty", "\n") }, /passwordFile ".*empty": it must hold one line/);
    refused({ passwordFile: file("two", "a\nb\n") }, /one line/);
    refused({ passwordFile: join(dir, "none") }, /passwordFile ".*none": .*ENOENT|No such file/);
    refused({ keyFile: file("text", "hello") }, /keyFile ".*text": it is no PEM file/);
    return Promise.resolve();
  }),
);
