import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findNatsServer } from "../../scripts/test_tools.ts";
import { freePort } from "../../core/testing/free_port.ts";

const isThere = findNatsServer() !== undefined;

/** A test with a broker of three machines. */
export function clusterTest(name: string, run: () => Promise<void>): void {
  Deno.test({ name: isThere ? name : `${name} (skipped: no nats-server)`, ignore: !isThere, fn: run });
}

interface Node {
  mqttPort: number;
  clusterPort: number;
  clientPort: number;
  child: ChildProcess | undefined;
  log: string;
}

/** Three nodes of nats-server that are one MQTT broker and keep everything three times. */
export class Cluster {
  readonly dir: string = mkdtempSync(join(tmpdir(), "latchkey-nats-"));
  readonly #nodes: Node[] = [];
  #wake = () => {};

  private constructor() {}

  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    for (let index = 0; index < 3; index++) {
      const [mqttPort, clusterPort, clientPort] = [await freePort(), await freePort(), await freePort()];
      cluster.#nodes.push({ mqttPort, clusterPort, clientPort, child: undefined, log: "" });
    }
    for (const index of cluster.#nodes.keys()) cluster.boot(index);
    await cluster.#says(/JetStream cluster new metadata leader/, cluster.#nodes);
    return cluster;
  }

  url(index: number): string {
    return `mqtt://127.0.0.1:${this.#nodes[index]!.mqttPort}`;
  }

  boot(index: number): void {
    const node = this.#nodes[index]!;
    const path = join(this.dir, `${index}.conf`);
    const routes = this.#nodes.map(({ clusterPort }) => `nats://127.0.0.1:${clusterPort}`).join(", ");
    writeFileSync(
      path,
      `
      server_name: node-${index}
      listen: 127.0.0.1:${node.clientPort}
      jetstream { store_dir: "${join(this.dir, String(index))}" }
      cluster { name: house, listen: 127.0.0.1:${node.clusterPort}, routes: [${routes}] }
      mqtt { listen: 127.0.0.1:${node.mqttPort}, stream_replicas: 3, consumer_replicas: 1 }
      accounts {
        HOME { jetstream: enabled, users: [{ user: panel, password: panel }] }
        SYS { users: [{ user: system, password: system }] }
      }
      system_account: SYS
      no_auth_user: panel
      `,
    );
    const child = node.child = spawn(findNatsServer()!, ["-c", path], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      node.log += text;
      this.#wake();
    });
  }

  async kill(index: number): Promise<void> {
    const node = this.#nodes[index]!;
    const child = node.child;
    node.child = undefined;
    if (child?.exitCode !== null) return;
    const ended = once(child, "close");
    process.kill(child.pid!, "SIGKILL");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const index of this.#nodes.keys()) await this.kill(index);
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Once one of the nodes has said it. */
  async #says(pattern: RegExp, nodes: readonly Node[]): Promise<void> {
    while (!nodes.some(({ log }) => pattern.test(log))) {
      await new Promise<void>((wake) => this.#wake = wake);
    }
  }
}
