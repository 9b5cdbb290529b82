import assert from "node:assert/strict";
import { partChanged } from "latchkey";
import { type LocalAnswer, type PluginPanel, pluginTests } from "latchkey/testing";
import plugin from "./mod.ts";

const MINUTE = 60_000;

const weather = (temperature_2m: number, weather_code: number): LocalAnswer => ({
  body: JSON.stringify({ current: { temperature_2m, weather_code } }),
});

const test = pluginTests({
  plugin,
  from: import.meta.url,
  web: () => weather(12.4, 63),
  settings: (web) => ({ url: `${web}/forecast` }),
});

/** Waits until it has told its state so many times. */
const told = (panel: PluginPanel, count: number) =>
  panel.until(() => panel.heard(partChanged).filter(({ id }) => id === "weather-line").length >= count);

test("it asks for the weather where the house is, and shows it in a line", async (panel) => {
  await told(panel, 1);
  assert.deepEqual(await panel.state("weather-line"), { line: "Rain, 12 °C", temperature: 12.4 });
  assert.match(panel.web.requests[0]!.path, /^\/forecast\?latitude=41\.9&longitude=12\.5&/);
});

test("it asks again every quarter of an hour, keeps what it knows for three hours, and then says so", async (panel) => {
  await told(panel, 1);
  panel.web.answer = () => ({ status: 503 });
  for (let quarter = 1; quarter <= 13; quarter++) {
    await panel.advance(15 * MINUTE);
    await told(panel, quarter + 1);
    const { line } = await panel.state("weather-line");
    assert.equal(line, quarter <= 12 ? "Rain, 12 °C" : null, `after ${quarter} quarters`);
  }
  panel.web.answer = () => weather(-1.6, 71);
  await panel.advance(15 * MINUTE);
  await told(panel, 15);
  assert.equal((await panel.state("weather-line")).line, "Snow, -2 °C");
});

test("a service that does not answer is left after ten seconds", { web: () => undefined }, async (panel) => {
  await panel.until(() => panel.web.requests.length > 0);
  await panel.advance(10_000);
  await told(panel, 1);
  assert.equal((await panel.state("weather-line")).line, null);
});
