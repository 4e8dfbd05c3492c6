import { keepOutput, readOutput } from '../resume/kept-output.ts';
import { type AnyJob, JOBS, type JobName } from './job-list.ts';
import type { Report } from './report.ts';

export interface JobRequest {
  readonly name: JobName;
  readonly input: unknown;
  /** The folder by which the job goes on when the run was interrupted; undefined: it keeps nothing. */
  readonly backup: string | undefined;
}

/** Runs a job, unless its outcome is known from before the run was interrupted. */
export async function runJob({ name, input, backup }: JobRequest, report: Report): Promise<unknown> {
  const kept = backup === undefined ? undefined : await readOutput(backup);
  if (kept !== undefined) {
    report(1);
    return kept.output;
  }
  const output = await (JOBS[name] as AnyJob)(input, { report, backup });
  if (backup !== undefined) await keepOutput(backup, output);
  return output;
}
