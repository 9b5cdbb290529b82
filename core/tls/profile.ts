import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

export interface ProfileOptions {
  /** What the household calls the panel. */
  name: string;
  deviceId: string;
  /** The certificate to trust. */
  der: Uint8Array;
}

/**
 * A profile with which Apple's devices install a certificate: it is shown in the settings and has to be confirmed
 * there. The same panel's replaces the one before.
 */
export function trustProfile({ name, deviceId, der }: ProfileOptions): string {
  const title = text(`Latchkey ${name}`);
  const identifier = `latchkey.panel.${text(deviceId)}`;
  const content = Buffer.from(der).toString("base64").replace(/.{1,64}/g, "\t\t\t$&\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadCertificateFileName</key>
			<string>latchkey-root.crt</string>
			<key>PayloadContent</key>
			<data>
${content}			</data>
			<key>PayloadDisplayName</key>
			<string>${title}</string>
			<key>PayloadIdentifier</key>
			<string>${identifier}.root</string>
			<key>PayloadType</key>
			<string>com.apple.security.root</string>
			<key>PayloadUUID</key>
			<string>${uuid(`${deviceId} root`)}</string>
			<key>PayloadVersion</key>
			<integer>1</integer>
		</dict>
	</array>
	<key>PayloadDescription</key>
	<string>Lets this device recognise the door panel of this household.</string>
	<key>PayloadDisplayName</key>
	<string>${title}</string>
	<key>PayloadIdentifier</key>
	<string>${identifier}</string>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadUUID</key>
	<string>${uuid(`${deviceId} profile`)}</string>
	<key>PayloadVersion</key>
	<integer>1</integer>
</dict>
</plist>
`;
}

/** Always the same of the same text. */
function uuid(of: string): string {
  const hash = createHash("sha256").update(of).digest().subarray(0, 16);
  // Version 8: made by rules of one's own (RFC 9562).
  hash[6] = hash[6]! & 0x0f | 0x80;
  hash[8] = hash[8]! & 0x3f | 0x80;
  const hex = hash.toString("hex").toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function text(value: string): string {
  return value.replace(/\p{Cc}/gu, " ").replace(/[&<>]/g, (letter) => ENTITIES[letter]!);
}
