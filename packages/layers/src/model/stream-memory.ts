import { stepEngine } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { State } from '../contract.ts';
import { toTensor } from './convert-arrays.ts';
import type { Model } from './model.ts';
import { planSteps, type StepPlan } from './step-plan.ts';
import type { Setting } from './stream-form.ts';
import type { Carried } from './stream-state.ts';

/**
 * Where a stream keeps its state: in tensors, or, once a step has run on plain arrays, in the arrays of its plan. It moves from
 * one to the other when the other is asked for.
 */
export interface StreamMemory {
  /** The lanes that start anew with the next push. */
  readonly starts: readonly boolean[];
  /** The state as tensors, which stay the memory's. */
  tensors(): Carried;
  /** The plan, with the state in its arrays and the rows of lanes that start anew zeroed; null where the engine has no such steps. */
  plan(): StepPlan | null;
  /** Lets these lanes start anew. */
  start(chosen: readonly number[]): void;
  /** Takes a state over; its tensors are the memory's from here on. */
  replace(next: Carried): void;
  /** After a run of the plan: no lane starts anew. */
  ran(): void;
  dispose(): void;
}

/** A memory that begins with this state. */
export function streamMemory(model: Model<unknown>, { setting, begin }: { setting: Setting; begin: Carried }): StreamMemory {
  const { lanes } = setting;
  const none = Array<boolean>(lanes).fill(false);
  let { state, starts } = begin;
  let plan: StepPlan | null = null;
  let engine: string | null = null;
  let inPlan = false;

  function toTensors(): void {
    if (!inPlan || plan === null) return;
    const stateShapes = new Map(model.recurrentCalls.map((call) => [call.path, call.stateShapes]));
    const entries = Object.entries(plan.state).map(([path, arrays]) => [
      path,
      arrays.map((values, i) => tf.keep(toTensor(values.slice(), [lanes, ...(stateShapes.get(path)?.[i] ?? [])], 'float32'))),
    ]);
    state = Object.fromEntries(entries) as State;
    inPlan = false;
  }

  function toPlan(chosen: StepPlan): void {
    for (const [path, arrays] of Object.entries(chosen.state)) {
      const tensors = state[path];
      for (const [i, values] of arrays.entries()) {
        if (tensors?.[i] === undefined) values.fill(0);
        else values.set(tensors[i].dataSync());
      }
    }
    tf.dispose(Object.values(state).flat());
    state = {};
    inPlan = true;
  }

  function startAnew(chosen: StepPlan): void {
    for (const arrays of Object.values(chosen.state)) {
      for (const values of arrays) {
        const row = values.length / lanes;
        for (let lane = 0; lane < lanes; lane++) if (starts[lane]) values.fill(0, lane * row, (lane + 1) * row);
      }
    }
  }

  return {
    get starts() {
      return starts;
    },
    tensors() {
      toTensors();
      return { state, starts };
    },
    plan() {
      const current = stepEngine();
      if (current !== engine) {
        toTensors();
        plan = planSteps(model, setting);
        engine = current;
      }
      if (plan === null) return null;
      if (!inPlan) toPlan(plan);
      if (starts !== none) startAnew(plan);
      return plan;
    },
    start(chosen) {
      starts = starts.map((start, lane) => start || chosen.includes(lane));
    },
    replace(next) {
      for (const tensor of Object.values(next.state).flat()) tf.keep(tensor);
      tf.dispose(Object.values(state).flat());
      ({ state, starts } = next);
      inPlan = false;
    },
    ran() {
      starts = none;
    },
    dispose() {
      tf.dispose(Object.values(state).flat());
      state = {};
    },
  };
}
