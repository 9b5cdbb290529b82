import assert from "node:assert/strict";
import type { Client } from "../../lib/api/client.ts";
import { type BoardView, SimulatorApi } from "./api.ts";
import { Board } from "./board.ts";

const VIEW: BoardView = {
  now: 0,
  outputs: [],
  inputs: [],
  readers: [],
  faults: [],
  slot: { card: null, bytes: 1_000_000, taken: 0, writeProtected: false, wornOut: false, slow: false },
  cards: [],
  badges: [],
  edges: [],
};

function startBoard() {
  const sent: string[] = [];
  let looks = 0;
  const client: Pick<Client, "get" | "post"> = {
    get<T>() {
      looks++;
      return Promise.resolve(VIEW as T);
    },
    post<T>(path: string, body: unknown) {
      sent.push(`${path.split("/").at(-1)} ${JSON.stringify(body) ?? ""}`);
      return Promise.resolve(undefined as T);
    },
  };
  const board = new Board(new SimulatorApi(client as Client));
  const handsAreEmpty = () =>
    new Promise<void>((resolve) => {
      const stop = board.listen(() => {
        if (board.value.held !== undefined) return;
        stop();
        resolve();
      });
    });
  return { board, sent, handsAreEmpty, looks: () => looks };
}

Deno.test("a badge that a moving finger holds and draws away is put there once and taken away once", async () => {
  const { board, sent, handsAreEmpty, looks } = startBoard();
  const empty = handsAreEmpty();
  for (let move = 0; move < 50; move++) board.hold("red");
  for (let move = 0; move < 50; move++) board.remove();
  await empty;
  assert.deepEqual(sent, ['present {"badge":"red"}', "remove "]);
  assert.ok(looks() < 5, `${looks()} times asked how it is`);
});

Deno.test("a badge that comes back before it was gone stays where it is", async () => {
  const { board, sent, handsAreEmpty } = startBoard();
  board.hold("red");
  board.remove();
  board.hold("red");
  const empty = handsAreEmpty();
  board.remove();
  await empty;
  assert.deepEqual(sent, ['present {"badge":"red"}', "remove "]);
});

Deno.test("another badge takes the place of the first", async () => {
  const { board, sent, handsAreEmpty } = startBoard();
  board.hold("red");
  board.remove();
  board.hold("blue");
  const empty = handsAreEmpty();
  board.remove();
  await empty;
  assert.deepEqual(sent, ['present {"badge":"red"}', 'present {"badge":"blue"}', "remove "]);
});
