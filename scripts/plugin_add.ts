import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { systemClock } from "../core/clock.ts";
import { copyPackage } from "../core/isolate/install/copy.ts";
import type { Installer } from "../core/isolate/install/installer.ts";
import { openInstaller } from "../core/isolate/install/offline.ts";
import type { Proposal } from "../core/isolate/install/proposal.ts";
import { errorText } from "../core/log.ts";
import { systemRandom } from "../core/random.ts";
import { builtInPlugins, simulatorPlugins } from "../plugins/mod.ts";
import { fetchPackage, npmSpec } from "./npm_package.ts";

const HELP = `Brings a third-party plugin to a panel, and tells what it wants before any of its code runs.

  deno task plugin:add WHAT [--data DIR] [--yes]

  WHAT         a folder, a .tgz as npm pack makes it, or a package of npm by name and version: chime@1.2.3
  --data DIR   the panel's data directory (PANEL_DATA; data unless given)
  --yes        lets it in without asking, where the panel does not run
  --help       this text

Where the panel runs, the plugin then waits on its page, under Plugins, until an owner lets it in. Where it does not,
you are asked here. Run this as the user that the panel runs as.

Exit status: 0 it is let in, or waits; 1 it was not let in; 2 it can't be.`;

/** Who lets it in where nobody can be known: whoever may write the panel's data. */
const TERMINAL = { kind: "system" as const, id: "terminal", scopes: [] };

/** @returns the exit status */
async function run(args: string[]): Promise<number> {
  const { values, positionals: [what, ...more] } = parseArgs({
    args: args[0] === "--" ? args.slice(1) : args,
    allowPositionals: true,
    options: { data: { type: "string" }, yes: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (what === undefined || more.length > 0) {
    throw new Error("Say what to add: one folder, .tgz, or name@version");
  }
  const dataDir = resolve(values.data ?? process.env["PANEL_DATA"] ?? "data");
  const builtIn = [...builtInPlugins, ...simulatorPlugins].map(({ id }) => id);
  using opened = openInstaller({ dataDir, builtIn, clock: systemClock, random: systemRandom });
  const { installer, panelRuns } = opened;
  const proposal = await take(installer, what);
  console.log(textOf(proposal));
  if (panelRuns) {
    console.log("\nIt waits. Open the panel's page, Plugins, and let it in there.");
    return 0;
  }
  if (!values.yes && !process.stdin.isTTY) {
    console.log(
      "\nIt waits on the panel's page, Plugins, from the next start on. To let it in here, say --yes.",
    );
    return 0;
  }
  if (!values.yes && !await isAgreed()) {
    installer.drop(proposal.digest);
    console.log("It was not let in, and nothing of it is left.");
    return 1;
  }
  await installer.grant(proposal.digest, TERMINAL);
  console.log(`\n${proposal.title} ${proposal.version} is let in, and runs when the panel does.`);
  return 0;
}

async function take(installer: Installer, what: string): Promise<Proposal> {
  if (existsSync(what)) {
    const from = statSync(what).isDirectory() ? "folder" : "file";
    return await installer.takeWith((into) => copyPackage(resolve(what), into), from);
  }
  const spec = npmSpec(what);
  if (!spec) {
    throw new Error(
      `There is no "${what}" here, and it is no package's name and exact version, such as chime@1.2.3`,
    );
  }
  console.log(`Fetching ${what} …`);
  return await installer.takeWith((into) => fetchPackage(spec, into), "npm");
}

/** What the owner is asked, as the page shows it too. */
function textOf({ title, version, id, origin, signed, installed, wants, more, warnings }: Proposal): string {
  const list = (phrases: Proposal["wants"]) =>
    phrases.map(({ text, grave }) => `  ${grave ? "!" : "-"} ${text}`);
  const isNews = installed !== null;
  return [
    `\n${title} ${version} (${id}), package ${origin.package}. ${signed}.`,
    ...warnings.map((warning) => `\n*** ${warning}.`),
    ...(isNews
      ? [`\n${installed} is installed. ${more.length > 0 ? "New is that it:" : "It wants nothing new."}`]
      : []),
    ...(isNews ? list(more) : []),
    ...(isNews && more.length > 0 ? [] : isNews ? ["It goes on with:"] : ["\nIt wants this:"]),
    ...(isNews && more.length > 0 ? [] : list(wants)),
  ].join("\n");
}

async function isAgreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin });
  process.stdout.write("\nLet it in? [y/N] ");
  try {
    return /^y(es)?$/i.test((await terminal.question("")).trim());
  } finally {
    terminal.close();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(errorText(error));
  process.exitCode = 2;
}
