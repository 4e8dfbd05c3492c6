/** The style sheet of a report: light and dark, wide and phone, print. Colours of charts are variables here. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d2330; --muted: #626a7a; --faint: #98a0ae; --rule: #e4e1d9; --wash: #f2efe8;
  --accent: #1f5fa8; --accent-wash: #e8f0f9; --good: #1c7c54; --good-wash: #e5f4ec; --bad: #b3332b; --bad-wash: #fbe9e7;
  --c1: #1f5fa8; --c2: #d9662b; --c3: #2a8f6f; --c4: #8658b5; --c5: #b58a12; --c6: #c0447a; --c7: #4a7f96; --c8: #7c6f64;
  --serif: ui-serif, 'New York', Charter, 'Bitstream Charter', 'Iowan Old Style', 'Source Serif 4', Georgia, 'Liberation Serif', serif;
  --sans: ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171d; --card: #1b1f27; --ink: #e6e8ec; --muted: #a0a8b6; --faint: #6d7686; --rule: #2d333e; --wash: #20252e;
    --accent: #7db4ef; --accent-wash: #1d2c3f; --good: #6cc79b; --good-wash: #183126; --bad: #f0897f; --bad-wash: #3b1f1d;
    --c1: #7db4ef; --c2: #f09a66; --c3: #6cc7a5; --c4: #bb97e2; --c5: #dcb64e; --c6: #ea85b0; --c7: #86bdd3; --c8: #b8aa9d;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.62 var(--sans); font-feature-settings: 'kern', 'liga'; }
.page { max-width: 1180px; margin: 0 auto; padding: 0 28px 96px; display: grid; grid-template-columns: 232px minmax(0, 800px); gap: 0 64px; }
header { grid-column: 1 / -1; padding: 72px 0 40px; border-bottom: 1px solid var(--rule); margin-bottom: 48px; }
.eyebrow { font-size: 13px; letter-spacing: .12em; text-transform: uppercase; color: var(--muted); margin: 0 0 14px; }
h1 { font: 600 52px/1.08 var(--serif); letter-spacing: -.018em; margin: 0 0 20px; max-width: 20ch; text-wrap: balance; }
.lead { font-size: 20px; line-height: 1.55; color: var(--muted); max-width: 62ch; margin: 0; }
.headlines { display: grid; grid-template-columns: repeat(auto-fit, minmax(172px, 1fr)); gap: 1px; margin: 40px 0 0; background: var(--rule); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.headlines div { background: var(--card); padding: 18px 20px 16px; }
.headlines dt { font: 600 30px/1.1 var(--serif); letter-spacing: -.01em; font-variant-numeric: lining-nums tabular-nums; }
.headlines dd { margin: 7px 0 0; font-size: 13.5px; line-height: 1.4; color: var(--muted); }
nav { position: sticky; top: 32px; align-self: start; font-size: 14.5px; line-height: 1.4; max-height: calc(100vh - 64px); overflow: auto; }
nav ol { list-style: none; margin: 0; padding: 0; counter-reset: entry; }
nav a { display: grid; grid-template-columns: 1.9em 1fr; padding: 5px 0; color: var(--muted); text-decoration: none; counter-increment: entry; }
nav a::before { content: counter(entry); color: var(--faint); font-variant-numeric: tabular-nums; }
nav a:hover, nav a:focus-visible { color: var(--accent); }
section { padding: 0 0 56px; }
section + section { border-top: 1px solid var(--rule); padding-top: 48px; }
h2 { font: 600 30px/1.18 var(--serif); letter-spacing: -.012em; margin: 0 0 18px; text-wrap: balance; }
h2 span { display: block; font: 500 13px/1 var(--sans); letter-spacing: .06em; color: var(--accent); margin-bottom: 12px; font-variant-numeric: tabular-nums; }
p { margin: 0 0 14px; max-width: 68ch; }
p.note { color: var(--muted); font-size: 15.5px; }
code { font: .88em/1.4 var(--mono); background: var(--wash); border-radius: 4px; padding: .1em .34em; overflow-wrap: anywhere; }
.pattern { margin: 20px 0 22px; border: 1px solid var(--rule); border-radius: 10px; background: var(--card); overflow: hidden; }
.pattern div { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 12px; padding: 10px 18px; align-items: baseline; }
.pattern div + div { border-top: 1px solid var(--rule); }
.pattern b { font-weight: 500; font-size: 13px; color: var(--muted); }
.pattern code { background: none; padding: 0; font-size: 14px; line-height: 1.55; }
.pattern .ours code { color: var(--accent); }
.check { display: flex; gap: 10px; align-items: baseline; margin: 10px 0; padding: 9px 14px; border-radius: 8px; background: var(--good-wash); font-size: 15px; max-width: none; }
.check b { color: var(--good); } .check.failed { background: var(--bad-wash); } .check.failed b { color: var(--bad); }
.table { overflow-x: auto; margin: 18px 0 22px; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; line-height: 1.4; font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; color: var(--muted); font-size: 14px; padding: 0 0 8px; }
th { font-weight: 500; color: var(--muted); font-size: 13px; text-align: left; vertical-align: bottom; border-bottom: 1px solid var(--ink); padding: 6px 14px 6px 0; }
td { border-bottom: 1px solid var(--rule); padding: 7px 14px 7px 0; vertical-align: top; }
th.number, td.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 2px; }
tr.strong td { font-weight: 600; background: var(--accent-wash); }
tr.strong td:first-child { box-shadow: -6px 0 0 var(--accent-wash); }
figure { margin: 24px 0 26px; padding: 18px 18px 14px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
figure svg { display: block; width: 100%; height: auto; font-family: var(--sans); }
figure .narrow { display: none; }
figcaption { font-size: 14.5px; line-height: 1.5; color: var(--muted); margin-top: 10px; max-width: 74ch; }
footer { grid-column: 2; color: var(--muted); font-size: 14.5px; border-top: 1px solid var(--rule); padding-top: 24px; }
@media (max-width: 1040px) {
  .page { display: block; max-width: 840px; }
  nav { position: static; max-height: none; margin: -12px 0 44px; padding: 18px 20px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
  nav ol { columns: 2; column-gap: 32px; } nav li { break-inside: avoid; }
}
@media (max-width: 600px) {
  body { font-size: 16.5px; }
  .page { padding: 0 18px 64px; }
  header { padding: 40px 0 28px; margin-bottom: 28px; }
  h1 { font-size: 35px; } h2 { font-size: 25px; } .lead { font-size: 18px; }
  .headlines { grid-template-columns: 1fr 1fr; margin-top: 28px; } .headlines div { padding: 14px; } .headlines dt { font-size: 24px; }
  .headlines div:last-child:nth-child(odd) { grid-column: 1 / -1; }
  nav ol { columns: 1; } nav a { padding: 7px 0; }
  section { padding-bottom: 36px; } section + section { padding-top: 32px; }
  .pattern div { grid-template-columns: 1fr; gap: 2px; padding: 10px 14px; } .pattern code { font-size: 13px; }
  figure { padding: 12px 10px 12px; margin-left: -8px; margin-right: -8px; } figcaption { padding: 0 4px; }
  figure .wide { display: none; } figure .narrow { display: block; }
  table { font-size: 12.5px; } th { font-size: 11.5px; } th, td { padding-right: 8px; }
}
@media print { nav { display: none; } .page { display: block; } figure, .table, .pattern { break-inside: avoid; } }
`;
