import assert from "node:assert/strict";
import { z } from "zod";
import { LatchkeyError } from "../errors.ts";
import { helpText } from "./help.ts";
import { configJsonSchema } from "./json_schema.ts";
import { loadConfig } from "./load.ts";
import { outline } from "./surroundings.ts";

const plugins = [{
  id: "strike",
  title: "Strike",
  config: z.strictObject({
    pulseMs: z.number().int().min(100).max(10_000).default(700).describe("Length of a pulse, ms"),
    names: z.array(z.string()).default([]),
    quiet: z.boolean().default(false),
  }),
}];

function load(argv: string[], options: { env?: Record<string, string>; yaml?: string } = {}) {
  const { env = {}, yaml } = options;
  return loadConfig({ argv, env, readFile: () => yaml, plugins });
}

async function faults(
  argv: string[],
  options: { env?: Record<string, string>; yaml?: string } = {},
): Promise<string[]> {
  try {
    await load(argv, options);
  } catch (error) {
    assert.ok(error instanceof LatchkeyError);
    return error.message.split("\n").slice(1).map((line) => line.trim());
  }
  return [];
}

Deno.test("nothing given is the whole default configuration", async () => {
  const { config, path } = await load([]);
  assert.equal(config.port, 8080);
  assert.equal(config.host, "127.0.0.1");
  assert.ok(config.data.endsWith("/data"));
  assert.equal(path, "data/panel.yaml");
  assert.deepEqual(config.plugins, { strike: { pulseMs: 700, names: [], quiet: false } });
});

Deno.test("the file is stronger than a default, a variable than the file, a flag than a variable", async () => {
  const yaml =
    "name: File\nport: 1\nlog: { level: warn, format: json }\nplugins: { strike: { pulseMs: 800 } }";
  const env = { PANEL_PORT: "2", PANEL_LOG_LEVEL: "error", PANEL_PLUGINS_STRIKE_PULSE_MS: "900", HOME: "x" };
  const { config } = await load(["--port", "3", "--plugins.strike.names=a, b"], { yaml, env });
  assert.equal(config.name, "File");
  assert.equal(config.port, 3);
  assert.deepEqual(config.log, { level: "error", format: "json" });
  assert.deepEqual(config.plugins.strike, { pulseMs: 900, names: ["a", "b"], quiet: false });
});

Deno.test("a plugin is left out by false, from a file or a flag", async () => {
  assert.equal((await load(["--plugins.strike", "false"])).config.plugins.strike, false);
  assert.equal((await load([], { yaml: "plugins: { strike: false }" })).config.plugins.strike, false);
});

Deno.test("every fault is named at once, with its field, value, source and what is allowed", async () => {
  const yaml = "name: ''\nlog:\n  format: xml\nplugins:\n  strik: {}\n  strike: { pulse: 3 }\nhostz: 4\n";
  const env = { PANEL_CALLS_RING_SECONDS: "2", PANEL_FOO: "3" };
  const argv = ["x", "--prot", "8", "--port", "abc", "--board", "pi", "--zone", "Mars/X"];
  assert.deepEqual(
    await faults([...argv, "--plugins.strike.pulseMs", "9", "--config", "p.yaml"], { yaml, env }),
    [
      "x: An option such as --port 8080; --help lists all",
      "PANEL_FOO: Unknown variable; --help lists all (given: 3)",
      "--prot: Unknown option; --help lists all (given: 8)",
      'name: Must be text of 1 to 60 characters (given: "", from p.yaml, line 1, column 7)',
      'port: Must be a whole number from 0 to 65535 (given: "abc", from --port)',
      'board: Must be one of sim (given: "pi", from --board)',
      'zone: an IANA time zone such as Europe/Rome (given: "Mars/X", from --zone)',
      'log.format: Must be one of readable, json (given: "xml", from p.yaml, line 3, column 11)',
      "calls.ringSeconds: Must be a whole number from 5 to 120 (given: 2, from PANEL_CALLS_RING_SECONDS)",
      "hostz: Unknown field; there is name, host, port, data, board, hosts, zone, log, tls, bearerTokens, calls, plugins " +
      "(given: 4, from p.yaml, line 7, column 8)",
      'plugins.strik: Unknown plugin; there is strike (given: "{}", from p.yaml, line 5, column 10)',
      "plugins.strike.pulseMs: Must be a whole number from 100 to 10000 (given: 9, from --plugins.strike.pulseMs)",
      "plugins.strike.pulse: Unknown field; there is pulseMs, names, quiet (given: 3, from p.yaml, line 6, column 20)",
    ],
  );
});

Deno.test("an option without its value, and a switch with one, are refused", async () => {
  assert.deepEqual(await faults(["--port", "--host", "::1", "--reclaim=yes"]), [
    "--port: A value after it",
    "--reclaim: No value: this is a switch (given: yes)",
  ]);
});

Deno.test("YAML that is none is refused with line and column; a missing named file too", async () => {
  const message = async (yaml: string | undefined) => {
    try {
      await load(["--config", "p.yaml"], yaml === undefined ? {} : { yaml });
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await message("port: 1\nport: 2") ?? "", /p\.yaml, line 2, column 1: Map keys must be unique/);
  assert.match(await message("name: [") ?? "", /p\.yaml, line 1, column 8/);
  assert.match(await message("- 1") ?? "", /p\.yaml must hold fields/);
  assert.match(await message("name: *nobody") ?? "", /configuration p\.yaml: Unresolved alias/);
  assert.match(await message(undefined) ?? "", /there is no file p\.yaml/);
});

Deno.test("a -- in front of the options is what deno task passes on; elsewhere it is refused", async () => {
  assert.equal((await load(["--", "--port", "81"])).config.port, 81);
  assert.deepEqual(await faults(["--port", "81", "--"]), [
    "--: An option such as --port 8080; --help lists all",
  ]);
});

Deno.test("it listens on an IP address or on localhost, for no other name has permissions", async () => {
  for (const host of ["0.0.0.0", "::1", "localhost", "::ffff:127.0.0.1"]) {
    assert.equal((await load(["--host", host])).config.host, host);
  }
  for (const host of ["door.local", "127.1", "[::1]", "fe80::1%eth0", ":::", "127.0.0.1,10.0.0.1", ""]) {
    assert.match(
      (await faults(["--host", host]))[0] ?? "",
      /^host: Must be an IP address of this machine, or localh/,
    );
  }
});

Deno.test("the file in the data directory can't move the data directory", async () => {
  assert.match(
    (await faults([], { yaml: "data: elsewhere" }))[0] ?? "",
    /^data: Not in a file that lies in the data/,
  );
  assert.ok(
    (await load(["--config", "p.yaml"], { yaml: "data: elsewhere" })).config.data.endsWith("/elsewhere"),
  );
});

Deno.test("a supervised runtime takes its variables from its arguments and looks at no environment", async () => {
  const env = { PANEL_PORT: "9", PANEL_NONSENSE: "1" };
  const { config } = await load(["--supervised", "--from-env", "PANEL_NAME=Gate=2"], { env });
  assert.equal(config.name, "Gate=2");
  assert.equal(config.port, 8080);
  assert.deepEqual(await faults(["--supervised", "--from-env=PANEL_PORT=x"]), [
    'port: Must be a whole number from 0 to 65535 (given: "x", from PANEL_PORT)',
  ]);
});

Deno.test("what the supervisor needs is known before anything is checked, and never from a wrong value", async () => {
  const of = (argv: string[], env = {}, yaml?: string) => outline({ argv, env, readFile: () => yaml });
  const yaml = "port: 80\nhost: 0.0.0.0\ndata: elsewhere";
  const { data, host, port, config } = await of(["--data", "/d"], { PANEL_PORT: "81" }, yaml);
  assert.deepEqual([data, host, port, config], ["/d", "0.0.0.0", 81, "/d/panel.yaml"]);
  assert.equal((await of(["--config", "/p.yaml"], {}, "data: /elsewhere")).data, "/elsewhere");
  assert.match((await of([], {}, "data: /elsewhere")).data, /\/data$/);
  const wrong = await of(["--host", "127.0.0.1,evil.example", "--port", "65536", "--nonsense"]);
  assert.deepEqual([wrong.host, wrong.port], ["127.0.0.1", 8080]);
  assert.equal((await of(["--help"])).explains, true);
  const tls = "tls:\n  cert: /c.pem\n  key: /c.key\n  redirectPort: 80";
  const { certificate, redirectPort } = await of(
    ["--tls.cert", "/d.pem"],
    { PANEL_TLS_REDIRECT_PORT: "81" },
    tls,
  );
  assert.deepEqual([certificate, redirectPort], [["/d.pem", "/c.key"], 81]);
  assert.deepEqual([(await of([])).certificate, (await of([])).redirectPort], [[], undefined]);
  assert.equal((await of(["--tls.redirectPort", "80,9"])).redirectPort, undefined);
  for (const broken of ["[[[", "port: *nobody", "- 1", "a: 1\na: 2"]) {
    assert.equal((await of([], {}, broken)).port, 8080);
  }
});

Deno.test("any setting is known to the supervisor as it was given: by a flag, else a variable, else the file", async () => {
  const of = (argv: string[], env = {}, yaml?: string) => outline({ argv, env, readFile: () => yaml });
  const yaml = "plugins:\n  strike: { pulseMs: 1, kind: file }\n  gone: false";
  const { given } = await of(["--plugins.strike.pulseMs", "3"], { PANEL_PLUGINS_STRIKE_PULSE_MS: "2" }, yaml);
  assert.equal(given("plugins.strike.pulseMs"), "3");
  assert.equal(
    (await of([], { PANEL_PLUGINS_STRIKE_PULSE_MS: "2" }, yaml)).given("plugins.strike.pulseMs"),
    "2",
  );
  assert.deepEqual([given("plugins.strike.kind"), given("plugins.gone")], ["file", false]);
  for (const name of ["plugins.gone.kind", "plugins.strike.kind.more", "plugins.toString", "nothing"]) {
    assert.equal(given(name), undefined, name);
  }
});

Deno.test("help names every setting with its variable, its default and what is allowed", () => {
  const help = helpText(plugins);
  for (
    const part of [
      "--log.level VALUE (PANEL_LOG_LEVEL)",
      'One of debug, info, warn, error; "info" unless given',
      "--plugins.strike.pulseMs VALUE (PANEL_PLUGINS_STRIKE_PULSE_MS)",
      "Length of a pulse, ms. A whole number from 100 to 10000; 700 unless given",
      "--plugins.strike false (PANEL_PLUGINS_STRIKE)",
      "--reclaim",
    ]
  ) assert.ok(help.includes(part), part);
});

Deno.test("the JSON Schema for editors knows the plugins and refuses strangers", () => {
  const schema = configJsonSchema(plugins);
  assert.equal(schema.additionalProperties, false);
  const settings = schema.properties?.plugins;
  assert.equal(settings?.additionalProperties, false);
  assert.deepEqual(settings?.properties?.strike?.anyOf?.map((choice) => choice.const ?? choice.type), [
    "object",
    false,
  ]);
});
