import { describe } from '@cellstate/core';
import type { Check, Figure, Pattern, Table } from '../example/page.ts';
import type { Block, RecordedSection, Recording } from '../example/recorder.ts';
import { cellText } from '../terminal/text-table.ts';
import { escapeHtml, markedHtml } from './html-text.ts';
import { REPORT_STYLE } from './report-style.ts';

export interface Report {
  readonly title: string;
  readonly lead: string;
  readonly recording: Recording;
}

/** The report as one HTML file that needs nothing else. */
export function reportHtml({ title, lead, recording }: Report): string {
  const { sections, headlines, checks } = recording;
  const passed = checks.filter((check) => check.passed).length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Cellstate</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<div class="page">
<header>
<p class="eyebrow">Cellstate example</p>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${markedHtml(lead)}</p>
${headlines.length === 0 ? '' : `<dl class="headlines">${headlines.map(({ value, label }) => `<div><dt>${escapeHtml(value)}</dt><dd>${markedHtml(label)}</dd></div>`).join('')}</dl>`}
</header>
<nav aria-label="Sections"><ol>${sections.map(({ id, title: name }) => `<li><a href="#${id}"><span>${escapeHtml(name.replaceAll('`', ''))}</span></a></li>`).join('')}</ol></nav>
<main>
${sections.map(sectionHtml).join('\n')}
</main>
<footer>${passed} of ${checks.length} checks passed. Every number here was computed by the run that wrote this file; metrics.json and forecast.csv beside it hold them in full.</footer>
</div>
</body>
</html>
`;
}

function sectionHtml({ id, title, blocks }: RecordedSection, index: number): string {
  return `<section id="${id}">\n<h2><span>${index + 1}</span>${markedHtml(title)}</h2>\n${blocks.map(blockHtml).join('\n')}\n</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p${block.lead ? '' : ' class="note"'}>${markedHtml(block.text)}</p>`;
    case 'table':
      return tableHtml(block.table);
    case 'figure':
      return figureHtml(block.figure);
    case 'pattern':
      return patternHtml(block.pattern);
    case 'check':
      return checkHtml(block.check);
  }
}

function tableHtml({ columns, rows, caption, strong = [] }: Table): string {
  const kinds = columns.map((_, index) => (rows.some((row) => typeof row[index] === 'number') ? ' class="number"' : ''));
  const head = columns.map(({ title }, index) => `<th scope="col"${kinds[index]}>${markedHtml(title)}</th>`).join('');
  const body = rows.map((row, index) => {
    const cells = row.map((value, column) => `<td${kinds[column]}>${markedHtml(cellText(value, columns[column]?.digits))}</td>`).join('');
    return `<tr${strong.includes(index) ? ' class="strong"' : ''}>${cells}</tr>`;
  });
  return `<div class="table"><table>${caption === undefined ? '' : `<caption>${markedHtml(caption)}</caption>`}<thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function figureHtml({ caption, wide, narrow }: Figure): string {
  return `<figure><div class="wide">${wide}</div><div class="narrow">${narrow}</div><figcaption>${markedHtml(caption)}</figcaption></figure>`;
}

function patternHtml({ keras, ours, input, output }: Pattern): string {
  const row = (name: string, code: string, kind = '') => `<div${kind}><b>${name}</b><code>${escapeHtml(code)}</code></div>`;
  return `<div class="pattern">${row('Keras', keras)}${row('Cellstate', ours, ' class="ours"')}${row('Shapes', `${describe(input)} → ${describe(output)}`)}</div>`;
}

function checkHtml({ name, passed, detail }: Check): string {
  return `<p class="check${passed ? '' : ' failed'}"><b>${passed ? '✓' : '✗'}</b><span><strong>${markedHtml(name)}:</strong> ${markedHtml(detail)}</span></p>`;
}
