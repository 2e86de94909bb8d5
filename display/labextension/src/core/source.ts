import { doubles } from './arrays';
import { Answer, Client } from './protocol';
import { Stat } from './stat';
import { Shown } from './view';

/** A dataset, or a column of one. */
export interface Column {
  path: string;
  field?: string;
  /** What is seen of complex numbers. */
  component?: string;
}

/** A line as the kernel decimated it: the least and greatest of each stretch. */
export interface Curve {
  index: Float64Array;
  min: Float64Array;
  max: Float64Array;
  xmin?: Float64Array;
  xmax?: Float64Array;
  from: number;
  to: number;
  full: boolean;
  nan: number;
  /** Only what is known so far: stretches of which nothing is have NaN. */
  early?: boolean;
}

/** An image as the kernel decimated it, row by row. */
export interface Picture {
  width: number;
  height: number;
  rows: [number, number];
  columns: [number, number];
  values: Float64Array;
  full: boolean;
}

/** Exchanges rows and columns. */
export function transpose(p: Picture): Picture {
  const values = new Float64Array(p.values.length);
  for (let y = 0; y < p.height; y++) {
    for (let x = 0; x < p.width; x++) {
      values[x * p.height + y] = p.values[y * p.width + x];
    }
  }
  return { ...p, width: p.height, height: p.width, rows: p.columns, columns: p.rows, values };
}

/** What is seen of numbers, as requests say it: as CF's attributes say they are meant, and what of complex ones. */
export interface Lens {
  scaled?: boolean;
  component?: string;
}

/** How the kernel tells of its progress: elements done, of how many, and what is known of a line so far. */
export type Progress = (done: number, total: number, early?: Curve) => void;

/**
 * Gives the selection of a dataset at the places of a line of another: the same of one with as many
 * axes, of one with a single axis that of the axis that is drawn.
 */
export function along(of: Stat, line: Stat, sel: string): string {
  return of.shape?.length === line.shape!.length ? sel : sel.split(', ').find(part => part.includes(':')) || '';
}

/** The most bytes that one answer brings. */
export const mostBytes = 8 << 20;

/** Source asks the kernel for the values of one file's objects. */
export class Source {
  /** Numbers as they are stored, instead of as CF's attributes say they are meant. */
  raw = false;

  /** stat may be replaced by that of the same dataset after it has grown. */
  constructor(readonly client: Client, readonly file: string, readonly path: string, public stat: Stat) {}

  /** Asks for a line of at most width stretches, over another column if x is given. */
  async curve(c: Column, sel: string, width: number, x: Column | null, signal: AbortSignal, progress?: Progress): Promise<Curve> {
    const args = { file: this.file, ...c, sel, width, method: 'minmax', ...this.lens, ...(x && { x }) };
    return curveIn(await this.client.request('decimate', args, { signal, onPart: p => progress?.(p.done, p.total, p.early && curveIn(p)) }));
  }

  get lens(): Lens {
    return this.raw ? {} : { scaled: true };
  }

  /** Asks for an image of at most width x height. */
  async picture(c: Column, sel: string, width: number, height: number, method: string, signal: AbortSignal, progress?: Progress): Promise<Picture> {
    const args = { file: this.file, ...c, sel, width, height, method, ...this.lens };
    const a = await this.client.request('decimate', args, { signal, onPart: p => progress?.(p.done, p.total) });
    return { width: a.width, height: a.height, rows: a.rows, columns: a.columns, full: a.full, values: named(a, 'image')! };
  }

  /** Asks for values: native as they are stored, f8 as they are seen. Fails where they are more than 8 MiB. */
  slice(c: Column, sel: string, as: 'native' | 'f8' | 'text', signal?: AbortSignal): Promise<Answer> {
    return this.client.request('slice', { file: this.file, ...c, sel, as, max: mostBytes, ...this.lens }, { signal });
  }

  /** Asks for values in double precision. */
  async values(c: Column, sel: string, signal?: AbortSignal): Promise<Float64Array> {
    return doubles((await this.slice(c, sel, 'f8', signal)).arrays[0]);
  }

  /** Gives the source of another dataset of the file, seen in the same way. */
  async of(path: string, signal: AbortSignal): Promise<Source> {
    if (path === this.path) {
      return this;
    }
    const stat = await this.client.request('stat', { file: this.file, path }, { signal });
    const other = new Source(this.client, this.file, path, stat as unknown as Stat);
    other.raw = this.raw;
    return other;
  }

  /** Asks for the Go lines that open, read and draw what is shown. */
  async code({ lens, ...shown }: Shown): Promise<string> {
    const a = await this.client.request('stat', { file: this.file, path: this.path, ...shown, ...lens });
    return (a.code || []).join('\n');
  }
}

function curveIn(a: Answer): Curve {
  const get = (name: string) => named(a, name);
  return { index: get('index')!, min: get('min')!, max: get('max')!, xmin: get('xmin'), xmax: get('xmax'), from: a.from, to: a.to, full: a.full, nan: a.nan, early: a.early };
}

function named(a: Answer, name: string): Float64Array | undefined {
  const found = a.arrays.find(n => n.name === name);
  return found && doubles(found);
}
