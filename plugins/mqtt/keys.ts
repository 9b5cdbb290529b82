import { z } from "zod";
import { defineEvent, definePoint, defineService } from "../../core/mod.ts";

/** The household's broker, for plugins in the panel's own process that have more to tell than parts do. */
export interface BrokerService {
  /** Whether there is a connection now. */
  isUp(): Promise<boolean>;
  /**
   * Sends at least once: resolved when the broker has acknowledged it. Nothing is kept while there is no broker.
   * @throws {LatchkeyError} `mqtt-away`, `mqtt-refused`, `mqtt-busy`
   */
  publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void>;
}

export const brokerService = defineService<BrokerService>("broker");

/** Topics that somebody wants to hear, beside the panel's own commands. */
export interface Subscription {
  /** As MQTT has it, with + and #. */
  filter: string;
  /**
   * A topic among them for the bridge alone: what it says there has to come back, or it takes the broker for one that has
   * lost the subscription, as some of several machines do when one is lost. Without it nobody finds out.
   */
  echo?: string;
  /**
   * Told of each message in its turn, of what the broker kept as well; the next waits until it is done with, for 5 s at most.
   * Do not wait for a publish in it: its acknowledgement comes behind the message.
   */
  heard(message: { topic: string; payload: string; retained: boolean }): Promise<void>;
}

export const subscriptionsPoint = definePoint<Subscription>("subscriptions");

/** A connection began, with every subscription in force, or ended. */
export const brokerChanged = defineEvent("broker.changed", z.strictObject({ up: z.boolean() }), {
  audience: "internal",
});
