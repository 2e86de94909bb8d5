import { align } from './align';
import { componentOf, components, isComplex } from './complex';
import { oneWay, orGap, placesOf, Points, points } from './curve';
import { el } from './dom';
import { baseName, countText } from './format';
import { Latest } from './latest';
import { LineControls } from './linecontrols';
import { Plot } from './plot';
import { Range, Slice } from './slicer';
import { along, Column, Curve } from './source';
import { Stat } from './stat';
import { packed, packing } from './packing';
import { Frame, Shown, View } from './view';

/** What one line is made of. */
interface Line extends Slice {
  column: Column;
}

/** The most points that are drawn one by one. */
const mostPoints = 20_000;

/** How long a zoom waits for the next question to the kernel, in ms. */
const pace = 60;

/** LineView draws lines along one axis. A zoom asks the kernel for the part in view. */
export class LineView implements View {
  readonly node: HTMLElement;
  private controls: LineControls;
  private plot: Plot;
  private latest: Latest;
  private range: [number, number] | null = null; // of X; null for all
  private places: Range | null = null; // on the axis across
  private curve: Curve | null = null; // the first line, which tells where X is
  private whole: Curve | null = null; // the same without a zoom
  private lines: Line[] = []; // that are drawn
  private dots = false; // each by its points
  private stats = new Map<string, Promise<Stat>>();

  constructor(private frame: Frame) {
    const { slicer, source } = frame;
    this.latest = new Latest(e => frame.fail(e));
    this.controls = new LineControls(source, source.stat.dims?.[slicer.x]?.scales?.[0], axes => (axes ? this.load() : this.update()));
    this.plot = new Plot({ zoom: (low, high) => this.zoom(low, high), reset: () => this.update() });
    this.node = el('div', { class: 'gofive-view' }, this.controls.node, this.plot.node);
  }

  update(): void {
    this.range = this.places = this.whole = null;
    this.load();
  }

  part(): any {
    return { range: this.range, places: this.places, choice: this.controls.choice };
  }

  resume(part: any): void {
    this.controls.take(part.choice);
    this.range = part.range;
    this.places = part.places;
    this.renew();
  }

  renew(): void {
    if (this.places && this.places.stop > this.length) {
      this.range = this.places = null;
    }
    this.whole = null;
    this.load();
  }

  shown(): Shown {
    const { source, slicer } = this.frame;
    const { fields: [field = ''], component, x, errors, logX, logY } = this.controls.choice;
    const range = x ? this.range : this.places && [this.places.start, this.places.stop - 1];
    const look = { ...(range && { range }), ...(logX && { logx: true }), ...(logY && { logy: true }), labels: this.labels(this.lines) };
    const series = this.lines.map(({ column, sel, label }) => ({ ...column, sel, label }));
    const lens = { ...source.lens, ...componentOf(source.stat.type, field, component) };
    return { sel: slicer.selection(this.places), field, show: this.dots ? 'points' : 'line', lens, series, ...(x && { x }), ...(errors && { errors }), look };
  }

  canvas(): HTMLCanvasElement {
    return this.plot.canvas();
  }

  redraw(): void {
    this.plot.redraw();
  }

  dispose(): void {
    this.latest.cancel();
    this.plot.dispose();
  }

  private get length(): number {
    return this.frame.source.stat.shape![this.frame.slicer.x];
  }

  private zoom(low: number, high: number): void {
    if (!this.controls.choice.x) {
      const start = Math.max(0, Math.floor(low));
      const stop = Math.min(this.length, Math.ceil(high) + 1);
      if (stop - start >= this.length || stop - start < 2) {
        stop - start < 2 || this.latest.paced(pace, s => this.all(s));
        return;
      }
      this.places = { start, stop };
    } else if (this.curve && oneWay(this.curve)) {
      const [start, stop] = placesOf(this.inside(low, high) ? this.curve : this.whole || this.curve, low, high);
      this.places = { start, stop };
    }
    this.range = [low, high];
    this.latest.paced(pace, signal => this.read(signal));
  }

  // A zoom into the part at hand is told from it; one that leaves it from the whole.
  private inside(low: number, high: number): boolean {
    const { xmin, xmax } = this.curve!;
    const n = xmin!.length - 1;
    return Math.min(xmin![0], xmin![n]) <= low && Math.max(xmax![0], xmax![n]) >= high;
  }

  private async all(signal: AbortSignal): Promise<void> {
    this.range = this.places = null;
    await this.read(signal);
  }

  private load(): void {
    void this.latest.run(signal => this.read(signal));
  }

  private own(): Line[] {
    const { source, slicer } = this.frame;
    const { fields, component } = this.controls.choice;
    const columns: Column[] = fields.length ? fields.map(field => ({ path: source.path, field, component })) : [{ path: source.path, component }];
    return columns.flatMap(column => slicer.selections(this.places).map(s => ({ ...s, column, label: [column.field, s.label].filter(Boolean).join(' ') || this.label() })));
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { x, others } = this.controls.choice;
    const lines = [...this.own(), ...(await Promise.all(others.map(c => this.other(c))))];
    this.frame.say('Reading …');
    const early = lines.length === 1 && !x ? (c: Curve) => this.draw(lines, [points(c)], false, null) : undefined;
    const curves = await Promise.all(lines.map(l => this.curveOf(l, x, signal, early)));
    this.curve = curves[0];
    this.whole = this.places ? this.whole : this.curve;
    if (x && !curves.every(oneWay)) {
      await this.scatter(lines, x, signal);
      return;
    }
    const errors = this.controls.choice.errors;
    const bands = errors ? await this.curveOf({ ...lines[0], ...(await this.other(errors)) }, x, signal) : null;
    this.draw(lines, curves.map(points), false, bands && points(bands));
    this.frame.say(this.told(curves));
  }

  private label(): string {
    const { source } = this.frame;
    return isComplex(source.stat.type) ? `${this.controls.choice.component} of ${baseName(source.path)}` : baseName(source.path);
  }

  private curveOf(l: Line, x: Column | null, signal: AbortSignal, early?: (c: Curve) => void): Promise<Curve> {
    return this.frame.source.curve(l.column, l.sel, this.plot.width, x, signal, (done, total, known) => {
      known && early?.(known);
      this.frame.say('Reading …', done / total);
    });
  }

  // Another dataset is read at the same places, when it has as many axes, or along its only one.
  private async other(column: Column): Promise<Line> {
    const { source, slicer } = this.frame;
    const stat = await this.statOf(column.path);
    const sel = along(stat, source.stat, slicer.selection(this.places));
    return { column, sel, label: column.field || baseName(column.path) };
  }

  private statOf(path: string): Promise<Stat> {
    const { client, file } = this.frame.source;
    const known = this.stats.get(path) || (client.request('stat', { file, path }) as unknown as Promise<Stat>);
    this.stats.set(path, known);
    known.catch(() => this.stats.delete(path));
    return known;
  }

  private draw(lines: Line[], all: Points[], dots: boolean, bands: Points | null): void {
    const { logX, logY } = this.controls.choice;
    const { x: at, y } = align(all);
    this.lines = lines;
    this.dots = dots;
    const traces = lines.map((l, i) => ({ label: l.label, y: y[i], color: i, ...(bands && i === 0 && { band: bands.y }) }));
    const [xLabel, yLabel] = this.labels(lines);
    this.plot.draw({ x: at, traces, xLabel, yLabel, logX, logY, points: dots, range: this.xRange(at, logX), bounds: this.bounds });
  }

  private labels(lines: Line[]): [string, string] {
    const { slicer, source } = this.frame;
    const { x } = this.controls.choice;
    const label = lines.length === 1 ? lines[0].label : baseName(source.path);
    const unit = this.unit();
    return [x ? x.field || baseName(x.path) : slicer.name(slicer.x), label + (unit ? ` [${unit}]` : '')];
  }

  // All of X, where the part in view may be less.
  private get bounds(): [number, number] | undefined {
    if (!this.controls.choice.x) {
      return [0, this.length - 1];
    }
    const { xmin, xmax } = this.whole || {};
    const last = (xmin?.length ?? 0) - 1;
    return xmin && xmax && oneWay(this.whole!) ? [Math.min(xmin[0], xmin[last]), Math.max(xmax[0], xmax[last])] : undefined;
  }

  private xRange(x: number[], log: boolean): [number, number] {
    const from = log ? x.find(v => v > 0) ?? 1 : x[0] ?? 0;
    const to = x.length ? x[x.length - 1] : 1;
    const [low, high] = this.range || [from, to];
    return [log && low <= 0 ? from : low, high > low ? high : low + 1];
  }

  // Where X goes to and fro each element is a point.
  private async scatter(lines: Line[], x: Column, signal: AbortSignal): Promise<void> {
    const { slicer, source } = this.frame;
    const n = this.length;
    const step = Math.ceil(n / mostPoints);
    const part = { start: 0, stop: n, step };
    const xs = await source.values(x, x.path === source.path ? slicer.selection(part) : `0:${n}:${step}`, signal);
    const order = Array.from(xs.keys()).filter(i => Number.isFinite(xs[i])).sort((a, b) => xs[a] - xs[b]);
    const all = await Promise.all(lines.map(async l => {
      const ys = await source.values(l.column, step > 1 || this.places ? slicer.selection(part) : l.sel, signal);
      return { x: order.map(i => xs[i]), y: order.map(i => orGap(ys[i])) };
    }));
    this.draw(lines, all, true, null);
    this.frame.say(`${countText(order.length)} points` + (step > 1 ? `, each ${countText(step)}th of ${countText(n)}` : ''));
  }

  // The unit is that of the numbers that are meant.
  private unit(): string {
    const { stat, raw } = this.frame.source;
    const phase = isComplex(stat.type) && this.controls.choice.component === components[1];
    return phase ? 'rad' : raw && packed(stat) ? '' : stat.unit || '';
  }

  private told(curves: Curve[]): string {
    const c = curves[0];
    const nan = curves.reduce((sum, k) => sum + (k.nan || 0), 0);
    const n = `${countText(c.to - c.from)} values`;
    return (c.full ? n : `${n}, least and greatest of ${countText(c.index.length)} stretches`) + (nan ? `, ${countText(nan)} without a value` : '') + packing(this.frame.source);
  }
}
