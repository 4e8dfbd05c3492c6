import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { DemoOptions } from '../demo-options.ts';
import { forecastCsv } from '../output/forecast-csv.ts';
import { metricsJson } from '../output/metrics-json.ts';
import { openOutputFolder } from '../output/output-folder.ts';
import { openJobs } from '../parallel/jobs.ts';
import { engineText, startEngine } from '../parallel/start-engine.ts';
import { reportHtml } from '../report/report-html.ts';
import { openBackups } from '../resume/run-backups.ts';
import { terminalScreen } from '../terminal/terminal-screen.ts';
import type { Example } from './example.ts';
import { newRecording, recordingPage } from './recorder.ts';

/**
 * Runs every section of an example and writes its output folder, all of it or nothing.
 *
 * @returns whether every check passed.
 * @throws CellstateError for bad input; nothing has been written then.
 */
export async function runExample(
  example: Example,
  options: DemoOptions,
  stdout: Writable & { readonly isTTY?: boolean },
): Promise<boolean> {
  const backups = openBackups(example.name, options);
  const folder = await openOutputFolder(join(options.out, example.name));
  const jobs = openJobs(backups);
  try {
    const engine = engineText(await startEngine());
    const { title, lead, sections } = await example.open(options, jobs);
    const screen = terminalScreen(stdout);
    const recording = newRecording();
    screen.title(title, lead);
    screen.say(engine);
    for (const [index, section] of sections.entries()) {
      screen.heading(index + 1, section.title);
      await section.run(recordingPage(section, recording, { screen, backups }));
    }
    const failed = recording.checks.filter(({ passed }) => !passed);
    await folder.write('report.html', reportHtml({ title, lead, recording }));
    await folder.write('forecast.csv', forecastCsv(recording.forecast));
    await folder.write('metrics.json', metricsJson({ example: example.name, seed: options.seed, ...recording.metrics }));
    for (const [name, bytes] of recording.models) await folder.write(name, bytes);
    const path = await folder.commit();
    screen.closing({
      path,
      files: ['report.html', 'forecast.csv', 'metrics.json', ...recording.models.keys()],
      checks: recording.checks.length,
      failed,
    });
    return failed.length === 0;
  } finally {
    await jobs.close();
    await folder.discard();
  }
}
