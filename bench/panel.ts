import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../core/config/schema.ts";
import {
  type AccessService,
  accessService,
  type Actor,
  type Context,
  type CredentialService,
  credentialService,
  memberService,
  type Plugin,
} from "../core/mod.ts";
import { systemClock } from "../core/clock.ts";
import { systemRandom } from "../core/random.ts";
import { createRuntime } from "../core/runtime.ts";
import { TestDevice } from "../core/testing/device.ts";
import { InProcessPort } from "../drivers/sim/in_process.ts";
import { simBoard } from "../drivers/sim/mod.ts";
import { BoardModel } from "../drivers/sim/model.ts";
import { FakeMediaPort, mediaLink } from "../media/testing/fake_port.ts";
import { builtInPlugins, simulatorPlugins } from "../plugins/mod.ts";

/** A directory that goes with whoever uses it, on the disk that the system keeps temporary files on. */
export function temporaryDir(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface BenchPanel extends AsyncDisposable {
  access: AccessService;
  credentials: CredentialService;
  board: BoardModel;
  core: Context;
  owner: Actor;
  /** The owner's. */
  device: TestDevice;
  fetch(request: Request): Promise<Response>;
}

async function claimed(fetch: BenchPanel["fetch"], code: string): Promise<TestDevice> {
  const device = new TestDevice();
  await device.claim(`http://127.0.0.1/#claim=${code}`, fetch);
  return device;
}

/**
 * The whole runtime with every plugin, on real time and a real database; only its board is in this process.
 * @param instead takes the place of the plugin of its id
 */
export async function startPanel(data: string, settings: object = {}, instead?: Plugin): Promise<BenchPanel> {
  const board = new BoardModel(systemClock);
  let code = "";
  const runtime = await createRuntime({
    config: configSchema.parse({ data, zone: "UTC", ...settings }),
    plugins: [
      simBoard(new InProcessPort(board)),
      mediaLink(new FakeMediaPort()),
      ...builtInPlugins.map((plugin) => plugin.id === instead?.id ? instead : plugin),
      ...simulatorPlugins,
    ],
    clock: systemClock,
    random: systemRandom,
    logSink: ({ level, message, fields }) => {
      if (level === "error") throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
    saveSettings: () => Promise.resolve(),
    presenceByCode: true,
    offerClaim: (offer) => void (code = offer.code),
    fingerprint: null,
  });
  const { core } = runtime.host;
  const device = await claimed((request) => runtime.fetch(request), code);
  const [owner] = await core.use(memberService).list();
  return {
    access: core.use(accessService),
    credentials: core.use(credentialService),
    board,
    core,
    owner: { kind: "person", id: owner!.id, name: owner!.name, scopes: [] },
    device,
    fetch: (request) => runtime.fetch(request),
    [Symbol.asyncDispose]: () => runtime.stop(),
  };
}
