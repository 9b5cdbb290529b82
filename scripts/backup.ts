import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { configText } from "../core/backup/config_text.ts";
import { createBackup } from "../core/backup/create.ts";
import { configPath } from "../core/config/surroundings.ts";
import { errorText } from "../core/log.ts";
import { VERSION } from "../core/version.ts";
import { PASSPHRASE_HELP, passphraseFrom } from "./passphrase.ts";

const HELP =
  `Makes one encrypted file of a panel: cards, people, settings, logs and keys. The panel may run meanwhile.

  deno task backup --out FILE [--data DIR] [--config FILE]

  --out FILE       the backup; what is there is replaced once the new one is whole
  --data DIR       the panel's data directory (PANEL_DATA; data unless given)
  --config FILE    its configuration, where that is not panel.yaml in there (PANEL_CONFIG)
  --help           this text

${PASSPHRASE_HELP}

Exit status: 0 done, 1 done, but the access log was not whole before, 2 there is no backup.`;

/** @returns the exit status */
async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args: args[0] === "--" ? args.slice(1) : args,
    options: {
      "out": { type: "string" },
      "data": { type: "string" },
      "config": { type: "string" },
      "passphrase-file": { type: "string" },
      "help": { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.out === undefined) throw new Error("Say where to with --out FILE");
  const options = (["data", "config"] as const).flatMap((name): [string, string][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  const { path } = configPath({ options, switches: new Set(), faults: [] }, process.env);
  const config = await configText(path);
  const { log: { rows, findings } } = await createBackup({
    dataDir: resolve(values.data ?? process.env["PANEL_DATA"] ?? "data"),
    config,
    name: await nameIn(config),
    version: VERSION,
    now: Date.now(),
    gently: false,
    out: resolve(values.out),
    passphrase: await passphraseFrom(values["passphrase-file"], true),
  });
  console.log(`${values.out} holds the panel as it is now, with ${rows} rows of its access log.`);
  console.log("Without the passphrase nobody can open it, you neither.");
  if (findings.length === 0) return 0;
  console.error("The access log was NOT whole before this; it is in the backup as it is:");
  for (const finding of findings) console.error(`- ${finding}`);
  return 1;
}

async function nameIn(config: string | undefined): Promise<string> {
  const { parseDocument } = await import("yaml");
  const values: unknown = parseDocument(config ?? "").toJS();
  const name = typeof values === "object" && values !== null && "name" in values ? values.name : undefined;
  return typeof name === "string" ? name.slice(0, 60) : "Front door";
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  console.error(errorText(error));
  process.exit(2);
}
