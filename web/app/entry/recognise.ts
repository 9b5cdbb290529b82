import { Client } from "../../lib/api/client.ts";
import { type Device, forgetDevice } from "../../lib/api/device.ts";
import { asRefusal } from "../../lib/api/problem.ts";
import type { Me } from "../model/api.ts";

/** Whether the panel still lets this device in, and as whom. One whose access has ended may come in anew. */
export async function recognise(device: Device): Promise<{ known: boolean; memberName: string }> {
  try {
    const { member } = await new Client({ device }).get<Me>("/me");
    return { known: true, memberName: member.name };
  } catch (error) {
    const { status, code } = asRefusal(error);
    if (code === "token-wrong") await forgetDevice();
    return { known: code !== "token-wrong" && status !== 403, memberName: "" };
  }
}
