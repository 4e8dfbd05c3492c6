import { describe, size } from '@cellstate/core';
import type { Layer } from '../contract.ts';
import type { Model } from './model.ts';

const COLUMNS = [32, 24, 12, 12] as const;

/** A table of a model's layers, 80 columns wide: name and class, output shape, parameters, and the way recurrent layers are computed. */
export function summarize(model: Model<unknown>): string {
  const rule = '─'.repeat(COLUMNS.reduce((sum, width) => sum + width, 0));
  const rows = model.definition.graph.layers
    .filter((layer) => model.className === 'Functional' || layer.className !== 'InputLayer')
    .map((layer) => [
      `${model.definition.names.get(layer)} (${layer.className})`,
      outputShape(model, layer),
      String(count(layer.parameters)),
      computedBy(layer),
    ]);
  const { parameters } = model;
  const trainable = count(parameters.filter((parameter) => parameter.trainable));
  return [
    `Model: ${model.name} (${model.className})`,
    rule,
    row(['Layer (type)', 'Output shape', 'Parameters', 'Path']),
    rule,
    ...rows.map(row),
    rule,
    `${count(parameters)} parameters: ${trainable} trainable, ${count(parameters) - trainable} not trainable`,
  ].join('\n');
}

function outputShape(model: Model<unknown>, layer: Layer<unknown>): string {
  const node = [...model.definition.graph.nodes, ...model.definition.graph.inputs.map((input) => input.node)].find(
    (call) => call.layer === layer,
  );
  return (node?.outputs ?? []).map(({ shape }) => describe(shape)).join(' ');
}

/** `fused` or `reference` for a recurrent layer and for what wraps recurrent layers; nothing for others. */
function computedBy(layer: Layer<unknown>): string {
  const { recurrence, innerCalls = [] } = layer.definition;
  if (recurrence !== undefined) return recurrence.path();
  return [...new Set(innerCalls.map((call) => computedBy(call.layer)).filter((path) => path !== ''))].sort().join(' and ');
}

function count(parameters: readonly { readonly variable: { readonly shape: readonly number[] } }[]): number {
  return parameters.reduce((sum, { variable }) => sum + size(variable.shape), 0);
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, column) => {
      const width = COLUMNS[column] as number;
      const text = cell.length < width ? cell : `${cell.slice(0, width - 2)}…`;
      return text.padEnd(width);
    })
    .join('')
    .trimEnd();
}
