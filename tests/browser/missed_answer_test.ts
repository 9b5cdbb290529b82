import { browserTest } from "./browser.ts";

browserTest(
  "a page asks by itself again for what was not answered, at its beginning and after an event",
  async ({ panel, household }) => {
    await household.route("**/api/v1/parts", (route) => route.abort(), { times: 1 });
    await household.reload();
    await household.getByRole("heading", { name: "No answer from the panel" }).waitFor();
    await household.getByRole("heading", { name: "Casa Rossi" }).waitFor();

    const missed = household.waitForEvent("requestfailed", (request) => request.url().endsWith("/codes"));
    await household.route("**/api/v1/codes", (route) => route.abort(), { times: 1 });
    await panel.api("POST", "/codes", { name: "Parcel", terms: { accessPoints: ["lock"], usesLeft: 1 } });
    await missed;
    await household.getByRole("region", { name: "Codes" }).getByRole("button", { name: /^Parcel/ }).waitFor();
  },
);
