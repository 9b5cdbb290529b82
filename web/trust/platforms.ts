/** A kind of device that can be made to trust the panel. */
export interface Platform {
  id: "android" | "ios" | "windows" | "mac" | "linux";
  label: string;
  /** What to fetch first. */
  file: { path: string; label: string };
  /** What to do with it, in order; what is in “…” stands so on the screen. */
  steps: readonly string[];
  /** What goes another way. */
  notes: readonly string[];
}

const CERTIFICATE = { path: "/api/v1/root.crt", label: "Download the certificate" };

const FIREFOX =
  "Firefox on this system: if it still warns, open its settings, search for “third-party root certificates” and switch that on.";

export const PLATFORMS: readonly Platform[] = [
  {
    id: "android",
    label: "Android",
    file: CERTIFICATE,
    steps: [
      "Open the Settings and search for “CA certificate”. It is under Security, “Encryption & credentials”, “Install a certificate”.",
      "Choose “CA certificate”, then “Install anyway”, and unlock the device.",
      "Choose the file latchkey-root.crt among the downloads.",
    ],
    notes: [
      "Android then says that the network may be monitored: it says so of every certificate that its owner adds. This one can vouch for your home only.",
      "Firefox on Android: tap its logo in “About Firefox” five times, then switch on “Use third party CA certificates” in “Secret Settings”.",
    ],
  },
  {
    id: "ios",
    label: "iPhone, iPad",
    file: { path: "/api/v1/root.mobileconfig", label: "Download the profile" },
    steps: [
      "Open this page in Safari, tap the button, then “Allow”.",
      "Open the Settings: “Profile Downloaded” stands at the top. Tap it, then “Install”, and type the code of the device.",
      "In the Settings go to “General”, “About”, “Certificate Trust Settings”, and switch on the one whose name begins with Latchkey.",
    ],
    notes: ["Without the last step the device goes on warning."],
  },
  {
    id: "windows",
    label: "Windows",
    file: CERTIFICATE,
    steps: [
      "Open the downloaded file latchkey-root.crt and press “Install Certificate…”.",
      "Keep “Current User”, then choose “Place all certificates in the following store”, “Browse…”, “Trusted Root Certification Authorities”.",
      "Press “Next”, “Finish”, and “Yes” when Windows asks.",
      "Close the browser altogether and open it again.",
    ],
    notes: [FIREFOX],
  },
  {
    id: "mac",
    label: "Mac",
    file: CERTIFICATE,
    steps: [
      "Open the downloaded file latchkey-root.crt. Keychain Access asks where to: choose “login” and press “Add”.",
      "Double-click the entry whose name begins with Latchkey, open “Trust”, and choose “Always Trust” for “When using this certificate”.",
      "Close that window and type your password.",
    ],
    notes: [FIREFOX, "For many Macs there is a profile: /api/v1/root.mobileconfig."],
  },
  {
    id: "linux",
    label: "Linux",
    file: { path: "/api/v1/root.pem", label: "Download the certificate" },
    steps: [
      "In Chrome or Chromium open chrome://certificate-manager, “Custom”, “Installed by you”, and import latchkey-root.pem under “Trusted Certificates”.",
    ],
    notes: [
      "Firefox: open the settings, search for “certificates”, press “View Certificates…”, “Authorities”, “Import…”, and tick “Trust this CA to identify websites”.",
      "Older Chrome: chrome://settings/certificates, “Authorities”, “Import”, and tick “Trust this certificate for identifying websites”. Chromebooks have the same in their settings.",
      "curl and other programs: name the file, as in curl --cacert latchkey-root.pem, or add it to the system’s certificates.",
    ],
  },
];

export interface Browser {
  userAgent: string;
  /** Tells an iPad from a Mac, as which it presents itself. */
  maxTouchPoints: number;
}

/** What this device most likely is. */
export function platformOf({ userAgent, maxTouchPoints }: Browser): Platform["id"] {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  if (/Android/.test(userAgent)) return "android";
  if (/Windows/.test(userAgent)) return "windows";
  if (/Macintosh/.test(userAgent)) return maxTouchPoints > 1 ? "ios" : "mac";
  return "linux";
}
