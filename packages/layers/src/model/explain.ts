import type { Model } from './model.ts';

/** Says which layers carry state, and where that is of no use. */
export function explain(model: Model<unknown>): string {
  const lines: string[] = [];
  const stateful = model.recurrentCalls.filter((call) => call.stateful);
  if (stateful.length === 0) {
    lines.push('No layer is stateful: every row of a batch starts from zero state.');
  } else {
    const lanes = model.batchSize === null ? 'any number of lanes' : `${model.batchSize} lane${model.batchSize === 1 ? '' : 's'}`;
    lines.push(`State is carried from batch to batch, ${lanes}, row by row, by: ${stateful.map(({ path }) => path).join(', ')}.`);
  }
  for (const { path, layer, wired } of stateful) {
    if (layer.definition.recurrence?.goBackwards) {
      lines.push(
        `Warning: ${path} reads time backwards and is stateful. As in Keras, it starts a batch from the state it had at the first step of the batch before, which lies in the past: rarely what is meant.`,
      );
    }
    if (wired) {
      lines.push(`Note: ${path} starts from the state the graph gives it only where nothing was carried.`);
    }
  }
  return lines.join('\n');
}
