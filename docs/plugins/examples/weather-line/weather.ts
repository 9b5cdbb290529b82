import { z } from "zod";

/** What of the service's answer is used. */
export const answerSchema = z.object({
  current: z.object({
    temperature_2m: z.number(),
    weather_code: z.number(),
  }),
});

/** The World Meteorological Organization's codes, each up to the one before the next. */
const SKIES: [from: number, words: string][] = [
  [0, "Clear"],
  [1, "Fair"],
  [3, "Overcast"],
  [45, "Fog"],
  [51, "Drizzle"],
  [61, "Rain"],
  [71, "Snow"],
  [80, "Showers"],
  [85, "Snow showers"],
  [95, "Thunderstorm"],
];

/** The weather in a line: `Rain, 12 °C`. */
export function lineOf({ current }: z.output<typeof answerSchema>): string {
  const [, sky = "Weather"] = SKIES.findLast(([from]) => current.weather_code >= from) ?? [];
  return `${sky}, ${Math.round(current.temperature_2m)} °C`;
}
