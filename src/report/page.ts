/**
 * The frame of every report: one self-contained HTML file that asks the network for nothing (its own policy forbids
 * it), legible on a light and a dark screen, on paper and on a telephone.
 */
import { type Html, html, trustedMarkup } from './html.ts';
import { darkFigureCss } from './palette.ts';

const pageCss = `
:root{color-scheme:light dark;--paper:#ffffff;--card:#f6f7f8;--text:#1b1d1f;--muted:#56595d;--rule:#d5d8dc;--link:#005f96;
--good:#00613f;--good-back:#ddf3ea;--bad:#a3161a;--bad-back:#fde4e2;--none:#4d5156;--none-back:#e9ebee}
@media (prefers-color-scheme:dark){:root{--paper:#16181b;--card:#1e2125;--text:#ecedee;--muted:#b3b7bc;--rule:#3a3f45;--link:#74c2f0;
--good:#7fe0bb;--good-back:#0f3a2b;--bad:#ffaaa3;--bad-back:#4d1a1a;--none:#c6cad0;--none-back:#2d3136}
${darkFigureCss('.figure')}
}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--text);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:1200px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 8px}
h2{font-size:1.25rem;margin:40px 0 8px}
p,ul,dl{max-width:75ch}
a{color:var(--link)}
.lead{color:var(--muted);margin:0 0 4px;overflow-wrap:anywhere}
.summary{font-weight:600;margin:12px 0}
.figure{margin:20px 0 8px}
.figure svg{display:block;width:100%;height:auto}
.figure .narrow{display:none;max-width:520px;margin:0 auto}
figcaption{color:var(--muted);max-width:95ch;font-size:.94rem}
figcaption p{max-width:none;margin:6px 0}
table{border-collapse:collapse;width:100%;font-size:.94rem;line-height:1.4}
th,td{text-align:left;vertical-align:top;padding:8px 14px 8px 0;border-top:1px solid var(--rule);font-weight:400;overflow-wrap:anywhere}
thead th{color:var(--muted);border-top:0;font-weight:600;padding-bottom:4px}
small{display:block;color:var(--muted);font-size:.86em;margin-top:2px}
.id{font-weight:600;white-space:nowrap;margin-right:4px}
.verdict{display:inline-block;font-weight:600;white-space:nowrap;padding:0 8px;border-radius:4px}
.holds{color:var(--good);background:var(--good-back)}
.fails{color:var(--bad);background:var(--bad-back);outline:1.5px solid var(--bad)}
.unjudged{color:var(--none);background:var(--none-back)}
.moment{display:inline-block;min-width:1.5em;line-height:1.5em;border-radius:.75em;text-align:center;background:var(--text);color:var(--paper);font-weight:600;font-size:.86em;margin-right:4px}
dt{font-weight:600}
dd{margin:0 0 8px}
.facts th{white-space:nowrap;width:14em;color:var(--muted);overflow-wrap:normal}
code,pre{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:.88em}
code{overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:12px;overflow-x:auto;line-height:1.4;margin:8px 0}
summary{cursor:pointer;font-weight:600}
@media (max-width:860px){
main{padding:16px 14px 48px}
h1{font-size:1.35rem}
.figure .wide{display:none}
.figure .narrow{display:block}
.stacks thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stacks,.stacks tbody,.stacks tr,.stacks th,.stacks td{display:block;width:auto}
.stacks tr{border-top:1px solid var(--rule);padding:10px 0}
.stacks th,.stacks td{border:0;padding:2px 0}
.stacks td::before{content:attr(data-label) ': ';color:var(--muted);font-weight:600}
.facts th{white-space:normal;width:8em}
}
@media print{body{font-size:11pt}details>*{display:block}}
`;

/** A whole page. `title` is text; the body is markup made by `html`. */
export function reportPage(title: string, body: Html): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trustedMarkup(pageCss)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return page.markup;
}

/** Names and values, one a line. */
export function factsTable(facts: readonly (readonly [name: string, value: string | Html])[]): Html {
  const row = ([name, value]: readonly [string, string | Html]): Html =>
    html`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`;
  return html`<table class="facts"><tbody>
${facts.map(row)}</tbody></table>`;
}
