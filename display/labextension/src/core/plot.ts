import uPlot from 'uplot';
import { el, set } from './dom';
import { numberText, tickText } from './format';
import { themeOf, Theme } from './theme';
import { visible } from './visible';

/** A line of a plot; gaps are null. Band is the half width of an area around it. */
export interface Trace {
  label: string;
  y: (number | null | undefined)[];
  color: number;
  band?: (number | null | undefined)[];
  thin?: boolean;
}

/** What a plot shows. All traces have their values at the places x, which rise. */
export interface Drawing {
  x: number[];
  traces: Trace[];
  xLabel: string;
  yLabel: string;
  logX: boolean;
  logY: boolean;
  /** Single points instead of lines. */
  points: boolean;
  range: [number, number];
  /** What zooming out ends at, where that is known. */
  bounds?: [number, number];
  yRange?: [number, number];
}

/** What a plot tells about its user, and what may paint over it. */
export interface PlotEvents {
  zoom(low: number, high: number): void;
  reset(): void;
  paint?(u: uPlot, theme: Theme): void;
}

const heightOfLegend = 34; // of one line; of many traces there are two

/** Plot draws lines by uPlot. Zoom by dragging, by the wheel and by keys is asked of its owner, who has more data. */
export class Plot {
  readonly node = el('div', { class: 'gofive-plot', tabindex: 0 });
  private u: uPlot | null = null;
  private drawing: Drawing | null = null;
  private range: [number, number] = [0, 1]; // in view, of X
  private down = false; // a button of the mouse is
  private next: Drawing | null = null; // what came meanwhile: a drag is over what is drawn
  private resize: ResizeObserver | null = null;
  private up = () => this.release();

  constructor(private events: PlotEvents) {
    this.node.addEventListener('mousedown', () => (this.down = true));
    window.addEventListener('mouseup', this.up); // after uPlot, which listens to the document
    this.node.addEventListener('wheel', e => this.wheel(e), { passive: false });
    this.node.addEventListener('keydown', e => this.key(e));
    this.node.addEventListener('dblclick', () => events.reset());
    if (typeof ResizeObserver !== 'undefined') {
      this.resize = new ResizeObserver(() => this.fit());
      this.resize.observe(this.node);
    }
  }

  /** The width of the plot itself in px: how many stretches can be told apart. */
  get width(): number {
    return Math.max(200, (this.node.clientWidth || 600) - 70);
  }

  draw(d: Drawing): void {
    if (this.down && this.u) {
      this.next = d;
      return;
    }
    this.drawing = d;
    this.range = d.range;
    this.u?.destroy();
    this.u = new uPlot(this.options(d), this.data(d), this.node);
    set(this.node, 'role', 'img'); // with its name: a picture without one says nothing
    set(this.node, 'aria-label', `Plot of ${d.traces.map(t => t.label).join(', ')} over ${d.xLabel}, from ${numberText(d.range[0])} to ${numberText(d.range[1])}. Zoom by plus and minus, move by arrows, 0 shows all.`);
  }

  /** Draws what is there in another range, until the owner has more. */
  peek(low: number, high: number): void {
    this.range = [low, high];
    this.u?.setScale('x', { min: low, max: high });
  }

  /** Draws again, in the colours that hold now. */
  redraw(): void {
    if (this.drawing) {
      this.draw(this.drawing);
    }
  }

  /** Gives the index of the point nearest to a place of the plot, in px from its left. */
  nearest(px: number): number {
    return this.u!.posToIdx(px);
  }

  canvas(): HTMLCanvasElement {
    return this.u!.ctx.canvas;
  }

  dispose(): void {
    window.removeEventListener('mouseup', this.up);
    this.resize?.disconnect();
    this.u?.destroy();
  }

  private release(): void {
    const { next } = this;
    this.down = false;
    this.next = null;
    if (next) {
      this.draw(next);
    }
  }

  private fit(): void {
    if (this.u && this.node.clientWidth > 0) {
      this.u.setSize(this.size());
    }
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(200, this.node.clientWidth || 670), height: Math.max(120, (this.node.clientHeight || 400) - heightOfLegend * ((this.drawing?.traces.length || 0) > 4 ? 1.6 : 1)) };
  }

  private data(d: Drawing): uPlot.AlignedData {
    const rows: (number | null | undefined)[][] = [d.x];
    for (const t of d.traces) {
      rows.push(t.y);
      if (t.band) {
        rows.push(t.y.map((y, i) => add(y, t.band![i], 1)), t.y.map((y, i) => add(y, t.band![i], -1)));
      }
    }
    const positive = (row: typeof rows[0]) => row.map(v => (v !== null && v !== undefined && v > 0 ? v : null));
    return (d.logY ? [rows[0], ...rows.slice(1).map(positive)] : rows) as uPlot.AlignedData;
  }

  private options(d: Drawing): uPlot.Options {
    const theme = themeOf(this.node);
    const [low, high] = d.yRange || rangeOfTraces(d);
    const scale = (range: () => [number, number], log: boolean): uPlot.Scale => ({ time: false, auto: false, range, distr: log ? 3 : 1 });
    return {
      ...this.size(),
      scales: { x: scale(() => this.range, d.logX), y: scale(() => [low, high], d.logY) },
      series: this.series(d, theme),
      bands: this.bands(d, theme),
      axes: [{ ...axis(d.xLabel, theme), size: 34, space: 80 }, { ...axis(d.yLabel, theme), size: 64 }],
      legend: { live: true },
      cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 5 }, bind: { dblclick: () => null } },
      hooks: { setSelect: [u => this.selected(u)], draw: [u => this.events.paint?.(u, theme)] },
    };
  }

  private series(d: Drawing, theme: Theme): uPlot.Series[] {
    const value = (_: uPlot, v: number) => (v === null || v === undefined ? '—' : numberText(v));
    const out: uPlot.Series[] = [{ label: visible(d.xLabel), value }];
    for (const t of d.traces) {
      const stroke = theme.lines[t.color % theme.lines.length];
      const points = d.points ? { show: true, size: 3, fill: stroke, stroke } : { show: false };
      out.push({ label: visible(t.label), stroke, width: t.thin ? 0.7 : 1.2, points, value, ...(d.points && { paths: () => null }) });
      if (t.band) {
        const edge = { class: 'gofive-edge', width: 0, points: { show: false } };
        out.push({ ...edge }, { ...edge });
      }
    }
    return out;
  }

  private bands(d: Drawing, theme: Theme): uPlot.Band[] {
    const out: uPlot.Band[] = [];
    let row = 1;
    for (const t of d.traces) {
      if (t.band) {
        out.push({ series: [row + 1, row + 2], fill: theme.lines[t.color % theme.lines.length] + '40' });
      }
      row += t.band ? 3 : 1;
    }
    return out;
  }

  private selected(u: uPlot): void {
    const { left, width } = u.select;
    if (width > 3) {
      const range = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
      u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      this.zoom(range[0], range[1]);
    }
  }

  private zoom(low: number, high: number): void {
    this.next = this.next && { ...this.next, range: [low, high] };
    this.peek(low, high);
    this.events.zoom(low, high);
  }

  private wheel(e: WheelEvent): void {
    const u = this.u;
    if (!u || !(e.target instanceof Node) || !u.over.contains(e.target)) {
      return;
    }
    e.preventDefault();
    const at = (e.clientX - u.over.getBoundingClientRect().left) / u.over.clientWidth;
    if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      this.move((e.deltaX || e.deltaY) / 500);
    } else {
      this.stretch(at, e.deltaY > 0 ? 1.25 : 0.8);
    }
  }

  // Works in what is even on the axis: in logarithms where it is logarithmic.
  private transform(f: (low: number, high: number) => [number, number]): void {
    const [min, max] = this.range;
    const { logX, bounds } = this.drawing!;
    const [there, back] = logX ? [Math.log, Math.exp] : [Number, Number];
    const [low, high] = kept(f(there(min), there(max)), bounds?.map(v => there(v)));
    this.zoom(back(low), back(high));
  }

  private stretch(at: number, factor: number): void {
    this.transform((low, high) => {
      const fixed = low + at * (high - low);
      return [fixed - (fixed - low) * factor, fixed + (high - fixed) * factor];
    });
  }

  private move(share: number): void {
    this.transform((low, high) => [low + share * (high - low), high + share * (high - low)]);
  }

  private key(e: KeyboardEvent): void {
    const keys: { [key: string]: () => void } = {
      '+': () => this.stretch(0.5, 0.5), '=': () => this.stretch(0.5, 0.5), '-': () => this.stretch(0.5, 2),
      ArrowLeft: () => this.move(-0.2), ArrowRight: () => this.move(0.2), '0': () => this.events.reset(),
    };
    if (this.u && keys[e.key] && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      e.stopPropagation();
      keys[e.key]();
    }
  }
}

function axis(label: string, theme: Theme): uPlot.Axis {
  return {
    label: visible(label), stroke: theme.ink, font: theme.font, labelFont: theme.font, labelSize: 20,
    grid: { stroke: theme.edge, width: 0.5 }, ticks: { stroke: theme.edge, width: 0.5 },
    values: (_, splits) => splits.map(v => (v === null ? '' : tickText(v))),
  };
}

function add(y: number | null | undefined, band: number | null | undefined, sign: number): number | null | undefined {
  return y === null || y === undefined || band === null || band === undefined ? null : y + sign * band;
}

/** Moves a range into bounds, which it then does not exceed; bounds that are none keep nothing. */
export function kept([low, high]: [number, number], bounds: number[] = []): [number, number] {
  const [from, to] = bounds;
  if (!Number.isFinite(from) || !Number.isFinite(to) || to <= from) {
    return [low, high];
  }
  const width = Math.min(high - low, to - from);
  const start = Math.min(Math.max(low, from), to - width);
  return [start, start + width];
}

/** Gives the range of the values in view, with a little room. */
function rangeOfTraces(d: Drawing): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const t of d.traces) {
    for (let i = 0; i < d.x.length; i++) {
      const y = t.y[i];
      if (y === null || y === undefined || !Number.isFinite(y) || d.x[i] < d.range[0] || d.x[i] > d.range[1] || (d.logY && y <= 0)) {
        continue;
      }
      const band = t.band?.[i] || 0;
      low = Math.min(low, d.logY && y - band <= 0 ? y : y - band);
      high = Math.max(high, y + band);
    }
  }
  return withRoom(low, high, d.logY);
}

/** Gives a range with a little room at both ends; one that is empty becomes one around its place. */
export function withRoom(low: number, high: number, log: boolean): [number, number] {
  if (!(low <= high)) {
    return log ? [1, 10] : [0, 1];
  }
  if (log) {
    return [low / 1.3, high * 1.3];
  }
  const room = high > low ? (high - low) * 0.05 : Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}
