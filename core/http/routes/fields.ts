import { z } from "zod";

/** A whole number in a query. */
export function wholeNumber(min: number, max: number) {
  const error = `A whole number from ${min} to ${max}`;
  return z.string().regex(/^\d{1,16}$/, { error }).transform(Number).pipe(
    z.number().int({ error }).min(min, { error }).max(max, { error }),
  );
}

/** How many of a list to answer. */
export const limitField = wholeNumber(1, 500).optional().describe("How many at most; 100 unless told");
