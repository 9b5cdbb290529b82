/** The style of the page that shows the API document: one column on a phone, the routes beside it on a monitor. */
export const documentStyle = `:root {
  color-scheme: light dark;
  --wall: #e9ece8;
  --surface: #fafbf9;
  --sunken: #eff2ee;
  --ink: #16211d;
  --ink-soft: #4b5852;
  --line: #d6dcd6;
  --accent: #1d5a46;
  --accent-soft: #dcebe3;
  --brass: #7d5a0c;
  --brass-soft: #f6ebcf;
  --danger: #a4262c;
  --danger-soft: #fae5e3;
  --blue: #1f4f87;
  --blue-soft: #dfeaf6;
  --door-top: #2a6450;
  --door-bottom: #1a4437;
  --on-door: #f6faf7;
  --on-door-soft: #c9dcd3;
  --focus: #0b57d0;
  --sans: -apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, "Helvetica Neue", Inter, "Noto Sans",
    "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", "Roboto Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --wall: #0c1110;
    --surface: #141b18;
    --sunken: #0f1513;
    --ink: #eaf0ec;
    --ink-soft: #a5b3ac;
    --line: #27322d;
    --accent: #93d4b8;
    --accent-soft: #18352b;
    --brass: #e8bf6a;
    --brass-soft: #332a14;
    --danger: #ff9a90;
    --danger-soft: #3a1a18;
    --blue: #a3c8f5;
    --blue-soft: #172a41;
    --door-top: #1f4d3e;
    --door-bottom: #123128;
    --on-door: #f0f7f3;
    --on-door-soft: #b7cfc4;
    --focus: #9ec3ff;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html {
  background: var(--wall);
  color: var(--ink);
  font: 400 1rem/1.55 var(--sans);
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
  overflow-wrap: break-word;
}
body, h1, h2, h3, p, ul, dl, dd, pre { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 0.875em; }
.skip {
  position: fixed;
  inset: 12px auto auto 12px;
  z-index: 2;
  padding: 10px 16px;
  border-radius: 12px;
  background: var(--accent);
  color: var(--surface);
  transform: translateY(-200%);
}
.skip:focus { transform: none; }
.wide { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
.top {
  background: linear-gradient(var(--door-top), var(--door-bottom));
  color: var(--on-door);
  padding: 36px 0 32px;
}
.top a { color: inherit; }
.kicker { color: var(--on-door-soft); }
h1 { font-size: clamp(2.25rem, 6vw, 3.25rem); line-height: 1.1; letter-spacing: -0.02em; font-weight: 650; }
.lead { max-width: 62ch; margin-top: 12px; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 24px; margin-top: 16px; color: var(--on-door-soft); }
.columns { display: grid; gap: 28px; padding-top: 24px; padding-bottom: 64px; }
.columns > * { min-width: 0; }
h2 { font-size: 1.375rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
h2::first-letter, h3::first-letter { text-transform: uppercase; }
nav { display: flex; flex-wrap: wrap; gap: 8px; }
nav h2 { font-size: 0.9375rem; font-weight: 600; letter-spacing: 0; }
nav h2 a {
  display: inline-block;
  padding: 9px 14px;
  border: 1px solid var(--line);
  border-radius: 999px;
  background: var(--surface);
  text-decoration: none;
}
nav h2 a::first-letter { text-transform: uppercase; }
nav ul { display: none; }
main { display: grid; gap: 40px; }
main > section { display: grid; gap: 10px; scroll-margin-top: 16px; }
main > section > h2 { margin-bottom: 4px; }
.note { color: var(--ink-soft); margin-bottom: 4px; }
#start p { max-width: 66ch; }
pre {
  overflow-x: auto;
  padding: 16px 18px;
  border: 1px solid var(--line);
  border-radius: 14px;
  background: var(--sunken);
  line-height: 1.6;
}
details {
  border: 1px solid var(--line);
  border-radius: 14px;
  background: var(--surface);
  scroll-margin-top: 16px;
}
details:target { border-color: var(--accent); }
summary {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 4px 12px;
  padding: 13px 44px 13px 16px;
  border-radius: 14px;
  cursor: pointer;
  position: relative;
  list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary::after {
  content: "";
  position: absolute;
  inset: 21px 20px auto auto;
  width: 8px;
  height: 8px;
  border: solid var(--ink-soft);
  border-width: 0 2px 2px 0;
  transform: rotate(45deg);
}
details[open] > summary::after { transform: translateY(4px) rotate(225deg); }
summary:hover .path { text-decoration: underline; text-underline-offset: 0.25em; }
.path { font-size: 0.9375rem; font-weight: 600; min-width: 0; overflow-wrap: anywhere; }
.param { color: var(--brass); }
.what { flex-basis: 100%; color: var(--ink-soft); }
.method {
  flex: none;
  min-width: 4.6em;
  padding: 2px 8px;
  border-radius: 7px;
  font: 700 0.75rem/1.5 var(--mono);
  text-align: center;
  text-transform: uppercase;
  color: var(--blue);
  background: var(--blue-soft);
}
.method.post { color: var(--accent); background: var(--accent-soft); }
.method.put, .method.patch { color: var(--brass); background: var(--brass-soft); }
.method.delete { color: var(--danger); background: var(--danger-soft); }
.tag {
  padding: 1px 9px;
  border: 1px solid currentcolor;
  border-radius: 999px;
  font-size: 0.8125rem;
  color: var(--ink-soft);
}
.inside { display: grid; gap: 12px; padding: 16px; border-top: 1px solid var(--line); }
.inside > p { max-width: 66ch; }
h3 { font-size: 0.9375rem; font-weight: 650; margin-top: 6px; }
.fields { border: 1px solid var(--line); border-radius: 10px; background: var(--sunken); }
.fields > div { padding: 9px 14px; }
.fields > div + div { border-top: 1px solid var(--line); }
.fields dt { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; }
.fields dt > code { font-weight: 600; overflow-wrap: anywhere; }
.fields dd { color: var(--ink-soft); font-size: 0.9375rem; }
.fields dd .fields { margin-top: 8px; background: var(--surface); color: var(--ink); }
.type, .mark { font-size: 0.875rem; color: var(--ink-soft); overflow-wrap: anywhere; min-width: 0; }
.mark { margin-left: auto; font-style: italic; }
.kinds { display: grid; gap: 10px; margin-top: 8px; }
.answers { display: grid; gap: 10px; }
.answers > div { display: grid; grid-template-columns: 3.2em minmax(0, 1fr); gap: 8px; }
.answers > div > dt { font: 700 0.875rem/1.7 var(--mono); }
.answers > div > dd { min-width: 0; font-size: 0.9375rem; }
.answers > div > dd > * { margin-top: 6px; }
.good { color: var(--accent); }
.bad { color: var(--danger); }
@media (min-width: 1000px) {
  .columns { grid-template-columns: 290px minmax(0, 1fr); gap: 48px; padding-top: 36px; }
  nav {
    display: block;
    position: sticky;
    top: 0;
    align-self: start;
    max-height: 100dvh;
    overflow-y: auto;
    padding: 8px 4px 24px;
    font-size: 0.9375rem;
  }
  nav section + section { margin-top: 14px; }
  nav h2 a { display: block; padding: 4px 8px; border: 0; background: none; color: var(--ink); }
  nav ul { display: block; }
  nav li a {
    display: flex;
    gap: 10px;
    align-items: baseline;
    padding: 4px 8px;
    border-radius: 8px;
    color: var(--ink-soft);
    text-decoration: none;
    line-height: 1.35;
  }
  nav li a:hover { background: var(--surface); color: var(--ink); }
  nav .method { min-width: 5.2em; font-size: 0.6875rem; padding: 1px 4px; }
}
`;
