/// <reference lib="dom" />
import { render } from "preact";
import "../lib/styles/tokens.css";
import "../lib/styles/base.css";
import "../lib/styles/controls.css";
import "../lib/styles/segments.css";
import "../lib/styles/parts.css";
import "../lib/styles/threshold.css";
import "./styles/tokens.css";
import "./styles/stage.css";
import "./styles/panel.css";
import "./styles/bell.css";
import "./styles/glass.css";
import "./styles/door.css";
import "./styles/tiles.css";
import "./styles/badges.css";
import "./styles/bench.css";
import "./styles/memory_card.css";
import "./styles/visitor.css";
import { Known } from "../lib/known.tsx";
import { Simulator } from "./simulator.tsx";

render(<Known page={(client) => <Simulator client={client} />} />, document.getElementById("page")!);
