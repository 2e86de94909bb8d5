// A mode of CodeMirror 5, which CodeMirror 6 takes as a StreamParser: Go with magics.

import { isMagic, isTextCell, Open, scanLine } from './magic';

/** What both editors give to a mode, as far as it is used here. */
interface Stream {
  string: string;
  sol(): boolean;
  skipToEnd(): void;
  match(pattern: RegExp): unknown;
}

interface State {
  inner: any;
  open: Open;
  last: string;
  magic: boolean;
  text: boolean;
}

/**
 * Wraps a mode for Go: the line of a magic is meta, or string where it is the command or the text, and Go
 * below it is coloured as if the magic were not there. copy copies a state of the inner mode.
 */
export function withMagics(go: any, copy: (state: any) => any) {
  return {
    ...go,
    name: 'gofive',
    startState: (...args: any[]): State => ({ inner: go.startState(...args), open: '', last: '', magic: false, text: false }),
    copyState: (s: State): State => ({ ...s, inner: copy(s.inner) }),
    token: (stream: Stream, s: State): string | null => {
      if (stream.sol()) {
        beginLine(stream.string, s);
      }
      return s.text || s.magic ? magicToken(stream, s) : go.token(stream, s.inner);
    },
    indent: (s: State, after: string, context: any): number | null => (s.text || s.magic ? 0 : go.indent(s.inner, after, context))
  };
}

function beginLine(line: string, s: State): void {
  if (s.text) {
    s.magic = false;
    return;
  }
  s.magic = !s.open && isMagic(line, s.last);
  if (!s.magic) {
    const after = scanLine(line, s.open, s.last);
    s.open = after.open;
    s.last = after.last;
  } else if (isTextCell(line)) {
    s.text = true;
  }
}

function magicToken(stream: Stream, s: State): string | null {
  if (!s.magic) {
    stream.skipToEnd();
    return null;
  }
  if (stream.sol() && stream.match(/^\s*(%{1,2}[\w.]*|!)/)) {
    return 'meta';
  }
  stream.skipToEnd();
  return /^\s*[%!]/.test(stream.string) ? 'string' : 'meta';
}
