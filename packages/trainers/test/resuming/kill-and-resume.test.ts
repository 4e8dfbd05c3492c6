import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draw, openProgram, withinWrite } from './kill-and-resume.ts';

test('a training that is killed, also while it writes a checkpoint, goes on to the very same end', { timeout: 120_000 }, async () => {
  const program = await openProgram(join(import.meta.dirname, 'run-killed-training.ts'));
  const stages = new Set(program.moments.filter(withinWrite).map((moment) => moment.split(' ')[1]));
  expect([...stages]).toEqual(['opened', 'half', 'whole', 'synced', 'renamed']);
  const moments = [
    ...draw(program.moments.filter(withinWrite), { count: 2, seed: 1 }),
    ...draw(
      program.moments.filter((moment) => moment.includes('validation')),
      { count: 1, seed: 2 },
    ),
  ];
  for (const moment of moments) {
    const outcome = await program.killAndResume(moment);
    expect(outcome).toMatchObject({ last: moment, killed: true, same: true });
  }
  program.dispose();
});
