/** A stream that can be ended from here. */
export interface Endable {
  stream: ReadableStream<Uint8Array>;
  end(): void;
}

/** @param ended told once, whoever ends it */
export function endable(source: ReadableStream<Uint8Array>, ended: () => void): Endable {
  const reader = source.getReader();
  let over = false;
  let close = () => {};

  function finish(): boolean {
    if (over) return false;
    over = true;
    ended();
    return true;
  }

  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      close = () => controller.close();
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (over) return;
      if (value) controller.enqueue(value);
      if (done && finish()) controller.close();
    },
    async cancel() {
      finish();
      await reader.cancel().catch(() => {});
    },
  }, { highWaterMark: 0 });

  return {
    stream,
    end() {
      if (!finish()) return;
      close();
      reader.cancel().catch(() => {});
    },
  };
}
