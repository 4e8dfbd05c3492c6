import { load, version } from '../places.ts';
import { data, meanSquaredError, streamRows, weights } from '../problem.ts';
import type { Contestant } from './contestant.ts';
import { lstmModel } from './onnx-model.ts';

interface Tensor {
  readonly data: Float32Array;
}

interface Session {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<'output' | 'hidden' | 'cell', Tensor>>>;
}

interface Onnx {
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

/** The LSTM operator of onnxruntime, one thread, with the state as input and output. */
export async function onnxruntime(): Promise<Contestant> {
  const onnx = load<Onnx>('peers', 'onnxruntime-node');
  return {
    version: `onnxruntime-node ${version('onnxruntime-node', 'peers')} (cpu)`,
    async prepare(task) {
      const { batch, time, features, units } = task;
      const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionProviders: ['cpu'] };
      const session = await onnx.InferenceSession.create(lstmModel(task, weights(task)), options);
      const float32 = (values: Float32Array, shape: readonly number[]) => new onnx.Tensor('float32', values, shape);
      let hidden = float32(new Float32Array(batch * units), [1, batch, units]);
      let cell = float32(new Float32Array(batch * units), [1, batch, units]);
      if (task.work === 'stream') {
        const rows = streamRows(task);
        let t = 0;
        return async () => {
          const x = float32(rows[t++ % rows.length] as Float32Array, [1, 1, features]);
          const result = await session.run({ x, hidden0: hidden, cell0: cell });
          ({ hidden, cell } = result);
          return result.output.data[0] as number;
        };
      }
      const { x, y } = data(task);
      const feeds = { x: float32(x.data, [batch, time, features]), hidden0: hidden, cell0: cell };
      return async () => {
        const { output } = await session.run(feeds);
        return () => meanSquaredError(output.data, y);
      };
    },
  };
}
