/**
 * For the test of revocation: `revoke_process.ts DIR revoke` adds a card, removes it and says so; `… try` tells what
 * becomes of a release with the first card.
 */
import process from "node:process";
import { AccessPanel } from "../../core/testing/access_panel.ts";
import { OWNER } from "../../core/testing/access_panel.ts";

const [dir = "", mode] = process.argv.slice(2);
const panel = new AccessPanel(dir);

if (mode === "revoke") {
  const card = await panel.addCard();
  console.log((await panel.present(card)).reason);
  await panel.credentials.remove(card.id, OWNER);
  console.log(`removed ${card.id}`);
  setInterval(() => {}, 1_000);
} else {
  console.log((await panel.present({ id: "card-1" })).reason);
  console.log(String(await panel.credentials.identify({ uid: "04A1B2C3", cardKind: "iso14443a" })));
  await panel.stop();
}
