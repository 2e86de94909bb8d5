import { csv } from './csv';
import { doubles, elementText, numbers } from './arrays';
import { componentOf, components } from './complex';
import { baseName, sizeText } from './format';
import { npyHead } from './npy';
import { hasMeaning, isFill, packed } from './packing';
import { Answer } from './protocol';
import { axesOf, countOf, partsOf } from './selection';
import { along, Column, Lens, Source } from './source';
import { Stat } from './stat';
import { Frame, Shown } from './view';

/** What is written without asking, in bytes. */
const unasked = 32 << 20;

const tableRows = 5000;

/** Gives what is shown as a NPY file; null if the user would rather not. Several lines are columns of numbers in double precision. */
export async function asNPY(frame: Frame, shown: Shown, signal: AbortSignal): Promise<BlobPart[] | null> {
  const { stat } = frame.source;
  const columns = columnsOf(shown);
  const bytes = bytesOf(stat, shown, columns.length);
  if (bytes > unasked && !(await frame.ask(`Up to ${sizeText(bytes)} will be read. Go on?`))) {
    return null;
  }
  if (columns.length > 1) {
    return npyOfColumns(await Promise.all(columns.map(c => columnNumbers(frame.source, shown, c, signal))));
  }
  const form = shown.lens?.component || (shown.lens?.scaled && hasMeaning(stat)) ? 'f8' : 'native';
  const answers = await slices(frame.source, seen(frame, shown), shown.sel, form, signal);
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

/** Gives what is shown as CSV; null if the user would rather not. Several lines are columns, with X and errors. */
export async function asCSV(frame: Frame, shown: Shown, signal: AbortSignal): Promise<string | null> {
  const { source } = frame;
  const { stat } = source;
  const columns = columnsOf(shown);
  const bytes = bytesOf(stat, shown, columns.length);
  if (bytes > unasked && !(await frame.ask(`Up to ${sizeText(bytes)} will be read and written as text. Go on?`))) {
    return null;
  }
  if (columns.length > 1) {
    const texts = await Promise.all(columns.map(c => columnText(source, shown, c, signal)));
    return csv([columns.map(c => c.label), ...turned(texts)]);
  }
  if (stat.type?.class === 'compound' && !shown.field) {
    return csv(await tableText(source, shown, signal));
  }
  return csv(await texts(source, seen(frame, shown), shown.sel, shown.lens || {}, signal));
}

// About how much is read: each column has as many places as the selection.
function bytesOf({ shape, type, bytes = 0 }: Stat, { sel }: Shown, columns: number): number {
  return shape && sel ? axesOf(sel, shape).reduce((n, a) => n * countOf(a), type?.size || 8) * Math.max(1, columns) : bytes;
}

// What is shown of a single dataset.
function seen({ source }: Frame, { field, lens }: Shown): Column {
  return { path: source.path, ...(field && { field }), ...(lens?.component && { component: lens.component }) };
}

// The columns of a figure: X, its lines, and the errors of the first one.
function columnsOf({ series = [], x, errors }: Shown): (Column & { sel?: string; label: string })[] {
  const named = (c: Column, sign: string) => ({ ...c, label: sign + (c.field || baseName(c.path)) });
  return [...(x ? [named(x, '')] : []), ...series, ...(errors ? [named(errors, '± ')] : [])];
}

// X and errors are at the places of the first line.
async function placesOf(whole: Source, { series }: Shown, sel: string | undefined, column: Source, signal: AbortSignal): Promise<string> {
  const [first] = series!;
  return sel ?? along(column.stat, (await whole.of(first.path, signal)).stat, first.sel);
}

async function columnText(whole: Source, shown: Shown, { path, field, component, sel }: Column & { sel?: string }, signal: AbortSignal): Promise<string[]> {
  const source = await whole.of(path, signal);
  const column = { path, field, ...componentOf(source.stat.type, field || '', component || components[0]) };
  const rows = await texts(source, column, await placesOf(whole, shown, sel, source, signal), { ...source.lens, component: column.component }, signal);
  return rows.map(row => row[0]);
}

async function columnNumbers(whole: Source, shown: Shown, { path, field, component, sel }: Column & { sel?: string }, signal: AbortSignal): Promise<Float64Array> {
  const source = await whole.of(path, signal);
  const answers = await slices(source, { path, field, component }, await placesOf(whole, shown, sel, source, signal), 'f8', signal);
  const parts = answers.map(a => doubles(a.arrays[0]));
  const out = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
  return out;
}

// Columns of one length beside one another.
function npyOfColumns(columns: Float64Array[]): BlobPart[] {
  const rows = Math.max(...columns.map(c => c.length));
  const out = new Float64Array(rows * columns.length).fill(NaN);
  columns.forEach((c, k) => c.forEach((v, i) => (out[i * columns.length + k] = v)));
  return [npyHead('<f8', [rows, columns.length]), out] as BlobPart[];
}

function turned(columns: string[][]): string[][] {
  const rows = Math.max(...columns.map(c => c.length));
  return Array.from({ length: rows }, (_, i) => columns.map(c => c[i] ?? ''));
}

// The rows of a selection as text, as the numbers are seen.
async function texts(source: Source, column: Column, sel: string, { component, scaled }: Lens, signal: AbortSignal): Promise<string[][]> {
  const form = component || (scaled && packed(source.stat)) ? 'f8' : 'native';
  const none = scaled && form === 'native' ? isFill(source.stat) : () => false; // in the digits of their type, but for what is none
  const answers = await slices(source, column, sel, form, signal);
  return answers.flatMap(lines).map(row => row.map(text => (none(text) ? 'NaN' : text)));
}

// Reads a selection in parts that fit into answers, along the first axis that is not a single place.
async function slices(source: Source, column: Column, whole: string, form: 'native' | 'f8', signal: AbortSignal): Promise<Answer[]> {
  const size = form === 'f8' ? 8 : source.stat.type?.size || 8;
  const out: Answer[] = [];
  for (const sel of partsOf(whole, source.stat.shape || [], size)) {
    out.push(await source.slice(column, sel, form, signal));
  }
  return out;
}

// One axis is a column; of more axes the last is a row.
function lines(a: Answer): string[][] {
  const shape: number[] = a.shape;
  const across = shape.length > 1 ? shape[shape.length - 1] : 1;
  const text: string[] = a.text || elements(a);
  const out: string[][] = [];
  for (let i = 0; i < text.length; i += across) {
    out.push(text.slice(i, i + across));
  }
  return out;
}

function elements(a: Answer): string[] {
  const n = numbers(a.arrays[0]);
  const per = a.dtype.startsWith('<c') ? 2 : 1;
  return Array.from({ length: n.length / per }, (_, i) => elementText(n, i, a.dtype)).map(t => a.names?.[t] ?? t);
}

// The rows of a table in the order and under the filter that it has.
async function tableText(source: Source, { sort, filter }: Shown, signal: AbortSignal): Promise<string[][]> {
  const names = source.stat.type!.members!.map(m => m.name);
  const rows: string[][] = [names];
  let total = Infinity;
  for (let from = 0; from < total; from += tableRows) {
    const args = { file: source.file, path: source.path, rows: `${from}:${from + tableRows}`, columns: names, ...(sort && { sort }), ...(filter && { filter }) };
    const a = await source.client.request('table', args, { signal });
    total = a.total;
    const columns: string[][] = a.columns.map((c: any) => c.strings || elements({ ...a, arrays: [a.arrays[c.buffer]], dtype: a.arrays[c.buffer].dtype }));
    for (let i = 0; i < a.count; i++) {
      rows.push(columns.map(c => c[i]));
    }
  }
  return rows;
}
