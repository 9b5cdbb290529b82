import { definePlugin, errorText, partChanged, partsPoint } from "latchkey";
import { z } from "zod";
import { answerSchema, lineOf } from "./weather.ts";

/** An answer that takes longer is none, ms. */
const PATIENCE_MS = 10_000;
/** Weather that is older is unknown, ms. */
const GOOD_MS = 3 * 3_600_000;

interface Weather {
  line: string;
  temperature: number;
  /** Monotonic time, ms. */
  since: number;
}

export default definePlugin({
  id: "weather-line",
  api: 1,
  title: "Weather line",
  config: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).default("https://api.open-meteo.com/v1/forecast").describe(
      "The service that is asked: one that answers as Open-Meteo does",
    ),
    latitude: z.number().min(-90).max(90).default(41.9).describe("Where the house is, degrees north"),
    longitude: z.number().min(-180).max(180).default(12.5).describe("Where the house is, degrees east"),
    minutes: z.int().min(5).max(240).default(15).describe("How often it asks, minutes"),
  }),
  setup(ctx) {
    const { url, latitude, longitude, minutes } = ctx.config;
    const question = new URL(url);
    question.searchParams.set("latitude", String(latitude));
    question.searchParams.set("longitude", String(longitude));
    question.searchParams.set("current", "temperature_2m,weather_code");
    let weather: Weather | undefined;

    const state = () => ({ line: weather?.line ?? null, temperature: weather?.temperature ?? null });
    const tell = () => ctx.emit(partChanged, { id: ctx.id, state: state() });

    async function ask(): Promise<Weather> {
      const late = new AbortController();
      const cancel = ctx.after(PATIENCE_MS, () => late.abort());
      try {
        const response = await fetch(question, { signal: AbortSignal.any([late.signal, ctx.signal]) });
        const text = await response.text();
        if (!response.ok) throw new Error(`The service answers ${response.status}`);
        const answer = answerSchema.parse(JSON.parse(text));
        const { temperature_2m: temperature } = answer.current;
        return { line: lineOf(answer), temperature, since: ctx.clock.monotonic() };
      } finally {
        cancel();
      }
    }

    async function refresh(): Promise<void> {
      try {
        weather = await ask();
      } catch (error) {
        if (ctx.signal.aborted) return;
        ctx.log.warn("The weather is not known", { error: errorText(error) });
        if (weather && ctx.clock.monotonic() - weather.since > GOOD_MS) weather = undefined;
      }
      tell();
    }

    ctx.contribute(partsPoint, {
      id: ctx.id,
      kind: "sensor",
      name: "Weather",
      state,
      values: {
        line: { type: "text", name: "Weather" },
        temperature: { type: "number", name: "Outside", unit: "°C", min: -60, max: 60 },
      },
    });
    ctx.every(minutes * 60_000, refresh);
    // The panel does not wait for the first answer.
    ctx.after(0, refresh);
  },
});
