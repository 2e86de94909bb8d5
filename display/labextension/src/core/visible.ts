// Characters that act instead of show: control and format characters (the bidirectional marks are
// format), line and paragraph separators, private code points and halves of surrogate pairs. The same
// categories as display.Visible has in Go.
const acts = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** Gives text with every character written out that would act instead of show. */
export function visible(text: string): string {
  return text.replace(acts, escaped);
}

/** Is visible for text of several lines: line breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(acts, c => (c === '\n' || c === '\t' ? c : escaped(c)));
}

const short: { [c: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(c: string): string {
  const code = c.codePointAt(0)!;
  if (short[c]) {
    return short[c];
  }
  const hex = code.toString(16);
  if (code < 0x80) {
    return '\\x' + hex.padStart(2, '0');
  }
  return code < 0x10000 ? '\\u' + hex.padStart(4, '0') : '\\U' + hex.padStart(8, '0');
}
