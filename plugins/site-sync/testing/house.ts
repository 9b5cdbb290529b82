import { settle, VirtualClock } from "../../../core/testing/virtual_clock.ts";
import { type Neighbourhood, type Sent, SitePanelBench } from "./site_panel.ts";

/** A broker and the panels of a house, in one process. Messages are told when the test says so, in the order of sending. */
export class House implements Neighbourhood {
  readonly panels: SitePanelBench[] = [];
  /** Everything that was ever sent. */
  readonly sent: Sent[] = [];
  readonly retained = new Map<string, string>();

  async add(name: string, clock = new VirtualClock()): Promise<SitePanelBench> {
    const panel = new SitePanelBench(this, name, clock, this.panels.length + 1);
    this.panels.push(panel);
    await panel.start();
    return panel;
  }

  /** The first founds a site, the others join it. */
  async site(...names: string[]): Promise<SitePanelBench[]> {
    const panels: SitePanelBench[] = [];
    for (const name of names) panels.push(await this.add(name));
    const [keeper, ...others] = panels as [SitePanelBench, ...SitePanelBench[]];
    await keeper.call("POST", "/site");
    for (const panel of others) await this.join(keeper, panel);
    return panels;
  }

  async join(keeper: SitePanelBench, panel: SitePanelBench): Promise<void> {
    const { code } = await keeper.call<{ code: string }>("POST", "/invitations");
    await panel.call("POST", "/join", { code });
    await this.settle();
  }

  publish(sent: Sent): void {
    this.sent.push(sent);
    if (sent.retain && sent.payload === "") this.retained.delete(sent.topic);
    else if (sent.retain) this.retained.set(sent.topic, sent.payload);
    for (const panel of this.panels) if (panel.isUp) panel.inbox.push({ ...sent, retain: false });
  }

  /** Until nobody has anything to say any more. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      await settle();
      const busy = this.panels.filter(({ inbox }) => inbox.length > 0);
      quiet = busy.length > 0 ? 0 : quiet + 1;
      for (const panel of busy) await panel.read();
    }
  }

  /** Time passes for all. */
  async advance(ms: number): Promise<void> {
    for (const panel of this.panels) await panel.clock.advance(ms);
    await this.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const panel of this.panels) await panel.stop();
  }
}
