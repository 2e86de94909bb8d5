import { csv } from './csv';
import { elementText, numbers } from './arrays';
import { sizeText } from './format';
import { npyHead } from './npy';
import { hasMeaning, isFill, packed } from './packing';
import { Answer } from './protocol';
import { mostBytes, Source } from './source';
import { Frame, Shown } from './view';

/** What is written without asking, in bytes. */
const unasked = 32 << 20;

const tableRows = 5000;

/** Gives what is shown as a NPY file; null if the user would rather not. Read in parts along the first axis. */
export async function asNPY(frame: Frame, shown: Shown, signal: AbortSignal): Promise<BlobPart[] | null> {
  const { stat } = frame.source;
  if (stat.bytes && stat.bytes > unasked && !(await frame.ask(`Up to ${sizeText(stat.bytes)} will be read. Go on?`))) {
    return null;
  }
  const form = shown.lens?.component || (shown.lens?.scaled && hasMeaning(stat)) ? 'f8' : 'native';
  const answers = await slices(frame, shown, form, signal);
  const first = answers[0];
  if (!first.arrays.length) {
    throw new Error('this type has no NPY form; take CSV');
  }
  const shape = first.shape.slice();
  if (shape.length) {
    shape[0] = answers.reduce((n, a) => n + a.shape[0], 0);
  }
  return [npyHead(first.dtype, shape), ...answers.map(a => a.arrays[0].view as unknown as BlobPart)] as BlobPart[];
}

/** Gives what is shown as CSV; null if the user would rather not. */
export async function asCSV(frame: Frame, shown: Shown, signal: AbortSignal): Promise<string | null> {
  const { stat } = frame.source;
  if (stat.bytes && stat.bytes > unasked && !(await frame.ask(`Up to ${sizeText(stat.bytes)} will be read and written as text. Go on?`))) {
    return null;
  }
  if (stat.type?.class === 'compound' && !shown.lens?.component) {
    return csv(await tableText(frame.source, signal));
  }
  const { component, scaled } = shown.lens || {};
  const form = component || (scaled && packed(stat)) ? 'f8' : 'native';
  const none = scaled && form === 'native' ? isFill(stat) : () => false; // in the digits of their type, but for what is none
  const answers = await slices(frame, shown, form, signal);
  return csv(answers.flatMap(lines).map(row => row.map(text => (none(text) ? 'NaN' : text))));
}

// Reads a selection in parts that fit into answers, along the first axis that is not a single place.
async function slices(frame: Frame, { sel: whole, field, lens }: Shown, form: 'native' | 'f8', signal: AbortSignal): Promise<Answer[]> {
  const { source } = frame;
  const column = { path: source.path, ...(field && { field }), ...(lens?.component && { component: lens.component }) };
  const size = form === 'f8' ? 8 : source.stat.type?.size || 8;
  const out: Answer[] = [];
  for (const sel of partsOf(whole, source.stat.shape || [], size)) {
    out.push(await source.slice(column, sel, form, signal));
  }
  return out;
}

/** Splits a selection into parts of at most 8 MiB each, if elements have size bytes. */
export function partsOf(sel: string, shape: number[], size: number): string[] {
  if (shape.length === 0) {
    return [''];
  }
  const axes = shape.map((n, i) => {
    const part = sel.split(',')[i]?.trim() || ':';
    const m = /^(\d*):(\d*)(?::(\d+))?$/.exec(part);
    return m ? { start: Number(m[1] || 0), stop: m[2] ? Math.min(n, Number(m[2])) : n, step: Number(m[3] || 1), part } : { start: 0, stop: 1, step: 1, part };
  });
  const split = axes.findIndex(a => a.part.includes(':'));
  if (split < 0) {
    return [sel];
  }
  const count = (a: typeof axes[0]) => Math.max(1, Math.ceil((a.stop - a.start) / a.step));
  const row = axes.reduce((n, a, i) => (i === split ? n : n * count(a)), size);
  const a = axes[split];
  const step = Math.max(1, Math.floor(mostBytes / row)) * a.step;
  const out: string[] = [];
  for (let start = a.start; start < a.stop || out.length === 0; start += step) {
    const part = `${start}:${Math.min(a.stop, start + step)}${a.step > 1 ? ':' + a.step : ''}`;
    out.push(axes.map((b, i) => (i === split ? part : b.part)).join(', '));
  }
  return out;
}

// One axis is a column; of more axes the last is a row.
function lines(a: Answer): string[][] {
  const shape: number[] = a.shape;
  const across = shape.length > 1 ? shape[shape.length - 1] : 1;
  const text: string[] = a.text || texts(a);
  const out: string[][] = [];
  for (let i = 0; i < text.length; i += across) {
    out.push(text.slice(i, i + across));
  }
  return out;
}

function texts(a: Answer): string[] {
  const n = numbers(a.arrays[0]);
  const per = a.dtype.startsWith('<c') ? 2 : 1;
  return Array.from({ length: n.length / per }, (_, i) => elementText(n, i, a.dtype)).map(t => a.names?.[t] ?? t);
}

async function tableText(source: Source, signal: AbortSignal): Promise<string[][]> {
  const names = source.stat.type!.members!.map(m => m.name);
  const rows: string[][] = [names];
  const total = source.stat.shape!.reduce((a, b) => a * b, 1);
  for (let from = 0; from < total; from += tableRows) {
    const args = { file: source.file, path: source.path, rows: `${from}:${from + tableRows}`, columns: names };
    const a = await source.client.request('table', args, { signal });
    const columns: string[][] = a.columns.map((c: any) => c.strings || texts({ ...a, arrays: [a.arrays[c.buffer]], dtype: a.arrays[c.buffer].dtype }));
    for (let i = 0; i < a.count; i++) {
      rows.push(columns.map(c => c[i]));
    }
  }
  return rows;
}
