import { once } from "node:events";
import { createServer } from "node:https";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../core/log.ts";
import { systemRandom } from "../../core/random.ts";
import { openAuthority } from "../../core/tls/authority.ts";
import { makeLeaf, type Pair } from "../../core/tls/certificates.ts";
import { sortNames } from "../../core/tls/names.ts";
import { periodAt } from "../../core/tls/validity.ts";

const NAMES = ["localhost", "127.0.0.1", "::1", "front-door.local"];

/** An authority as a panel makes it at its first start, in a directory of its own. */
export class Household {
  readonly dir = mkdtempSync(join(tmpdir(), "latchkey-tls-"));
  /** What its devices trust: a file. */
  readonly root = join(this.dir, "keys", "ca.pem");

  /** What the panel shows: its certificate with the root behind it. */
  async pair(): Promise<Pair> {
    const log = createLog({ level: "error", now: () => 0, sink: () => {} });
    const names = NAMES;
    const source = await openAuthority({ dataDir: this.dir, name: "Door", names, random: systemRandom, log });
    return await source.pair({ now: Date.now(), trusted: true }, names);
  }

  /** What somebody can sign for names of his choice with the authority's key in his hands. */
  async stolen(...names: string[]): Promise<Pair> {
    await this.pair();
    const root = {
      cert: readFileSync(this.root, "utf8"),
      key: readFileSync(join(this.dir, "keys", "ca.key"), "utf8"),
    };
    return makeLeaf(root, sortNames(names), periodAt(Date.now()), systemRandom);
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true });
  }
}

export interface Site extends AsyncDisposable {
  port: number;
}

/** A site on 127.0.0.1 that shows this certificate. */
export async function startSite({ cert, key }: Pair): Promise<Site> {
  const server = createServer({ cert, key }, (_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>Reached</title>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
