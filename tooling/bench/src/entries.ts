import type { Task } from './task.ts';

/** A contestant as the table knows it. */
export interface Entry {
  /** For `--only`, and what its process is told to be. */
  readonly name: string;
  readonly title: string;
  readonly language: 'javascript' | 'python';
  /** Threads it is held to; null: as many as it likes, as its users run it. */
  readonly threads: number | null;
  does(task: Task): boolean;
  /** Whether its numbers must equal ours: the same mathematics from the same weights. */
  sameMaths(task: Task): boolean;
}

const all = () => true;
const forward = ({ work, cell, layers, bidirectional }: Task) => work !== 'train' && cell === 'lstm' && layers === 1 && !bidirectional;
/** TensorFlow.js' GRU applies its reset gate before the product, whatever is asked. */
const notGru = ({ cell }: Task) => cell !== 'gru';

const entry = { language: 'javascript', threads: 1, does: all, sameMaths: all } as const;
const tfjs = { ...entry, sameMaths: notGru };

/** Everyone, ours first; the first one present is what the others are compared with. */
export const ENTRIES: readonly Entry[] = [
  { ...entry, name: 'cellstate', title: 'cellstate, cpu' },
  { ...entry, name: 'cellstate-2-threads', title: 'cellstate, cpu, 2 threads', threads: 2, does: ({ work }) => work !== 'stream' },
  { ...entry, name: 'cellstate-plain', title: 'cellstate, plain TypeScript' },
  { ...entry, name: 'cellstate-node', title: 'cellstate, node', threads: null },
  { ...tfjs, name: 'tfjs-layers-cpu', title: 'tfjs-layers, cpu' },
  { ...tfjs, name: 'tfjs-layers-wasm', title: 'tfjs-layers, wasm' },
  { ...tfjs, name: 'tfjs-layers-node', title: 'tfjs-layers, node', threads: null },
  {
    ...entry,
    name: 'brain.js',
    title: 'brain.js, not a true LSTM',
    does: ({ work, cell, layers, bidirectional, units }) =>
      work === 'train' && cell === 'lstm' && layers === 1 && !bidirectional && units <= 32,
    sameMaths: () => false,
  },
  { ...entry, name: 'onnxruntime', title: 'onnxruntime-node', does: forward },
  { ...entry, name: 'keras', title: 'Keras on TensorFlow', language: 'python', threads: null },
  { ...entry, name: 'pytorch', title: 'PyTorch, 1 thread', language: 'python' },
  { ...entry, name: 'pytorch-2-threads', title: 'PyTorch, 2 threads', language: 'python', threads: 2 },
];
