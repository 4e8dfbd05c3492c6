import { cpus, release, totalmem, type } from 'node:os';

/** The machine in one line: processor, memory, system, Node. */
export function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${processors.length} × ${model}, ${memory}, ${type()} ${release()}, Node ${process.versions.node}`;
}
