import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** The machine in one line: processor, memory, system, Node, and what else it was doing when this began. */
export function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const load = `load ${(loadavg()[0] as number).toFixed(1)}`;
  return `${processors.length} × ${model}, ${memory}, ${type()} ${release()}, Node ${process.versions.node}, ${load}`;
}
