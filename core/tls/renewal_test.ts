import assert from "node:assert/strict";
import { AccessPanel } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { setupTime } from "../time.ts";
import type { Pair } from "./certificates.ts";
import { keepRenewed } from "./renewal.ts";
import type { CertificateSource } from "./source.ts";
import type { Moment } from "./validity.ts";

const MINUTE_MS = 60_000;
const pairOf = (names: readonly string[]): Pair => ({ cert: names.join(), key: "" });

/** Makes another certificate for other names, as the authority does; keeps what it was asked. */
class FakeSource implements CertificateSource {
  readonly fingerprint = "";
  readonly asked: [now: number, trusted: boolean][] = [];
  #last: Pair;

  constructor(first: Pair) {
    this.#last = first;
  }

  pair({ now, trusted }: Moment, names: readonly string[]): Promise<Pair> {
    this.asked.push([now, trusted]);
    if (this.#last.cert !== names.join()) this.#last = pairOf(names);
    return Promise.resolve(this.#last);
  }
}

Deno.test(
  "at the start and once a minute the certificate is looked at: the clock, whether it is believed, the names",
  inTempDir(async (dir) => {
    const clock = new VirtualClock();
    const panel = new AccessPanel(dir, clock);
    setupTime(panel.host.core, { zone: "UTC", trust: panel.trust });
    let names = ["localhost"];
    const shown = pairOf(names);
    const source = new FakeSource(shown);
    const showings: Pair[] = [];
    const show = (pair: Pair) => void showings.push(pair);
    keepRenewed(panel.host.core, { source, names: () => names, shown, show });
    await clock.advance(0);
    assert.deepEqual(source.asked, [[clock.now(), true]]);
    assert.deepEqual(showings, []);

    names = ["localhost", "10.0.0.9"];
    await clock.advance(MINUTE_MS);
    assert.deepEqual(showings, [pairOf(names)]);
    await clock.advance(MINUTE_MS);
    assert.equal(showings.length, 1);

    clock.jump(24 * 60 * MINUTE_MS);
    await clock.advance(MINUTE_MS);
    assert.deepEqual(source.asked.at(-1), [clock.now(), false]);
    await panel.stop();
    const asked = source.asked.length;
    await clock.advance(MINUTE_MS);
    assert.equal(source.asked.length, asked);
  }),
);
