import assert from "node:assert/strict";
import type { Client } from "./client.ts";
import { followEvents } from "./events.ts";
import { ApiError } from "./problem.ts";

/** Answers each request for the stream with what is next; the last answer stays open. */
function scriptedClient(answers: (string | ApiError)[]) {
  const asked: (string | undefined)[] = [];
  const client = {
    openStream(lastId: string | undefined, signal: AbortSignal) {
      asked.push(lastId);
      const answer = answers.shift();
      if (answer instanceof ApiError) return Promise.reject(answer);
      const last = answers.length === 0;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(answer ?? ""));
          if (!last) controller.close();
          signal.addEventListener("abort", () => last && controller.error(signal.reason));
        },
      });
      return Promise.resolve(new Response(body));
    },
  };
  return { client: client as Client, asked };
}

/** Follows until `enough` says so; the page's own pauses are cut short by looking at it again. */
async function follow(answers: (string | ApiError)[], enough: (told: string[]) => boolean) {
  const { client, asked } = scriptedClient(answers);
  const told: string[] = [];
  const stopped = Promise.withResolvers<void>();
  const tell = (what: string) => {
    told.push(what);
    if (enough(told)) stopped.resolve();
    else if (what === "down") queueMicrotask(() => dispatchEvent(new Event("online")));
  };
  const stop = followEvents({
    client,
    event: (name, value) => tell(`${name} ${JSON.stringify(value)}`),
    fresh: () => tell("fresh"),
    connected: (up) => tell(up ? "up" : "down"),
  });
  await stopped.promise;
  stop();
  return { told, asked };
}

Deno.test("a lost event stream goes on after the last event that was seen", async () => {
  const { told, asked } = await follow([
    "id: r-1\nevent: ready\ndata: {}\n\nid: r-2\nevent: a\ndata: 1\n\nid: r-3\nevent: half\nda",
    "id: r-3\nevent: half\ndata: 2\n\n",
  ], (told) => told.includes("half 2"));
  assert.deepEqual(asked, [undefined, "r-2"]);
  assert.deepEqual(told, ["up", "fresh", "a 1", "down", "up", "half 2"]);
});

Deno.test("a panel that restarted has the page take its state anew", async () => {
  const { told } = await follow([
    "id: r-9\nevent: ready\ndata: {}\n\n",
    new ApiError("offline", 0, "gone"),
    "id: s-0\nevent: reset\ndata: {}\n\n",
  ], (told) => told.filter((what) => what === "fresh").length === 2);
  assert.deepEqual(told, ["up", "fresh", "down", "down", "up", "fresh"]);
});

Deno.test("a panel that knows this device and does not let it in is asked again, and says why", async () => {
  const { client } = scriptedClient([
    new ApiError("access-expired", 403, "This access has ended"),
    "id: r-1\nevent: ready\ndata: {}\n\n",
  ]);
  const told: string[] = [];
  const admitted = Promise.withResolvers<void>();
  const stop = followEvents({
    client,
    event: () => {},
    fresh: () => admitted.resolve(),
    connected: (up) => {
      if (!up) queueMicrotask(() => dispatchEvent(new Event("online")));
    },
    denied: ({ code }) => void told.push(code),
  });
  await admitted.promise;
  stop();
  assert.deepEqual(told, ["access-expired"]);
});
