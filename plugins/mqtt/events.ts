import { type Call, callChanged, type CallService, type Context, partOccurred } from "../../core/mod.ts";
import type { Journal } from "./journal.ts";
import type { PartBook } from "./part_book.ts";
import type { Retained } from "./retained.ts";
import type { Topics } from "./topics.ts";

export interface EventParts {
  ctx: Pick<Context, "freshId" | "on">;
  calls: Pick<CallService, "current">;
  book: PartBook;
  journal: Journal;
  retained: Retained;
  topics: Topics;
}

/** Tells what happens to parts, and of calls. Who answered is nobody else's business. */
export async function tellEvents({ ctx, calls, book, journal, retained, topics }: EventParts): Promise<void> {
  ctx.on(partOccurred, ({ id, type, at }) => {
    if (!book.get(id)) return;
    journal.add({ topic: topics.event(id), at, body: { event_type: type, id: ctx.freshId() } });
  });

  let told = false;
  const show = (state: Call["state"] | undefined) => {
    told = true;
    const shown = state === "ringing" || state === "answered" ? state : "none";
    retained.set(topics.panel("call"), JSON.stringify({ state: shown }));
  };
  ctx.on(callChanged, ({ id, source, state, startedAt, answeredAt, endedAt }) => {
    show(state);
    journal.add({
      topic: topics.log("calls"),
      at: endedAt ?? answeredAt ?? startedAt,
      body: { event_type: state, id: `call-${id}-${state}`, call: id, source },
    });
  });
  const current = await calls.current();
  if (!told) show(current?.state);
}
