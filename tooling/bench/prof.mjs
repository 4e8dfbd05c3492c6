import { cellstate } from './dist/contestants/cellstate.js';
import { TASKS } from './dist/task.js';

const [name, n, opt] = process.argv.slice(2);
const task = TASKS.find((t) => t.name === name);
const c = await cellstate('cpu', JSON.parse(opt ?? '{}'));
console.error(c.version);
const step = await c.prepare(task);
const ms = [];
for (let i = 0; i < +n; i++) {
  const s = performance.now();
  const r = await step();
  if (typeof r === 'function') r();
  ms.push(performance.now() - s);
}
ms.splice(0, ms.length >> 2);
ms.sort((a, b) => a - b);
console.log(name, 'median', ms[ms.length >> 1].toFixed(3), 'min', ms[0].toFixed(3));
