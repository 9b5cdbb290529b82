import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { restoreBackup } from "../core/backup/restore.ts";
import { systemClock } from "../core/clock.ts";
import { errorText } from "../core/log.ts";
import { PASSPHRASE_HELP, passphraseFrom } from "./passphrase.ts";

const HELP =
  `Makes a panel's data directory from a backup. All of it is checked before anything is put in place.

  deno task restore --in FILE [--data DIR] [--replace]

  --in FILE        the backup
  --data DIR       where to: an empty directory or a new one (PANEL_DATA; data unless given)
  --replace        moves the data directory that is there aside; nothing of it is deleted
  --help           this text

${PASSPHRASE_HELP}

Exit status: 0 done, 2 nothing has changed.`;

async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args: args[0] === "--" ? args.slice(1) : args,
    options: {
      "in": { type: "string" },
      "data": { type: "string" },
      "replace": { type: "boolean" },
      "passphrase-file": { type: "string" },
      "help": { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.in === undefined) throw new Error("Say from what with --in FILE");
  const dataDir = resolve(values.data ?? process.env["PANEL_DATA"] ?? "data");
  const { manifest, aside } = await restoreBackup({
    file: resolve(values.in),
    dataDir,
    passphrase: await passphraseFrom(values["passphrase-file"], false),
    replace: values.replace ?? false,
    clock: systemClock,
  });
  const { panel, madeAt, log: { rows, findings } } = manifest;
  console.log(
    `${dataDir} is the panel "${panel.name}" as it was at ${madeAt}, with ${rows} rows of its access log.`,
  );
  console.log("Whoever lost access after that has it again: look at its members, cards and codes.");
  if (aside !== undefined) console.log(`The directory that was there is now ${aside}`);
  for (const finding of findings) {
    console.error(`Its access log was not whole before the backup: ${finding}`);
  }
}

try {
  await run(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  console.error(errorText(error));
  process.exit(2);
}
