import assert from "node:assert/strict";
import { systemRandom } from "../../random.ts";
import { AccessPanel } from "../../testing/access_panel.ts";
import { inTempDir } from "../../testing/temp_dir.ts";
import type { Claim } from "../claim.ts";
import { type MemberService, memberService } from "../keys.ts";
import type { NewMember } from "../model.ts";
import { setupMembers } from "../setup.ts";

export const KEY = '{"kty":"EC","crv":"P-256","x":"a","y":"b"}';
export const device = { deviceName: "Phone", publicKey: KEY };
export const someone = (change: Partial<NewMember> = {}): NewMember => ({
  name: "Bruno",
  role: "family",
  until: null,
  terms: null,
  scopes: [],
  ...change,
});

export interface Desk {
  panel: AccessPanel;
  members: MemberService;
  claim: Claim;
  /** Codes that were shown to claim the panel with. */
  offers: string[];
}

export function onPanel(
  run: (desk: Desk) => Promise<void>,
  options: { presenceByCode?: boolean; bearer?: boolean } = {},
) {
  return inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const offers: string[] = [];
    const claim = setupMembers(panel.host.core, {
      access: panel.parts,
      random: systemRandom,
      bearerAllowed: options.bearer ?? false,
      presenceByCode: options.presenceByCode ?? false,
      offerClaim: (code) => void offers.push(code),
      dataDir: dir,
    });
    await run({ panel, members: panel.host.core.use(memberService), claim, offers });
    await panel.stop();
  });
}

export const coded = (expected: string) => (error: { code: string }) => {
  assert.equal(error.code, expected);
  return true;
};
