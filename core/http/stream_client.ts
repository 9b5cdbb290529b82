/** What may wait for one client before it is let go: it asks again and goes on from its last id. */
export const MOST_QUEUED = 256;
export const MOST_QUEUED_BYTES = 1_048_576;

/** One listener of the event stream, with a queue of its own: a slow one holds up nobody and fills nothing. */
export class StreamClient {
  readonly body: ReadableStream<Uint8Array>;
  readonly #onEnd: () => void;
  readonly #hangUp: (() => void) | undefined;
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #wanted = false;
  #ended = false;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  /**
   * @param onEnd told once, however it ends
   * @param hangUp cuts a connection whose client does not read: closing the stream alone would wait for it for ever
   */
  constructor(onEnd: () => void, hangUp?: (() => void) | undefined) {
    this.#onEnd = onEnd;
    this.#hangUp = hangUp;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  /** Sends it, or queues it until the client reads. Many clients may share what is sent. */
  send(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#queue.push(bytes);
    this.#bytes += bytes.length;
    if (this.#wanted) this.#flush();
    else if (this.#queue.length > MOST_QUEUED || this.#bytes > MOST_QUEUED_BYTES) this.drop();
  }

  /** Something not worth keeping for one who does not read, such as a heartbeat. */
  sendIfIdle(bytes: Uint8Array): void {
    if (this.#queue.length === 0) this.send(bytes);
  }

  /** Ends the stream; what is still queued is not sent. */
  close(): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.close();
  }

  /** Ends the stream and the connection, whatever the client does. */
  drop(): void {
    this.close();
    this.#hangUp?.();
  }

  #pull(): void {
    this.#wanted = true;
    this.#flush();
  }

  #flush(): void {
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#bytes -= next.length;
    this.#wanted = false;
    this.#controller.enqueue(next);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queue = [];
    this.#onEnd();
  }
}
