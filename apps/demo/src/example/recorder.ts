import { saveModel } from '@cellstate/keras';
import type { RunBackups } from '../resume/run-backups.ts';
import type { Check, Figure, ForecastRow, Headline, Metric, Page, Pattern, Table } from './page.ts';

/** What a section put into the report, in order. */
export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly lead: boolean }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'figure'; readonly figure: Figure }
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  | { readonly kind: 'check'; readonly check: Check };

export interface RecordedSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Everything the sections wrote. */
export interface Recording {
  readonly sections: RecordedSection[];
  readonly metrics: Record<string, Record<string, Metric>>;
  readonly forecast: ForecastRow[];
  readonly headlines: Headline[];
  readonly checks: Check[];
  /** The bytes of `.keras` files, by their names. */
  readonly models: Map<string, Uint8Array>;
}

/** What shows a section in the terminal while it runs. */
export type Screen = Pick<Page, 'say' | 'table' | 'pattern' | 'check' | 'progress'>;

/** What a section needs beside the recording. */
export interface Surroundings {
  readonly screen: Screen;
  readonly backups?: RunBackups;
}

export function newRecording(): Recording {
  return { sections: [], metrics: {}, forecast: [], headlines: [], checks: [], models: new Map() };
}

/** A page that shows on `screen` what belongs there and records all of it. */
export function recordingPage(
  section: { readonly id: string; readonly title: string },
  recording: Recording,
  { screen, backups }: Surroundings,
): Page {
  const blocks: Block[] = [];
  recording.sections.push({ ...section, blocks });
  return {
    say(text) {
      blocks.push({ kind: 'text', text, lead: true });
      screen.say(text);
    },
    note(text) {
      blocks.push({ kind: 'text', text, lead: false });
    },
    table(table, { reportOnly = false, terminalRows = table.rows.length } = {}) {
      blocks.push({ kind: 'table', table });
      if (!reportOnly) screen.table({ ...table, rows: table.rows.slice(0, terminalRows) });
    },
    figure(figure) {
      blocks.push({ kind: 'figure', figure });
    },
    pattern(pattern) {
      blocks.push({ kind: 'pattern', pattern });
      screen.pattern(pattern);
    },
    check(check) {
      blocks.push({ kind: 'check', check });
      recording.checks.push(check);
      screen.check(check);
    },
    metric(name, value) {
      const metrics = recording.metrics[section.id] ?? {};
      metrics[name] = value;
      recording.metrics[section.id] = metrics;
    },
    forecast(rows) {
      for (const row of rows) recording.forecast.push(row);
    },
    headline(headline) {
      recording.headlines.push(headline);
    },
    backup: () => backups?.next(section.id),
    async model(name, model) {
      recording.models.set(`${name}.keras`, await saveModel(model));
    },
    progress: (label, total) => screen.progress(label, total),
  };
}
