import { activationOracle, type OracleActivation } from './activation-oracle.ts';
import type { Equations } from './recurrent-oracle.ts';

/**
 * Hochreiter and Schmidhuber (1997) with forget gates (Gers et al., 2000), gates in Keras' order:
 * i, f, ĉ, o; c' = f · c + i · ĉ; h' = o · act(c').
 */
export function lstmOracle(activation: OracleActivation = 'tanh', recurrentActivation: OracleActivation = 'sigmoid'): Equations {
  const act = activationOracle(activation);
  const gateAct = activationOracle(recurrentActivation);
  return {
    gates: 4,
    states: 2,
    step({ units, state, input, recurrent, bias }) {
      const hidden = new Float64Array(units);
      const cell = new Float64Array(units);
      for (let u = 0; u < units; u++) {
        const z = (gate: number) => input(gate, u) + recurrent(gate, u) + bias(gate, u);
        cell[u] = gateAct(z(1)) * (state[1]?.[u] as number) + gateAct(z(0)) * act(z(2));
        hidden[u] = gateAct(z(3)) * act(cell[u] as number);
      }
      return [hidden, cell];
    },
  };
}
