import { activationOracle, type OracleActivation } from './activation-oracle.ts';
import type { Equations } from './recurrent-oracle.ts';

export interface GruOracleOptions {
  readonly activation?: OracleActivation;
  readonly recurrentActivation?: OracleActivation;
  /** Default true. */
  readonly resetAfter?: boolean;
}

/**
 * Cho et al. (2014), gates in Keras' order z, r, ĥ; h' = z · h + (1 − z) · ĥ. The reset gate applies to the recurrent product of
 * the candidate and its own bias (`resetAfter`), or to the hidden state before the product.
 */
export function gruOracle({ activation = 'tanh', recurrentActivation = 'sigmoid', resetAfter = true }: GruOracleOptions = {}): Equations {
  const act = activationOracle(activation);
  const gateAct = activationOracle(recurrentActivation);
  return {
    gates: 3,
    states: 1,
    step({ state, input, recurrent, bias }) {
      const [h] = state as [Float64Array];
      const second = (gate: number, u: number) => (resetAfter ? bias(gate, u, 1) : 0);
      const gateAt = (gate: number, u: number) => gateAct(input(gate, u) + bias(gate, u) + recurrent(gate, u) + second(gate, u));
      const reset = Float64Array.from(h, (_, u) => gateAt(1, u));
      const resetHidden = h.map((value, u) => value * (reset[u] as number));
      const next = h.map((value, u) => {
        const z = gateAt(0, u);
        const past = resetAfter ? (reset[u] as number) * (recurrent(2, u) + second(2, u)) : recurrent(2, u, resetHidden);
        return z * value + (1 - z) * act(input(2, u) + bias(2, u) + past);
      });
      return [next];
    },
  };
}
