/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { decode } from "../../media/testing/pixels.ts";
import type { Area } from "../../plugins/camera/keys.ts";
import { ALL, check } from "../browser/axe.ts";
import { join, PHONE } from "../browser/browser.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";
import { onPanel } from "./on_panel.ts";

const CAMERA = "/plugins/camera";

type Place = readonly [x: number, y: number];

function areasTest(
  name: string,
  story: (page: Page, panel: RealPanel, browser: Browser) => Promise<void>,
): void {
  onPanel(name, async ({ panel, browser, visit }) => {
    const page = await visit(panel.link, { viewport: { width: 1_440, height: 1_000 }, locale: "en-GB" });
    await page.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    await story(page, panel, browser);
  });
}

const kept = (panel: RealPanel) => panel.api<Area[]>("GET", `${CAMERA}/privacy-areas`);
const area = (page: Page, number: number) => page.getByRole("button", { name: `Area ${number}:` });

async function open(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Privacy areas" }).click();
  await pictureIsThere(page);
}

async function pictureIsThere(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const picture = document.querySelector<HTMLImageElement>(".areas-board img");
    return picture?.complete === true && picture.naturalWidth > 0;
  });
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Presses the mouse at one share of the picture and lets it go at another. */
async function drag(page: Page, from: Place, to: Place): Promise<void> {
  const { x, y, width, height } = (await page.locator(".areas-board").boundingBox())!;
  await page.mouse.move(x + width * from[0], y + height * from[1]);
  await page.mouse.down();
  await page.mouse.move(x + width * to[0], y + height * to[1], { steps: 4 });
  await page.mouse.up();
}

/** Whether a snapshot is black at these shares of it. */
async function black(panel: RealPanel, places: readonly Place[]): Promise<boolean[]> {
  let bytes = new Uint8Array();
  // On a busy machine the camera may take longer to begin than is waited for.
  await until(async () => {
    const response = await panel.device.send(fetch, "GET", `${panel.origin}/api/v1${CAMERA}/snapshot`);
    bytes = new Uint8Array(await response.arrayBuffer());
    return response.status === 200;
  });
  const picture = decode(bytes);
  return places.map(([x, y]) =>
    picture.at(Math.floor(x * picture.width), Math.floor(y * picture.height)).every((part) => part < 24)
  );
}

function near(found: Area, wanted: Area): void {
  for (const key of ["x", "y", "width", "height"] as const) {
    assert.ok(Math.abs(found[key] - wanted[key]) <= 4, `${key}: ${JSON.stringify([found, wanted])}`);
  }
}

areasTest(
  "B-LIVE-3, B-SET-1: an owner draws an area with the mouse, moves, resizes and saves it, and it is black in a snapshot",
  async (page, panel, browser) => {
    await open(page);
    await check(page, "without an area", [["phone", "light"], ["monitor", "dark"]]);
    await page.setViewportSize({ width: 1_440, height: 1_000 });
    // Up to the corner and beyond: nothing of it stays open.
    await drag(page, [0.6, 0.4], [1.1, -0.1]);
    await area(page, 1).waitFor();
    await drag(page, [0.1, 0.6], [0.3, 0.8]);
    await drag(page, [0.2, 0.7], [0.25, 0.7]);
    await drag(page, [0.35, 0.8], [0.45, 0.9]);
    assert.match(await area(page, 2).getAttribute("aria-label") ?? "", /^Area 2: left 1[45](\.\d)? %, top /);
    await page.getByRole("button", { name: "Add an area" }).click();
    await page.getByRole("button", { name: "Remove area 3" }).click();
    await check(page, "with areas", ALL);
    assert.deepEqual(await black(panel, [[0.8, 0.2]]), [false], "nothing is in force before it is saved");
    await save(page);
    const [corner, other] = await kept(panel);
    near(corner!, { x: 600, y: 0, width: 400, height: 400 });
    assert.deepEqual([corner!.y, corner!.x + corner!.width], [0, 1_000]);
    near(other!, { x: 150, y: 600, width: 300, height: 300 });
    const covered = [[0.62, 0.02], [0.8, 0.2], [0.998, 0.38], [0.17, 0.62], [0.43, 0.88]] as const;
    assert.deepEqual(await black(panel, covered), covered.map(() => true));
    assert.deepEqual(await black(panel, [[0.55, 0.2], [0.8, 0.45]]), [false, false]);

    await open(page);
    await area(page, 2).waitFor();
    await page.getByRole("button", { name: "Remove area 1" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal((await kept(panel)).length, 2, "what is cancelled changes nothing");

    const family = await browser.newContext();
    const visitor = await family.newPage();
    await join(visitor, await panel.invite({ name: "Bruno", role: "family" }));
    await visitor.getByRole("button", { name: "Watch live" }).waitFor();
    assert.equal(await visitor.getByRole("button", { name: /^(Picture|Motion|Privacy areas)$/ }).count(), 0);
  },
);

areasTest(
  "B-LIVE-3: with keys alone an area is added, moved, resized, removed and saved, and it is black in a snapshot",
  async (page, panel) => {
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() =>
        document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim()
      );
    const tabTo = async (name: RegExp) => {
      for (let tries = 0; !name.test(await focused() ?? ""); tries++) {
        assert.ok(tries < 60, `No key leads to ${name}`);
        await keyboard.press("Tab");
      }
    };
    await page.getByRole("button", { name: "Privacy areas" }).waitFor();
    await tabTo(/^Privacy areas$/);
    await keyboard.press("Enter");
    await pictureIsThere(page);
    await tabTo(/Add an area/);
    await keyboard.press("Enter");
    assert.equal(await focused(), "Area 1: left 20 %, top 20 %, 30 % wide, 30 % high");
    for (let i = 0; i < 60; i++) await keyboard.press("ArrowRight");
    for (let i = 0; i < 5; i++) await keyboard.press("ArrowUp");
    for (let i = 0; i < 10; i++) await keyboard.press("Shift+ArrowDown");
    await keyboard.press("ArrowLeft");
    await keyboard.press("Shift+ArrowRight");
    const place = "left 69 %, top 15 %, 31 % wide, 40 % high";
    assert.equal(await focused(), `Area 1: ${place}`);
    await page.getByRole("status").getByText(place).waitFor();
    await tabTo(/Add an area/);
    await keyboard.press("Enter");
    await page.waitForFunction(() =>
      document.activeElement?.getAttribute("aria-label")?.startsWith("Area 2")
    );
    await keyboard.press("Delete");
    assert.equal(await focused(), `Area 1: ${place}`, "the focus goes to one that is left");
    await tabTo(/^Save$/);
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focused(), "Privacy areas", "the focus comes back to where it was");
    assert.deepEqual(await kept(panel), [{ x: 690, y: 150, width: 310, height: 400 }]);
    assert.deepEqual(await black(panel, [[0.71, 0.17], [0.998, 0.53], [0.6, 0.3]]), [true, true, false]);
  },
);

areasTest(
  "B-LIVE-3: what is drawn on a flipped picture is black where it was drawn, and stays on what it covers",
  async (page, panel) => {
    for (
      const [flip, wanted] of [
        ["both", { x: 600, y: 700, width: 200, height: 200 }],
        ["horizontal", { x: 600, y: 100, width: 200, height: 200 }],
        ["vertical", { x: 200, y: 700, width: 200, height: 200 }],
      ] as const
    ) {
      await panel.api("PUT", `${CAMERA}/privacy-areas`, []);
      await panel.api("PATCH", `${CAMERA}/image`, { flip });
      await until(async () => {
        const parts = await panel.api<{ id: string; state: { image?: { flip: string } } }[]>("GET", "/parts");
        return parts.find(({ id }) => id === "camera")?.state.image?.flip === flip;
      });
      await page.reload();
      await open(page);
      await drag(page, [0.2, 0.1], [0.4, 0.3]);
      await area(page, 1).waitFor();
      await save(page);
      near((await kept(panel))[0]!, wanted);
      assert.deepEqual(
        await black(panel, [[0.22, 0.12], [0.38, 0.28], [0.5, 0.2]]),
        [true, true, false],
        flip,
      );
      await open(page);
      assert.match(
        await area(page, 1).getAttribute("aria-label") ?? "",
        /^Area 1: left (19|20)(\.\d)? %/,
        flip,
      );
      await page.getByRole("button", { name: "Cancel" }).click();
    }
  },
);

areasTest(
  "B-LIVE-3: with a finger on a phone an area is drawn, resized, and moved though it is small; the page does not scroll",
  async (_page, panel, browser) => {
    // What is pressed is clicked: on a busy machine a tap takes so long that it is none.
    const phone = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
    const page = await phone.newPage();
    await join(page, await panel.invite());
    const finger = await phone.newCDPSession(page);
    const swipe = async (way: readonly Place[]) => {
      const { x, y, width, height } = (await page.locator(".areas-board").boundingBox())!;
      for (const [i, [across, down]] of way.entries()) {
        await finger.send("Input.dispatchTouchEvent", {
          type: i === 0 ? "touchStart" : "touchMove",
          touchPoints: [{ x: x + width * across, y: y + height * down }],
        });
      }
      await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    // A finger has to move by some pixels before it counts as moved.
    const nearly = (found: Area | undefined, wanted: Area) => {
      for (const key of ["x", "y", "width", "height"] as const) {
        assert.ok(Math.abs(found![key] - wanted[key]) <= 40, JSON.stringify([found, wanted]));
      }
    };
    await page.getByRole("button", { name: "Privacy areas" }).click();
    await pictureIsThere(page);
    await swipe([[0.2, 0.8], [0.3, 0.6], [0.5, 0.4]]);
    await area(page, 1).waitFor();
    await swipe([[0.5, 0.8], [0.6, 0.85], [0.7, 0.9]]);
    assert.equal(await page.evaluate(() => document.querySelector(".dialog")!.scrollTop + scrollY), 0);
    await save(page);
    const drawn = await kept(panel);
    assert.equal(drawn.length, 1);
    nearly(drawn[0], { x: 200, y: 400, width: 500, height: 500 });

    const small = { x: 200, y: 400, width: 60, height: 80 };
    await panel.api("PUT", `${CAMERA}/privacy-areas`, [small]);
    await page.getByRole("button", { name: "Privacy areas" }).click();
    await pictureIsThere(page);
    await area(page, 1).click();
    await swipe([[0.23, 0.44], [0.4, 0.5], [0.53, 0.64]]);
    await save(page);
    const [moved] = await kept(panel);
    assert.deepEqual([moved!.width, moved!.height], [60, 80]);
    nearly(moved, { ...small, x: 500, y: 600 });
  },
);

areasTest(
  "a picture that can't be had is asked for again, and areas are drawn meanwhile",
  async (page) => {
    let refusing = true;
    await page.route("**/snapshot*", (route) => refusing ? route.abort() : route.continue());
    await page.getByRole("button", { name: "Privacy areas" }).click();
    const alert = page.getByRole("dialog").getByRole("alert");
    await alert.getByText("There is no picture now").waitFor();
    await page.getByRole("button", { name: "Add an area" }).click();
    await area(page, 1).waitFor();
    refusing = false;
    await pictureIsThere(page);
    await alert.waitFor({ state: "detached" });
    await area(page, 1).waitFor();
  },
);
