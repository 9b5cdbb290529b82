import { errorText, LatchkeyError } from "../../core/mod.ts";
import type { BrokerService } from "./keys.ts";
import type { Publish } from "./lane.ts";

/** The way to the broker for other plugins; closed while there is none. */
export class BrokerDoor implements BrokerService {
  #publish: Publish | undefined;

  up(publish: Publish): void {
    this.#publish = publish;
  }

  down(): void {
    this.#publish = undefined;
  }

  isUp(): Promise<boolean> {
    return Promise.resolve(this.#publish !== undefined);
  }

  async publish(
    topic: string,
    payload: string,
    { retain = false }: { retain?: boolean } = {},
  ): Promise<void> {
    if (!this.#publish) throw new LatchkeyError("mqtt-away", "There is no MQTT broker now", { status: 503 });
    try {
      await this.#publish(topic, payload, retain);
    } catch (error) {
      if (error instanceof LatchkeyError) throw error;
      throw new LatchkeyError("mqtt-away", `The MQTT broker was lost: ${errorText(error)}`, { status: 503 });
    }
  }
}
