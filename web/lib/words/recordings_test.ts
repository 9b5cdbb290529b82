import assert from "node:assert/strict";
import { bytesText, cardText } from "./recordings.ts";

Deno.test("sizes are said as people say them", () => {
  const said = [0, 900, 12_345_678, 1_234_567, 31_900_000_000, 512_000_000_000, 2_000_000_000_000].map(
    bytesText,
  );
  assert.deepEqual(said, ["0 KB", "1 KB", "12 MB", "1.2 MB", "32 GB", "512 GB", "2000 GB"]);
});

Deno.test("each state of the card says what it means for recordings", () => {
  assert.equal(cardText({ state: "normal", bytes: 32e9, free: 8e9 }).text, "8.0 GB of 32 GB free");
  assert.equal(cardText({ state: "error", bytes: 0, free: 0 }).tone, "bad");
});
