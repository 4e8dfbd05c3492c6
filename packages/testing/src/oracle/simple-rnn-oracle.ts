import { activationOracle, type OracleActivation } from './activation-oracle.ts';
import type { Equations } from './recurrent-oracle.ts';

/** Elman (1990): h' = act(x · K + h · R + b). */
export function simpleRnnOracle(activation: OracleActivation = 'tanh'): Equations {
  const act = activationOracle(activation);
  return {
    gates: 1,
    states: 1,
    step: ({ units, input, recurrent, bias }) => [
      Float64Array.from({ length: units }, (_, u) => act(input(0, u) + recurrent(0, u) + bias(0, u))),
    ],
  };
}
