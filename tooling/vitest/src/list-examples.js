/**
 * @param {string} file
 * @param {string} text
 * @returns {import('./list-examples.js').Example[]}
 */
export function listExamples(file, text) {
  return file.endsWith('.md') ? markdownExamples(text) : docstringExamples(text);
}

/** @param {string} text */
function markdownExamples(text) {
  const lines = text.split('\n');
  let heading = '';
  const examples = [];
  for (let i = 0; i < lines.length; i++) {
    heading = /^#+ (.+)$/.exec(lines[i] ?? '')?.[1] ?? heading;
    if (!/^(```|~~~)/.test(lines[i] ?? '')) continue;
    const fence = readFence(lines, i);
    if (fence.language === 'ts') examples.push({ name: heading, line: i + 2, code: fence.code });
    i = fence.end;
  }
  return examples;
}

/** @param {string} text */
function docstringExamples(text) {
  const examples = [];
  for (const match of text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)) {
    const first = text.slice(0, match.index).split('\n').length;
    const lines = match[0].split('\n').map((line) => line.replace(/^\s*(\/\*\*|\*\/|\* ?)/, ''));
    const name = declared(text.slice(match.index + match[0].length));
    let isExample = false;
    for (let i = 0; i < lines.length; i++) {
      const tag = /^@(\w+)/.exec(lines[i] ?? '')?.[1];
      if (tag !== undefined) isExample = tag === 'example';
      if (!(lines[i] ?? '').startsWith('```')) continue;
      const fence = readFence(lines, i);
      if (isExample && fence.language === 'ts') examples.push({ name, line: first + i + 1, code: fence.code });
      i = fence.end;
    }
  }
  return examples;
}

/**
 * @param {string[]} lines
 * @param {number} start the line that opens the fence.
 */
function readFence(lines, start) {
  const [, mark = '```', language = ''] = /^(```+|~~~+)(.*)$/.exec(lines[start] ?? '') ?? [];
  let end = start + 1;
  while (end < lines.length && !(lines[end] ?? '').startsWith(mark)) end += 1;
  return { language: language.trim(), code: lines.slice(start + 1, end).join('\n'), end };
}

/** @param {string} following what stands after a docstring. */
function declared(following) {
  const declaration = /^\s*(?:export\s+)?(?:declare\s+)?(?:async\s+)?(?:function\*?|class|const|let|interface|type)\s+(\w+)/;
  return declaration.exec(following)?.[1] ?? /^\s*(?:readonly\s+)?(\w+)/.exec(following)?.[1] ?? '';
}
