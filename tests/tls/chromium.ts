import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Browser, chromium } from "playwright-core";
import { findCertutil, findChromium } from "../../scripts/test_tools.ts";
import { FLAGS } from "../browser/browser.ts";

export const canTrust = findChromium() !== undefined && findCertutil() !== undefined;

/** A Chromium of its own in whose store this root lies, as a person puts it there. Without a root it trusts as usual. */
export async function startChromium(root?: string): Promise<{ browser: Browser } & AsyncDisposable> {
  const home = mkdtempSync(join(tmpdir(), "latchkey-chromium-"));
  if (root !== undefined) {
    const store = join(home, ".pki", "nssdb");
    mkdirSync(store, { recursive: true });
    certutil("-N", "-d", `sql:${store}`, "--empty-password");
    certutil("-A", "-d", `sql:${store}`, "-n", "Latchkey", "-t", "C,,", "-i", root);
  }
  const browser = await chromium.launch({
    executablePath: findChromium()!,
    args: [...FLAGS],
    env: { ...process.env as Record<string, string>, HOME: home },
  });
  return {
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function certutil(...args: string[]): void {
  const { status, stderr } = spawnSync(findCertutil()!, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`certutil ${args[0]}: ${stderr}`);
}
