/// <reference lib="dom" />
import { render } from "preact";
import "../lib/styles/tokens.css";
import "../lib/styles/base.css";
import "../lib/styles/controls.css";
import "../lib/styles/segments.css";
import "../lib/styles/parts.css";
import "../lib/styles/threshold.css";
import "../lib/styles/countdown.css";
import "../lib/styles/fingerprint.css";
import "./styles/layout.css";
import "./styles/entrance.css";
import "./styles/call.css";
import "./styles/lists.css";
import "./styles/readings.css";
import "./styles/wizard.css";
import "./styles/people.css";
import "./styles/guest.css";
import "./live/sight.css";
import "./talk/talk.css";
import "./areas/areas.css";
import "./styles/plugins.css";
import "./recordings/recordings.css";
import "./replies/replies.css";
import { App } from "./app.tsx";
import { Entry } from "./entry/entry.tsx";

const page = document.getElementById("page")!;
render(<Entry page={(client, arrival) => <App client={client} arrival={arrival} />} />, page);
