import { CellstateError, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SavedArray } from '../checkpoint/saved.ts';
import { copyTensor } from '../data/read-tensor.ts';
import { copyTensors, tensorOf } from '../data/saved-tensors.ts';
import type { State, TrainableModel } from '../trainable-model.ts';

/**
 * The state that a stateful model's next batch starts from, lane by lane. Empty at the start and after a reset: the model
 * then starts from its initial state.
 */
export interface CarriedState {
  /**
   * The state to enter a batch of `rows` lanes with; undefined: the initial state. Lanes with `starts[i]` 1 get rows of the
   * initial state. To be called within a tidy, which frees what was replaced.
   */
  enter(rows: number, starts?: Uint8Array): State | undefined;
  /** The entries of `state` that are carried. */
  pick(state: State): State;
  /** Takes over picked entries, which must be protected from any tidy, and frees the former ones. */
  carry(picked: State): void;
  /** Empties the state, or sets the given lanes back to the initial state. */
  reset(lanes?: readonly number[]): void;
  /** Copies of the values, by call path; those of the initial state while empty, if the number of lanes is known. */
  read(): Readonly<Record<string, readonly NdArray[]>>;
  /** The values and the number of lanes, to go on from elsewhere. */
  save(): Promise<SavedState>;
  /** Throws `CHECKPOINT_DIFFERS` when a call that carries state has none in what `save` gave. */
  checkSaved(saved: SavedState): void;
  /** Takes over what `save` gave, which `checkSaved` let pass. */
  restore(saved: SavedState): void;
  dispose(): void;
}

export type SavedState = {
  /** Null before the first batch. */
  readonly lanes: number | null;
  /** By call path; null while empty. */
  readonly entries: { readonly [path: string]: readonly SavedArray[] } | null;
};

export function carriedState(model: TrainableModel): CarriedState {
  const calls = model.statefulCalls ?? [];
  let current: State | undefined;
  let lanes: number | undefined = model.batchSize ?? undefined;

  function free(): void {
    if (current !== undefined) tf.dispose(Object.values(current).flat());
    current = undefined;
  }

  /** The current state with the flagged lanes set to the initial state; new tensors. */
  function restarted(state: State, starts: Uint8Array): State {
    const initial = model.initialState(starts.length);
    const flags = tf.tensor1d(starts, 'bool');
    const renewed = (path: string, carried: readonly tf.Tensor[]) =>
      carried.map((tensor, i) => {
        const first = initial[path]?.[i];
        if (first === undefined) throw missing(path);
        return tf.where(tf.reshape(flags, [starts.length, ...tensor.shape.slice(1).map(() => 1)]), first, tensor);
      });
    return Object.fromEntries(Object.entries(state).map(([path, tensors]) => [path, renewed(path, tensors)]));
  }

  function pick(state: State): State {
    const picked: Record<string, readonly tf.Tensor[]> = {};
    for (const path of calls) {
      const tensors = state[path];
      if (tensors === undefined) throw missing(path);
      picked[path] = tensors;
    }
    return picked;
  }

  return {
    enter(rows, starts) {
      if (calls.length === 0) return undefined;
      if (starts !== undefined && starts.length !== rows) {
        throw new CellstateError('STARTS_LENGTH', 'A batch must say for each of its lanes whether a sequence starts there.', {
          expected: `${rows} flags`,
          received: String(starts.length),
          where: 'batch.starts',
        });
      }
      if (current !== undefined && lanes !== rows) {
        throw new CellstateError('BATCH_SIZE_CHANGED', 'The number of lanes changed while their state is carried.', {
          expected: `${lanes} rows, as in the batch before`,
          received: `${rows} rows`,
          where: 'a stateful model',
          hint: 'Keep one batch size, or call trainer.resetStates() in between.',
        });
      }
      lanes = rows;
      if (current === undefined || starts === undefined || !starts.includes(1)) return current;
      return starts.includes(0) ? restarted(current, starts) : undefined;
    },
    pick,
    carry(picked) {
      if (calls.length === 0) return;
      free();
      current = picked;
    },
    reset(which) {
      if (which === undefined) return free();
      if (current === undefined) return;
      const rows = lanes as number;
      const starts = new Uint8Array(rows);
      for (const lane of which) {
        if (!Number.isInteger(lane) || lane < 0 || lane >= rows) {
          throw new CellstateError('NO_SUCH_LANE', 'There is no such lane.', {
            expected: `lanes in [0, ${rows - 1}]`,
            received: String(lane),
            where: 'resetStates, option lanes',
          });
        }
        starts[lane] = 1;
      }
      const state = current;
      let renewed = state;
      tf.tidy(() => {
        renewed = restarted(state, starts);
        for (const tensor of Object.values(renewed).flat()) tf.keep(tensor);
      });
      free();
      current = renewed;
    },
    read() {
      if (current !== undefined) return values(current, calls);
      if (lanes === undefined || calls.length === 0) return {};
      const initial = model.initialState(lanes);
      const copies = values(initial, calls);
      tf.dispose(Object.values(initial).flat());
      return copies;
    },
    async save() {
      if (current === undefined) return { lanes: lanes ?? null, entries: null };
      const state = current;
      const copies = await Promise.all(calls.map(async (path) => [path, await copyTensors(state[path] ?? [])] as const));
      return { lanes: lanes ?? null, entries: Object.fromEntries(copies) };
    },
    checkSaved({ entries }) {
      if (entries === null || calls.every((path) => entries[path] !== undefined)) return;
      throw new CellstateError('CHECKPOINT_DIFFERS', 'The checkpoint is of another model.', {
        expected: `state carried for ${Object.keys(entries).join(', ') || 'none'}`,
        received: `state carried for ${calls.join(', ')}`,
        where: 'model.statefulCalls',
        hint: 'Build the model by the same code as before.',
      });
    },
    restore(saved) {
      free();
      lanes = saved.lanes ?? undefined;
      const { entries } = saved;
      if (entries === null) return;
      current = Object.fromEntries(
        calls.map((path) => [path, (entries[path] as readonly SavedArray[]).map((array) => tf.keep(tensorOf(array)))]),
      );
    },
    dispose: free,
  };
}

function values(state: State, calls: readonly string[]): Record<string, readonly NdArray[]> {
  return Object.fromEntries(calls.map((path) => [path, (state[path] ?? []).map(copyTensor)]));
}

function missing(path: string): CellstateError {
  return new CellstateError('STATE_MISSING', `The model declares '${path}' stateful but gives no state for it.`, {
    expected: `an entry '${path}' in the state`,
    received: 'none',
    where: 'model.statefulCalls',
  });
}
