/**
 * Releases by a card and by a person in turn, on real disk: `release_often.ts DIR TIMES`. Writes `asked` when one is
 * asked for and `moved` with the milliseconds since when its output moves; after every 450th it is quiet for a while.
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { AccessPanel, OWNER } from "../../testing/access_panel.ts";

const [dir = "", times = ""] = process.argv.slice(2);
const BUSY = 450;
const QUIET_MS = 10_000;
const PULSE_MS = 700;

const say = (text: string) => writeSync(1, `${text}\n`);
const panel = new AccessPanel(dir);
let asked = 0;
// deno-lint-ignore require-await -- asynchronous by contract
panel.lock.onOpen = async () => void say(`moved ${performance.now() - asked}`);
const card = await panel.addCard({ usesLeft: 1_000_000 });
for (let time = 1; time <= Number(times); time++) {
  say("asked");
  asked = performance.now();
  const { outcome } = time % 2 === 0
    ? await panel.access.release(panel.request(OWNER))
    : await panel.present(card);
  if (outcome !== "released") throw new Error(`Release ${time} was ${outcome}`);
  panel.lock.close();
  await panel.clock.advance(time % BUSY === 0 ? QUIET_MS : PULSE_MS);
}
await panel.stop();
