import { CellstateError } from '@cellstate/core';
import { affineColumn } from './affine-column.ts';
import { chainColumn } from './chain-column.ts';
import type { ColumnJson, ColumnTransform } from './column-transform.ts';
import { differenceColumn } from './differences.ts';
import { type FittedScaler, fittedScaler, type ScalerJson } from './fitted-scaler.ts';
import { logReturnColumn } from './log-returns.ts';

/**
 * The fitted scaler that `toJSON` described; keep it beside the model it belongs to.
 *
 * @throws CellstateError `INVALID_SCALER_JSON` for anything else.
 *
 * @example
 * ```ts
 * import { minMaxScaler, scalerFromJson } from '@cellstate/windowing';
 *
 * const text = JSON.stringify(minMaxScaler().fit([0, 10]));
 * scalerFromJson(JSON.parse(text)).transform([5]).toNested(); // → [[0.5]]
 * ```
 */
export function scalerFromJson(json: ScalerJson): FittedScaler {
  if (
    !Array.isArray(json?.names) ||
    !Array.isArray(json.columns) ||
    json.names.length !== json.columns.length ||
    typeof json.fittedOn?.steps !== 'number'
  ) {
    throw invalid('names, columns and fittedOn', JSON.stringify(json)?.slice(0, 60) ?? String(json));
  }
  return fittedScaler({ names: json.names, columns: json.columns.map(columnFromJson), fittedOn: json.fittedOn });
}

function columnFromJson(json: ColumnJson): ColumnTransform {
  switch (json?.kind) {
    case 'affine':
      return affineColumn({ shift: json.shift, scale: json.scale, low: json.low, high: json.high });
    case 'differences':
      return differenceColumn(json.lag);
    case 'logReturns':
      return logReturnColumn(json.lag);
    case 'chain':
      return chainColumn(json.parts.map(columnFromJson));
    default:
      throw invalid('a column of kind affine, differences, logReturns or chain', JSON.stringify(json) ?? 'undefined');
  }
}

function invalid(expected: string, received: string): CellstateError {
  return new CellstateError('INVALID_SCALER_JSON', 'This is not a scaler.', { expected, received, where: 'scalerFromJson' });
}
