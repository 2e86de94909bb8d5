import { mostBytes } from './source';

/** What is selected of an axis. */
export interface Axis {
  start: number;
  stop: number;
  step: number;
  part: string;
}

/** Reads a selection as the extension writes it: of each axis a place or a part. */
export function axesOf(sel: string, shape: number[]): Axis[] {
  return shape.map((n, i) => {
    const part = sel.split(',')[i]?.trim() || ':';
    const m = /^(\d*):(\d*)(?::(\d+))?$/.exec(part);
    return m ? { start: Number(m[1] || 0), stop: m[2] ? Math.min(n, Number(m[2])) : n, step: Number(m[3] || 1), part } : { start: 0, stop: 1, step: 1, part };
  });
}

/** Gives how many places are selected. */
export function countOf(a: Axis): number {
  return Math.max(1, Math.ceil((a.stop - a.start) / a.step));
}

/** Splits a selection into parts of at most 8 MiB each, if elements have size bytes. */
export function partsOf(sel: string, shape: number[], size: number): string[] {
  if (shape.length === 0) {
    return [''];
  }
  const axes = axesOf(sel, shape);
  const split = axes.findIndex(a => a.part.includes(':'));
  if (split < 0) {
    return [sel];
  }
  const row = axes.reduce((n, a, i) => (i === split ? n : n * countOf(a)), size);
  const a = axes[split];
  const step = Math.max(1, Math.floor(mostBytes / row)) * a.step;
  const out: string[] = [];
  for (let start = a.start; start < a.stop || out.length === 0; start += step) {
    const part = `${start}:${Math.min(a.stop, start + step)}${a.step > 1 ? ':' + a.step : ''}`;
    out.push(axes.map((b, i) => (i === split ? part : b.part)).join(', '));
  }
  return out;
}
