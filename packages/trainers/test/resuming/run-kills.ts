import { writeSync } from 'node:fs';
import { draw, type Outcome, openProgram, withinWrite } from './kill-and-resume.ts';

const say = (line: string) => void writeSync(1, `${line}\n`);

const WITHIN_WRITES = 30;
const BETWEEN = 12;
const BY_THE_CLOCK = 8;

const program = await openProgram(process.argv[2]);
const { moments, duration } = program;
const times = draw(
  Array.from({ length: 1000 }, (_, i) => String((i / 2000) * duration)),
  { count: BY_THE_CLOCK, seed: 3 },
).map(Number);
const kills = [
  ...draw(moments.filter(withinWrite), { count: WITHIN_WRITES, seed: 1 }),
  ...draw(
    moments.filter((moment) => !moment.startsWith('write')),
    { count: BETWEEN, seed: 2 },
  ),
  ...times,
];
const outcomes: Outcome[] = [];
for (const at of kills) {
  const outcome = await program.killAndResume(at);
  outcomes.push(outcome);
  const how = outcome.killed ? `killed at "${outcome.last}"` : 'ended before the kill';
  say(`${outcomes.length}/${kills.length}  ${how}: ${outcome.checkpoints} checkpoints read, ${outcome.same ? 'the same' : 'NOT THE SAME'}`);
}
program.dispose();

const killed = outcomes.filter((outcome) => outcome.killed);
const within = killed.filter(({ last }) => withinWrite(last));
const stages = ['opened', 'half', 'whole', 'synced', 'renamed'].map(
  (stage) => `${stage} ${within.filter(({ last }) => last.startsWith(`write ${stage} `)).length}`,
);
const different = outcomes.filter(({ same }) => !same).length;
say(`
${killed.length} runs killed, ${within.length} of them within the writing of a checkpoint (after: ${stages.join(', ')})
${killed.filter(({ patienceHalfSpent }) => patienceHalfSpent).length} with patience half spent in the checkpoint gone on from
${outcomes.reduce((sum, { checkpoints }) => sum + checkpoints, 0)} checkpoints found after the kills, 0 that could not be read
${outcomes.length - different} resumed runs gave the losses and weights of the run that never stopped, to the bit; ${different} did not`);
process.exitCode = different > 0 || killed.length < kills.length || within.length < 20 ? 1 : 0;
