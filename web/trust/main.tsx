/// <reference lib="dom" />
import { render } from "preact";
import "../lib/styles/tokens.css";
import "../lib/styles/base.css";
import "../lib/styles/controls.css";
import "../lib/styles/parts.css";
import "../lib/styles/threshold.css";
import "../lib/styles/fingerprint.css";
import "./styles/trust.css";
import { Trust } from "./trust.tsx";

render(<Trust />, document.getElementById("page")!);
