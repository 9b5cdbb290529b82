/// <reference lib="dom" />
import { render } from "preact";
import "../lib/styles/tokens.css";
import "../lib/styles/base.css";
import "../lib/styles/controls.css";
import "./styles/layout.css";
import "./styles/entrance.css";
import "./styles/call.css";
import "./styles/lists.css";
import "./styles/wizard.css";
import { Entry } from "./entry.tsx";

render(<Entry />, document.getElementById("page")!);
