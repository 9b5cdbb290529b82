import assert from "node:assert/strict";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findMosquitto, findNode22 } from "../../scripts/test_tools.ts";
import { PanelProcess, Visitor } from "../boot/panel_process.ts";
import { Broker } from "../mqtt/broker.ts";
import { MqttPanel } from "../mqtt/mqtt_panel.ts";
import { addCard, hasCards } from "./panels.ts";
import { soon } from "../soon.ts";

const node = findNode22();
const canRun = node !== undefined && findMosquitto() !== undefined;

Deno.test({
  name: "a panel on Node shares cards with one on Deno" +
    (canRun ? "" : " (skipped: no Node 22 or no mosquitto)"),
  ignore: !canRun,
  fn: inTempDir(async (dir) => {
    await using broker = await Broker.start();
    await using street = await MqttPanel.start({ url: broker.url }, { name: "Street" });
    const args = ["--port", "0", "--data", join(dir, "data"), "--plugins.mqtt.url", broker.url];
    await using process = new PanelProcess(args, [node!, "--import", "tsx", "supervisor.ts"]);
    const garage = await Visitor.of(process);
    await street.api("POST", "/plugins/site-sync/site", {});
    const { code } = await street.api("POST", "/plugins/site-sync/invitations", {});
    const asked = await garage.api<{ role: string }>("POST", "/plugins/site-sync/join", { code });
    assert.deepEqual([asked.status, asked.body.role], [202, "joining"]);
    await process.says(/This panel belongs to the site now/);
    await addCard(street, "0001");
    const added = await cardsAt(garage, 1);
    assert.equal(added[0]?.holderName, "Anna");
    assert.equal((await garage.api("DELETE", `/cards/${added[0]!.id}`)).status, 204);
    await hasCards(street);
    process.signalAll("SIGINT");
    assert.equal(await process.end(), 0);
  }),
});

interface Card {
  id: string;
  holderName: string;
}

/** What is listed there once it is that many. */
function cardsAt(visitor: Visitor, count: number): Promise<Card[]> {
  return soon(async () => {
    const { body } = await visitor.api<Card[]>("GET", "/cards");
    return body.length === count ? body : undefined;
  }, 50);
}
