import assert from "node:assert/strict";
import { settle } from "../../core/testing/virtual_clock.ts";
import type { Panel } from "./panel.ts";

export interface Heard {
  id: string;
  event: string;
  // deno-lint-ignore no-explicit-any -- a story reads whatever was told
  data: any;
}

/** An app that is open: it follows the event stream of a panel. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #reading: Promise<void>;

  private constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    this.#reading = this.#read();
  }

  /** @param lastId goes on after this event */
  static async open(panel: Panel, lastId?: string): Promise<Listener> {
    const { status, body } = await panel.device.send(
      (request) => panel.runtime.fetch(request),
      "GET",
      "http://127.0.0.1:8080/api/v1/events",
      undefined,
      lastId === undefined ? {} : { "last-event-id": lastId },
    );
    assert.equal(status, 200);
    const listener = new Listener(body!);
    await settle();
    return listener;
  }

  get lastId(): string | undefined {
    return this.heard.at(-1)?.id;
  }

  /** The data of each event with this name, oldest first. */
  of(event: string): Heard["data"][] {
    return this.heard.filter((one) => one.event === event).map(({ data }) => data);
  }

  /** Hangs up. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
    await this.#reading;
  }

  async #read(): Promise<void> {
    let rest = "";
    for (let next = await this.#reader.read(); !next.done; next = await this.#reader.read()) {
      const blocks = (rest + next.value).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
    const [id, event, data] = [field("id"), field("event"), field("data")];
    if (id && event && data) this.heard.push({ id, event, data: JSON.parse(data) });
  }
}
