import { elementText, numbers } from './arrays';
import { Blocks } from './blocks';
import { meantText } from './packing';
import { Slicer } from './slicer';
import { Source } from './source';
import { Answer } from './protocol';

/** A part of a table as text, column by column. */
interface Block {
  columns: { text: string[]; numeric: boolean }[];
}

const blockRows = 200;
const blockColumns = 50;
const mostBlocks = 60;

/** TableData gives the cells of a dataset as text, read in blocks as they come into view. */
export class TableData {
  rows: number;
  columns: number;
  /** The names of the columns; empty for those that are numbers. */
  names: string[];
  sort = '';
  filter = '';
  private blocks = new Blocks<Block>(mostBlocks);
  private stop = new AbortController();

  constructor(private source: Source, private slicer: Slicer, private changed: () => void, private failed: (e: unknown) => void) {
    const { type, shape } = source.stat;
    this.names = (type?.members || []).map(m => m.name);
    if (!this.named && shape!.length < 2) {
      this.names = ['value'];
    }
    this.rows = 0;
    this.columns = 0;
    this.reset();
  }

  /** Reports whether rows can be sorted and filtered by columns. */
  get named(): boolean {
    return this.source.stat.type?.class === 'compound';
  }

  /** Forgets everything: another slice, order or filter is shown. */
  reset(): void {
    this.again();
    this.blocks.clear();
    this.measure();
  }

  /** Reads again what was written or has grown; how many rows a filter leaves the kernel tells. */
  renew(): void {
    this.again();
    this.blocks.renew();
    const { rows } = this;
    this.measure();
    this.rows = this.filter ? rows : this.rows;
  }

  private again(): void {
    this.stop.abort();
    this.stop = new AbortController();
  }

  private measure(): void {
    const shape = this.source.stat.shape!;
    const axes = this.slicer.axes.slice().sort((a, b) => a - b); // rows come as the file has them
    this.rows = shape.length === 0 ? 1 : shape[axes[0]];
    this.columns = this.names.length || shape[axes[1]];
  }

  /** Gives a cell, "" and not numeric until it is there. */
  cell(row: number, column: number): { text: string; numeric: boolean } {
    const r = Math.floor(row / blockRows);
    const c = Math.floor(column / blockColumns);
    const { signal } = this.stop;
    const block = this.blocks.get(`${r},${c}`, () => this.read(r * blockRows, c * blockColumns), this.changed, e => signal.aborted || this.failed(e));
    const part = block?.columns[column - c * blockColumns];
    return { text: part?.text[row - r * blockRows] ?? '', numeric: part?.numeric ?? false };
  }

  dispose(): void {
    this.stop.abort();
  }

  private async read(row: number, column: number): Promise<Block> {
    const to = Math.min(this.columns, column + blockColumns);
    const columns = this.named ? this.names.slice(column, to) : this.names.length ? undefined : `${column}:${to}`;
    const sel = this.source.stat.shape!.length > 1 ? { sel: this.slicer.selection() } : {};
    const args = { file: this.source.file, path: this.source.path, scaled: !this.source.raw, rows: `${row}:${row + blockRows}`, columns, ...sel, ...(this.sort && { sort: this.sort }), ...(this.filter && { filter: this.filter }) };
    const answer = await this.source.client.request('table', args, { signal: this.stop.signal });
    this.rows = answer.total ?? this.rows;
    return { columns: answer.columns.map((c: any) => this.meant(texts(answer, c))) };
  }

  private meant(c: Block['columns'][0]): Block['columns'][0] {
    return c.numeric ? { ...c, text: c.text.map(meantText(this.source)) } : c;
  }
}

function texts(a: Answer, c: any): Block['columns'][0] {
  if (c.strings) {
    return { text: c.strings, numeric: false };
  }
  const named = a.arrays[c.buffer];
  const n = numbers(named);
  const per = named.dtype.startsWith('<c') ? 2 : 1;
  return { text: Array.from({ length: n.length / per }, (_, i) => elementText(n, i, named.dtype)).map(t => c.names?.[t] ?? t), numeric: !c.names };
}
