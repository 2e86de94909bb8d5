import { Curve } from './source';

/** Points of a line as they are drawn: their places rise, gaps are null. */
export interface Points {
  x: number[];
  y: (number | null)[];
}

/**
 * Turns a decimated line into points: one for each element, or two for each stretch, its least and
 * its greatest value, so that nothing that sticks out is lost. An early line goes on over what is not
 * known yet.
 */
export function points(c: Curve): Points {
  const out: Points = { x: [], y: [] };
  const n = c.index.length;
  const falls = !!c.xmin && n > 1 && c.xmin[n - 1] < c.xmin[0];
  for (let k = 0; k < n; k++) {
    const i = falls ? n - 1 - k : k;
    if (c.early && Number.isNaN(c.min[i])) {
      continue;
    }
    const low = c.xmin ? c.xmin[i] : c.index[i];
    const high = c.xmax ? c.xmax[i] : i + 1 < n ? c.index[i + 1] : c.to;
    out.x.push(low);
    out.y.push(orGap(c.min[i]));
    if (!c.full) {
      out.x.push((low + high) / 2);
      out.y.push(orGap(c.max[i]));
    }
  }
  return out;
}

export function orGap(y: number): number | null {
  return Number.isFinite(y) ? y : null;
}

/** Reports whether X goes one way along the line: only then is a stretch of places a stretch of X. */
export function oneWay(c: Curve): boolean {
  const { xmin, xmax } = c;
  if (!xmin || !xmax) {
    return true;
  }
  let up = true;
  let down = true;
  for (let i = 0; i < xmin.length; i++) {
    if (Number.isNaN(xmin[i])) {
      return false;
    }
    up = up && (i === 0 || xmin[i] >= xmax[i - 1]);
    down = down && (i === 0 || xmax[i] <= xmin[i - 1]);
  }
  return up || down;
}

/** Gives the places between which X is low to high, a stretch more at either end; X goes one way. */
export function placesOf(c: Curve, low: number, high: number): [number, number] {
  let from = c.to;
  let to = c.from;
  const n = c.index.length;
  for (let i = 0; i < n; i++) {
    if (c.xmax![i] >= low && c.xmin![i] <= high) {
      from = Math.min(from, c.index[Math.max(0, i - 1)]);
      to = Math.max(to, i + 2 < n ? c.index[i + 2] : c.to);
    }
  }
  return from < to ? [from, to] : [c.from, c.to];
}
