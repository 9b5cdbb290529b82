/** Roles and scopes that a route admits, as they are meant to be; `anyone` needs no credential. */
const table: Record<string, string> = {
  "GET /health": "anyone",
  "GET /identity": "anyone",
  "POST /claim": "anyone",
  "POST /join": "anyone",
  "GET /root.pem": "anyone",
  "GET /root.crt": "anyone",
  "GET /root.mobileconfig": "anyone",
  "GET /openapi.json": "anyone",
  "GET /docs": "anyone",
  "GET /docs.css": "anyone",
  "POST /codes/release": "anyone",
  "POST /codes/check": "anyone",

  "GET /me": "owner family monitor guest status:read",
  "DELETE /me/device": "owner family monitor guest",
  "POST /links": "owner family monitor guest",
  "GET /events": "owner family monitor guest events:read",
  "GET /access-points": "owner family monitor guest status:read",
  "POST /access-points/{id}/release": "owner family monitor guest release:lock",

  "GET /status": "owner family monitor status:read",
  "GET /parts": "owner family monitor status:read",
  "POST /parts/{id}/commands/{command}": "owner family monitor parts:write",
  "GET /calls": "owner family monitor calls:read",
  "GET /calls/current": "owner family monitor calls:read",
  "POST /calls/{id}/answer": "owner family monitor calls:write",
  "POST /calls/{id}/reject": "owner family monitor calls:write",
  "POST /calls/{id}/end": "owner family monitor calls:write",

  "GET /access-log": "owner family log:read",
  "GET /cards": "owner family cards:read",
  "GET /cards/{id}": "owner family cards:read",
  "GET /holders": "owner family cards:read",
  "GET /codes": "owner family",
  "POST /codes": "owner family",
  "DELETE /codes/{id}": "owner family",

  "POST /clock/confirm": "owner",
  "PATCH /cards/{id}": "owner",
  "DELETE /cards/{id}": "owner",
  "GET /members": "owner",
  "GET /invitations": "owner",
  "POST /invitations": "owner",
  "DELETE /invitations/{id}": "owner",
  "POST /members/{id}/invitations": "owner",
  "POST /members/bearer": "owner",
  "PATCH /members/{id}": "owner",
  "DELETE /members/{id}": "owner",
  "PATCH /members/{id}/devices/{device}": "owner",
  "DELETE /members/{id}/devices/{device}": "owner",
  "GET /settings": "owner",
  "PUT /settings/{plugin}": "owner",
  "GET /config.schema.json": "owner",
  "POST /backup": "owner",
  "GET /third-party": "owner",
  "PUT /third-party/{plugin}/enabled": "owner",
  "DELETE /third-party/{plugin}": "owner",
  "GET /plugin-packages": "owner",
  "POST /plugin-packages": "owner",
  "POST /plugin-packages/{digest}/grant": "owner",
  "DELETE /plugin-packages/{digest}": "owner",
  "GET /plugin-keys": "owner",
  "POST /plugin-keys": "owner",
  "DELETE /plugin-keys/{key}": "owner",

  "GET /plugins/camera/snapshot": "owner family monitor camera:view",
  "GET /plugins/camera/mjpeg": "owner family monitor camera:view",
  "POST /plugins/camera/whep": "owner family monitor camera:view",
  "PATCH /plugins/camera/whep/{session}": "owner family monitor camera:view",
  "DELETE /plugins/camera/whep/{session}": "owner family monitor camera:view",

  "GET /plugins/recorder/state": "owner family monitor",
  "POST /plugins/recorder/card/initialize": "owner",
  "POST /plugins/recorder/recording": "owner family",
  "DELETE /plugins/recorder/recording": "owner family",
  "GET /plugins/recorder/clips": "owner family monitor",
  "PATCH /plugins/recorder/clips/{id}": "owner family",
  "DELETE /plugins/recorder/clips/{id}": "owner",
  "GET /plugins/recorder/clips/{id}/video": "owner family monitor",
  "GET /plugins/recorder/clips/{id}/thumbnail": "owner family monitor",
  "GET /plugins/recorder/snapshots": "owner family monitor",
  "GET /plugins/recorder/calls/{id}/snapshot": "owner family monitor",
  "PUT /plugins/recorder/password": "owner",
  "DELETE /plugins/recorder/password": "owner",
  "GET /plugins/recorder/password/key": "owner",
  "POST /plugins/recorder/unlock": "owner family monitor",
  "POST /plugins/recorder/lock": "owner family monitor",

  "POST /plugins/rfid/enrolments": "owner",
  "GET /plugins/rfid/enrolments/current": "owner",
  "DELETE /plugins/rfid/enrolments/current": "owner",
  "GET /plugins/simulator/board": "owner",
  "POST /plugins/simulator/inputs/{input}/press": "owner",
  "POST /plugins/simulator/inputs/{input}": "owner",
  "POST /plugins/simulator/readers/{reader}/present": "owner",
  "POST /plugins/simulator/readers/{reader}/remove": "owner",
  "POST /plugins/simulator/readers/{reader}/frames": "owner",
  "GET /plugins/simulator/edges": "owner",
  "PATCH /plugins/simulator/slot": "owner",
  "POST /plugins/simulator/faults": "owner",
  "DELETE /plugins/simulator/faults": "owner",
  "GET /plugins/site-sync/site": "owner",
  "POST /plugins/site-sync/site": "owner",
  "DELETE /plugins/site-sync/site": "owner",
  "POST /plugins/site-sync/invitations": "owner",
  "POST /plugins/site-sync/join": "owner",
  "DELETE /plugins/site-sync/panels/{id}": "owner",
  "GET /plugins/site-sync/panels/{id}/log": "owner",
};

export interface Row {
  method: string;
  /** With what its parameters may be. */
  path: string;
  admits: ReadonlySet<string>;
}

/** As it is spelled in the API document. */
export const MATRIX: ReadonlyMap<string, Row> = new Map(
  Object.entries(table).map(([route, admits]) => {
    const [method = "", path = ""] = route.split(" ");
    const full = `/api/v1${path}`;
    return [`${method} ${full}`, {
      method,
      path: full.replaceAll(/\{\w+\}/g, "lock"),
      admits: new Set(admits.split(" ")),
    }];
  }),
);
