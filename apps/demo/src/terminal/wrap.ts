/** Breaks a text at spaces into lines of at most `width` characters; backticks and asterisks of marks do not count. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words(text)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && visibleLength(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Words, with spaces kept inside backticks so that a mark never spans two lines. */
function words(text: string): string[] {
  return text.match(/(?:`[^`]*`|\*\*[^*]*\*\*|\S)+/g) ?? [];
}

function visibleLength(text: string): number {
  return text.replaceAll(/`|\*\*/g, '').length;
}
