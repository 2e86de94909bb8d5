import { Points } from './curve';

/** Lines over the same places; undefined where one has no value of its own, which is no gap. */
export interface Aligned {
  x: number[];
  y: (number | null | undefined)[][];
}

/** Puts lines over the places of all of them. */
export function align(lines: Points[]): Aligned {
  if (lines.length === 0) {
    return { x: [], y: [] };
  }
  const first = lines[0].x;
  if (lines.every(l => l === lines[0] || same(l.x, first))) {
    return { x: first, y: lines.map(l => l.y) };
  }
  const x = [...new Set(lines.flatMap(l => l.x))].sort((a, b) => a - b);
  return { x, y: lines.map(l => spread(l, x)) };
}

function same(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

function spread(l: Points, x: number[]): (number | null | undefined)[] {
  const at = new Map(l.x.map((v, i) => [v, l.y[i]]));
  return x.map(v => at.get(v));
}
