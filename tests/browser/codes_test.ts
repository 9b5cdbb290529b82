import assert from "node:assert/strict";
import { browserTest, join } from "./browser.ts";
import { readQr } from "./qr_reader.ts";

browserTest(
  "B-CARD-8: family makes a code for one use; whoever has it opens once, without an account, and the list says so",
  async ({ panel, visitor }) => {
    const family = await visitor();
    await join(family, await panel.invite({ name: "Bruno", role: "family" }));
    await family.getByRole("button", { name: "New code" }).click();
    await family.getByRole("textbox", { name: "Whom or what is it for?" }).fill("Parcel");
    await family.getByRole("button", { name: "Make the code" }).click();
    const digits = (await family.locator(".code-digits").innerText()).replace("The code:", "").trim();
    assert.match(digits, /^\d{4} \d{4}$/);
    const link = await readQr(family);
    assert.equal(link, `${panel.origin}/#code=${digits.replace(" ", "")}`);
    await family.getByRole("button", { name: "I have given it on" }).click();
    const row = family.getByRole("region", { name: "Codes" }).getByRole("button", { name: /^Parcel/ });
    await row.getByText("1 use left").waitFor();

    const courier = await visitor();
    await courier.goto(panel.origin);
    await courier.getByRole("button", { name: "I have a code" }).click();
    await courier.getByRole("textbox", { name: "Code" }).fill(digits);
    await courier.getByRole("button", { name: "See what it opens" }).click();
    await courier.getByText("1 use left").waitFor();
    assert.equal(await courier.getByRole("button", { name: "Release Gate" }).count(), 0);
    await Promise.all([
      courier.locator(".panel-said").getByText("Released – come in").waitFor(),
      courier.getByRole("button", { name: "Release Front door" }).click(),
    ]);
    await row.getByText("Used up").waitFor();
    const log = family.getByRole("region", { name: "Access log" });
    await log.getByText("The code “Parcel” opened Front door").waitFor();

    const second = await visitor();
    await second.goto(link);
    await second.getByRole("heading", { name: "Parcel" }).waitFor();
    await second.getByText("Used up").waitFor();
    assert.equal(await second.getByRole("button", { name: /^Release/ }).count(), 0);

    await row.click();
    await family.getByRole("button", { name: "Revoke" }).click();
    await family.getByRole("button", { name: "Revoke the code" }).click();
    await family.getByRole("heading", { name: "No codes" }).waitFor();
    await second.goto("about:blank");
    await second.goto(link);
    await second.getByRole("alert").getByText("The panel does not know this code").waitFor();
  },
);

browserTest(
  "I-11: after five wrong codes the page shows how long to wait, and the household sees that someone tried",
  async ({ panel, household, visitor }) => {
    const guesser = await visitor();
    await guesser.goto(panel.origin);
    await guesser.getByRole("button", { name: "I have a code" }).click();
    const field = guesser.getByRole("textbox", { name: "Code" });
    const check = guesser.getByRole("button", { name: "See what it opens" });
    for (let wrong = 0; wrong < 5; wrong++) {
      await field.fill(`0000000${wrong}`);
      await Promise.all([guesser.waitForResponse(/codes\/check/), check.click()]);
      await guesser.getByRole("alert").waitFor();
    }
    await check.click();
    await guesser.getByRole("heading", { name: "Too many wrong codes" }).waitFor();
    await guesser.getByText(/^0:(30|2\d)$/).waitFor();
    await household.getByRole("region", { name: "Access log" }).getByText("Someone tried out codes")
      .waitFor();
  },
);
