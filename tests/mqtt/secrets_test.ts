import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Actor, codeService, credentialService, memberService } from "../../core/mod.ts";
import { Broker, send, Subscriber, test } from "./broker.ts";
import { MqttPanel } from "./mqtt_panel.ts";

const PASSWORD = "correct-horse-battery-staple";
const UID = "04DEADBEEF5566";
const OWNER: Actor = { kind: "system", id: "test", scopes: [] };

test("I-27: no password, card number, code, name or token ever reaches the broker or the log", async () => {
  await using broker = await Broker.start();
  const passwordFile = join(broker.dir, "password");
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  await using panel = await MqttPanel.start({
    url: broker.url,
    user: "panel",
    passwordFile,
    releases: ["lock"],
  });
  await using house = await Subscriber.open(broker, "#");
  await house.on(panel.discovery);
  const { core } = panel.runtime.host;
  const terms = {
    validity: { kind: "always" },
    accessPoints: ["lock"],
    usesLeft: null,
    suspended: false,
  } as const;
  const card = await core.use(credentialService).addCard({
    uid: UID,
    cardKind: "iso14443a",
    holderName: "Mnemosyne",
    terms: { ...terms, accessPoints: [...terms.accessPoints] },
  }, OWNER);
  const { code, text } = await core.use(codeService).add({
    name: "Prometheus",
    form: "pin",
    terms: { ...terms, accessPoints: [...terms.accessPoints] },
  }, OWNER);
  const { code: invitation } = await core.use(memberService).invite({
    name: "Persephone",
    role: "family",
    until: null,
    terms: null,
    scopes: [],
  }, OWNER);
  for (const [kind, id, name] of [["card", card.id, "Mnemosyne"], ["code", code.id, "Prometheus"]] as const) {
    await panel.access.release({
      requestId: `secret-${kind}`,
      accessPoint: "lock",
      actor: { kind, id, name, scopes: [] },
      via: "reader",
    });
  }
  panel.board.present("reader", { uid: UID, cardKind: "iso14443a" });
  panel.board.press("bell");
  panel.board.setInput("tamper", true);
  await send(broker, `${panel.base}/release/lock`, { at: panel.now() });
  await house.on(`${panel.base}/reply/lock`);
  await house.on(`${panel.base}/event/bell`);
  await house.on(`${panel.base}/log/alarms`);
  await house.count(`${panel.base}/log/access`, 3);
  const told = JSON.stringify(house.told) + JSON.stringify(panel.lines);
  for (
    const secret of [PASSWORD, UID, UID.slice(-4), text, invitation, "Mnemosyne", "Prometheus", "Persephone"]
  ) assert.ok(!told.includes(secret), secret);
  assert.ok(told.includes("released"));
});
