// Magics in cells, as the kernel cuts them off: lines that begin with % or !, or end in ?, are no Go.

/** Cell magics whose cell is text of another kind. */
const TEXT_CELLS = new Set(['bash', 'writefile', 'html', 'markdown']);

/** A line break may stand in a comment or a raw string, which then goes on in the next line. */
export type Open = '' | '`' | '/*';

const QUESTION = /^(\?{1,2}(!|%{0,2}[\p{L}_][\p{L}\p{N}_.]*)\?{0,2}|(!|%{0,2}[\p{L}_][\p{L}\p{N}_.]*)\?{1,2})$/u;

/** Behind these an operand may have to come, and then ! is Go's. */
const EXPECTING = '&|=(,[<>+!';

/** Reports whether a line is a magic. last is the last letter of the Go before it, '' when there is none. */
export function isMagic(line: string, last: string): boolean {
  const text = line.trim();
  if (QUESTION.test(text)) {
    return true;
  }
  if (text.startsWith('!')) {
    return text.length > 1 && text[1] !== '=' && !(last && EXPECTING.includes(last));
  }
  return /^%%?([A-Za-z]|$)/.test(text);
}

/** Reports whether what stands below this magic is no Go. */
export function isTextCell(line: string): boolean {
  const name = /^%%(\w+)/.exec(line.trim());
  return name !== null && TEXT_CELLS.has(name[1]);
}

/** Goes over a line of Go that begins with open and gives what its end leaves open, and the last letter so far. */
export function scanLine(line: string, open: Open, last: string): { open: Open; last: string } {
  let i = 0;
  while (i < line.length || open) {
    if (open) {
      const end = line.indexOf(open === '`' ? '`' : '*/', i);
      if (end < 0) {
        return { open, last };
      }
      i = end + (open === '`' ? 1 : 2);
      last = open === '`' ? '`' : last;
      open = '';
      continue;
    }
    if (line.startsWith('//', i)) {
      break;
    }
    if (line.startsWith('/*', i)) {
      open = '/*';
      i += 2;
    } else if (line[i] === '`') {
      open = '`';
      i++;
    } else {
      const next = line[i] === '"' || line[i] === "'" ? quoted(line, i) : i + 1;
      last = /\s/.test(line[i]) ? last : line[i];
      i = next;
    }
  }
  return { open, last };
}

function quoted(line: string, i: number): number {
  for (let j = i + 1; j < line.length; j++) {
    if (line[j] === '\\') {
      j++;
    } else if (line[j] === line[i]) {
      return j + 1;
    }
  }
  return line.length;
}
