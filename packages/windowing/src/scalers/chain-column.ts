import type { ColumnFit, ColumnTransform } from './column-transform.ts';
import type { ColumnLearner } from './scaler.ts';

/** One transform behind the other. */
export function chainColumn(parts: readonly ColumnTransform[]): ColumnTransform {
  const context = parts.reduce((sum, part) => sum + part.context, 0);
  return {
    context,
    forward() {
      const passes = parts.map((part) => part.forward());
      return (value, where) => {
        let result: number | undefined = value;
        for (const pass of passes) {
          result = pass(result, where);
          if (result === undefined) return undefined;
        }
        return result;
      };
    },
    inverse(after) {
      let known: readonly number[] = after;
      const passes = parts.map((part) => {
        const back = part.inverse(known.slice(known.length - part.context));
        const forward = part.forward();
        known = known.map((value) => forward(value, 'chain')).filter((value) => value !== undefined);
        return back;
      });
      passes.reverse();
      return (value) => passes.reduce((result, pass) => pass(result), value);
    },
    toJSON: () => ({ kind: 'chain', parts: parts.map((part) => part.toJSON()) }),
  };
}

/**
 * Learns one transform behind the other, each from what the ones before it yield.
 *
 * Transforms that need no data pass values straight on; from the first that does, values are held for those behind it.
 */
export function chainFit(learners: readonly ColumnLearner[]): ColumnFit {
  const fits = learners.map((learner) => learner.fit());
  const learning = learners.findIndex((learner) => learner.needsData);
  const streamed = fits.slice(0, learning === -1 ? fits.length : learning);
  const last = learning === -1 ? undefined : fits[learning];
  const behind = learning === -1 ? [] : fits.slice(learning + 1);
  const transforms = streamed.map((fit) => fit.finish());
  const held: number[][] = [];
  let pass = chainColumn(transforms).forward();
  return {
    restart() {
      pass = chainColumn(transforms).forward();
      if (behind.length > 0) held.push([]);
    },
    add(value, where) {
      const result = pass(value, where);
      if (result === undefined) return;
      last?.add(result, where);
      if (behind.length === 0) return;
      if (held.length === 0) held.push([]);
      held.at(-1)?.push(result);
    },
    finish() {
      const done = [...transforms];
      if (last === undefined) return chainColumn(done);
      const first = last.finish();
      done.push(first);
      let runs = held.map((values) => passOver(first, values));
      for (const fit of behind) {
        for (const values of runs) {
          fit.restart();
          for (const value of values) fit.add(value, 'chain');
        }
        const transform = fit.finish();
        done.push(transform);
        runs = runs.map((values) => passOver(transform, values));
      }
      return chainColumn(done);
    },
  };
}

function passOver(transform: ColumnTransform, values: readonly number[]): number[] {
  const forward = transform.forward();
  return values.map((value) => forward(value, 'chain')).filter((value) => value !== undefined);
}
