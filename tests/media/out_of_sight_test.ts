/// <reference lib="dom" />
import { PHONE } from "../browser/browser.ts";
import { until } from "../soon.ts";
import { onPanel } from "./on_panel.ts";

onPanel(
  "B-REL-4: a monitor whose picture is scrolled away, covered or hidden releases nothing until it is in sight again",
  async ({ panel, visit }) => {
    const link = await panel.invite({ name: "Hall", role: "monitor" });
    const page = await visit(link, { viewport: PHONE, locale: "en-GB" });
    const release = page.locator("[data-point=lock]");
    const newest = async () => {
      const path = "/access-log?limit=1&kind=release";
      const [row] = await panel.api<{ seq: number; reason: string }[]>("GET", path);
      return row ?? { seq: 0, reason: "" };
    };
    /** Asks until it is answered so. */
    const askUntil = async (reason: string) => {
      const { seq } = await newest();
      await until(async () => {
        // Without a pointer, for which the page would be scrolled.
        await release.dispatchEvent("click");
        const row = await newest();
        return row.seq > seq && row.reason === reason;
      }, 200);
    };
    await page.getByRole("button", { name: "Watch live" }).click();
    await page.locator(".sight-frame[data-phase=playing]").waitFor();
    await askUntil("granted");
    const ways: [hide: () => void, show: () => void][] = [
      [() => document.body.style.paddingTop = "6000px", () => document.body.style.paddingTop = ""],
      [
        () => document.querySelector("video")!.style.display = "none",
        () => document.querySelector("video")!.style.display = "",
      ],
      [
        () => {
          const dialog = document.createElement("dialog");
          dialog.style.cssText = "width: 100vw; height: 100vh";
          document.body.append(dialog);
          dialog.showModal();
        },
        () => document.querySelectorAll("dialog").forEach((dialog) => dialog.remove()),
      ],
    ];
    for (const [hide, show] of ways) {
      await page.evaluate(hide);
      await askUntil("not-watching");
      await page.evaluate(show);
      await askUntil("granted");
    }
  },
  () => ({ args: ["--plugins.lock.pulseMs", "200"] }),
);
