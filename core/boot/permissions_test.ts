import assert from "node:assert/strict";
import type { Outline } from "../config/surroundings.ts";
import type { PluginNeeds } from "./needs.ts";
import { assertNameable, boardFlags, mediaFlags, runtimeFlags } from "./permissions.ts";

const OUTLINE: Outline = {
  data: "/srv/panel",
  host: "127.0.0.1",
  port: 8080,
  config: "/srv/panel/panel.yaml",
  certificate: [],
  hasConfig: false,
  explains: false,
  given: () => undefined,
};

const permissions = (flags: string[]) => flags.filter((flag) => /^(--allow|-A)/.test(flag));

Deno.test("the runtime may its data, its configuration and the file beside it, its pages, its address, the board and the media process", () => {
  const outline = { ...OUTLINE, config: "/etc/door.yaml" };
  assert.deepEqual(permissions(runtimeFlags(outline, "/opt/latchkey")), [
    "--allow-read=/srv/panel,/etc/door.yaml,/etc/door.yaml.new,/opt/latchkey/web/dist",
    "--allow-write=/srv/panel,/etc/door.yaml,/etc/door.yaml.new",
    "--allow-net=127.0.0.1:8080,unix:/srv/panel/sim.sock,unix:/srv/panel/cam.sock",
  ]);
});

Deno.test("with an own certificate and a port that redirects, it may those too and nothing more", () => {
  const certificate = ["/etc/tls/door.pem", "/etc/tls/door.key"];
  const outline = { ...OUTLINE, host: "10.0.0.7", port: 443, redirectPort: 80, certificate };
  assert.deepEqual(permissions(runtimeFlags(outline, "/opt/latchkey")), [
    "--allow-read=/srv/panel,/srv/panel/panel.yaml,/srv/panel/panel.yaml.new,/etc/tls/door.pem,/etc/tls/door.key," +
    "/opt/latchkey/web/dist",
    "--allow-write=/srv/panel,/srv/panel/panel.yaml,/srv/panel/panel.yaml.new",
    "--allow-net=10.0.0.7:443,10.0.0.7:80,unix:/srv/panel/sim.sock,unix:/srv/panel/cam.sock",
  ]);
});

Deno.test("only where it listens on every address may it ask which ones the machine has", () => {
  const sys = (host: string) =>
    permissions(runtimeFlags({ ...OUTLINE, host }, "/")).filter((flag) => flag.startsWith("--allow-sys"));
  assert.deepEqual(sys("10.0.0.7"), []);
  assert.deepEqual(sys("0.0.0.0"), ["--allow-sys=networkInterfaces"]);
});

Deno.test("what plugins need is added, each fact once, and they are told what was given and who can reach the panel", () => {
  const asked: unknown[] = [];
  const needs: PluginNeeds[] = [
    ({ given, isLoopback }) => {
      asked.push(given("plugins.radio.channel"), isLoopback);
      return { net: ["192.0.2.1:80", "10.0.0.0/8"], read: ["/etc/ca.pem"], sys: ["networkInterfaces"] };
    },
    () => ({}),
  ];
  const outline = { ...OUTLINE, host: "::", given: (name: string) => `${name}?` };
  const flags = permissions(runtimeFlags(outline, "/", needs));
  assert.match(flags[0]!, /,\/etc\/ca\.pem,/);
  assert.deepEqual(flags.slice(2), [
    "--allow-net=[::]:8080,unix:/srv/panel/sim.sock,unix:/srv/panel/cam.sock,192.0.2.1:80,10.0.0.0/8",
    "--allow-sys=networkInterfaces",
  ]);
  runtimeFlags({ ...outline, host: "localhost" }, "/", needs);
  assert.deepEqual(asked, ["plugins.radio.channel?", false, "plugins.radio.channel?", true]);
});

Deno.test("the board may its socket and nothing else", () => {
  assert.deepEqual(permissions(boardFlags(OUTLINE)), [
    "--allow-read=/srv/panel/sim.sock",
    "--allow-write=/srv/panel/sim.sock",
    "--allow-net=unix:/srv/panel/sim.sock",
  ]);
});

Deno.test("the media process may start programs and load the project's native code, and reaches nothing but its socket", () => {
  const flags = mediaFlags(OUTLINE, "/opt/latchkey");
  assert.deepEqual(permissions(flags), [
    "--allow-env=PATH",
    "--allow-run",
    "--allow-ffi=/opt/latchkey/node_modules",
    "--allow-read=/srv/panel/cam.sock,/opt/latchkey/node_modules",
    "--allow-write=/srv/panel/cam.sock",
    "--allow-net=unix:/srv/panel/cam.sock",
    "--allow-sys=cpus,hostname,networkInterfaces,osRelease",
  ]);
  assert.ok(flags.includes("--no-prompt") && flags.includes("--ignore-env"));
});

Deno.test("no permission of the two others is ever without a bound, and nobody is asked for more", () => {
  for (const flags of [runtimeFlags(OUTLINE, "/opt/latchkey"), boardFlags(OUTLINE)]) {
    for (const flag of permissions(flags)) assert.match(flag, /^--allow-(read|write|net)=./);
    for (const closed of ["--no-prompt", "--ignore-env", "--no-remote", "--cached-only"]) {
      assert.ok(flags.includes(closed), closed);
    }
  }
});

Deno.test("an address of version 6 is put in brackets, localhost is both of its addresses", () => {
  const net = (host: string) => runtimeFlags({ ...OUTLINE, host }, "/")[8]?.replace(/,unix:.*/, "");
  assert.equal(net("::1"), "--allow-net=[::1]:8080");
  assert.equal(net("localhost"), "--allow-net=localhost:8080,127.0.0.1:8080,[::1]:8080");
});

Deno.test("a path that a flag or a socket can't take is refused with its name and why", () => {
  const refused = (outline: Partial<Outline>, root = "/opt") => {
    assert.throws(() => assertNameable({ ...OUTLINE, ...outline }, root), {
      name: "LatchkeyError",
      code: "path-refused",
    });
  };
  assertNameable(OUTLINE, "/opt");
  refused({ data: "/srv/panel,/etc" });
  refused({ config: "/etc/a,b.yaml" });
  refused({ certificate: ["/etc/a.pem", "/etc/a,b.key"] });
  refused({}, "/opt/a,b");
  assertNameable({ ...OUTLINE, data: `/${"d".repeat(93)}` }, "/opt");
  refused({ data: `/${"d".repeat(94)}` });
  refused({ data: `/${"é".repeat(47)}` });
});
