/// <reference lib="dom" />
import { render } from "preact";
import "../lib/styles/tokens.css";
import "../lib/styles/base.css";
import "../lib/styles/controls.css";
import "../lib/styles/parts.css";
import "../lib/styles/sign_in.css";
import "./styles/layout.css";
import "./styles/entrance.css";
import "./styles/call.css";
import "./styles/lists.css";
import "./styles/wizard.css";
import { Entry } from "../lib/entry.tsx";
import { App } from "./app.tsx";

render(<Entry page={(client) => <App client={client} />} />, document.getElementById("page")!);
