import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { houseRules } from './house-rules.js';
import { listFiles } from './list-files.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
// The rules themselves and their tests spell out what they forbid.
const own = /^tooling\/lint\/(src\/house-rules[.]js|test\/house-rules[.]test[.]ts)$/;
const files = listFiles(root).filter((file) => !own.test(file));

let faults = 0;
for (const file of files) {
  const rules = houseRules.filter((rule) => rule.applies(file));
  const text = rules.length === 0 ? '' : readFileSync(path.join(root, file), 'utf8');
  for (const rule of rules) {
    for (const fault of rule.find({ path: file, text })) {
      faults += 1;
      console.error(`${file}${fault.line === undefined ? '' : `:${fault.line}`}  ${rule.name}: ${fault.text}`);
    }
  }
}
console.log(`${files.length} files against ${houseRules.length} house rules: ${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
