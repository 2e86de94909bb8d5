import { choice, tick } from './button';
import { colorMaps, colorTable, diverging, paint, rangeOf, Scale } from './colormap';
import { componentOf, components, isComplex } from './complex';
import { add, el } from './dom';
import { countText, numberText } from './format';
import { HeatCanvas } from './heatcanvas';
import { Latest } from './latest';
import { packed, packing } from './packing';
import { Range } from './slicer';
import { Picture, transpose } from './source';
import { Frame, Shown, View } from './view';

const cuts: [string, string][] = [['0', 'all values'], ['0.01', '1 to 99 %'], ['0.05', '5 to 95 %']];

/** HeatView paints two axes as a picture whose colours are the values. A zoom asks for the part in view. */
export class HeatView implements View {
  readonly node: HTMLElement;
  private heat: HeatCanvas;
  private latest: Latest;
  private picture: Picture | null = null;
  private rows: Range | null = null;
  private columns: Range | null = null;
  private map = 'viridis';
  private cut = 0;
  private log = false;
  private method = 'mean';
  private component = components[0];

  constructor(private frame: Frame) {
    this.latest = new Latest(e => frame.fail(e));
    this.heat = new HeatCanvas({ zoom: (r, c) => this.zoom(r, c), reset: () => this.update(), point: (r, c) => this.point(r, c) });
    this.node = el('div', { class: 'gofive-view' }, this.controls(), this.heat.node);
  }

  update(): void {
    this.rows = this.columns = null;
    void this.latest.run(s => this.read(s));
  }

  renew(): void {
    this.resume(this.part());
  }

  part(): any {
    return { rows: this.rows, columns: this.columns };
  }

  resume({ rows, columns }: any): void {
    const { source, slicer } = this.frame;
    const [height, width] = slicer.axes.map(i => source.stat.shape![i]);
    const fits = rows && columns && rows.stop <= height && columns.stop <= width;
    [this.rows, this.columns] = fits ? [rows, columns] : [null, null];
    void this.latest.run(s => this.read(s));
  }

  shown(): Shown {
    const { source, slicer } = this.frame;
    const lens = { ...source.lens, ...componentOf(source.stat.type, '', this.component) };
    const [y, x] = slicer.axes;
    const percentile = this.cut ? [100 * this.cut, 100 - 100 * this.cut] : undefined;
    const look = { colours: this.map, percentile, log: this.log, turned: y > x, labels: [slicer.name(x), slicer.name(y)] };
    return { sel: slicer.selection(this.rows, this.columns), field: '', show: 'image', lens, look };
  }

  canvas(): HTMLCanvasElement {
    return this.heat.canvas;
  }

  redraw(): void {
    this.draw();
  }

  dispose(): void {
    this.latest.cancel();
    this.heat.dispose();
  }

  private controls(): HTMLElement {
    const set = (f: () => void) => () => { f(); this.draw(); };
    const bar = el('div', { class: 'gofive-controls' });
    add(bar, choice('Colours', colorMaps.map(m => [m, m]), this.map, v => set(() => (this.map = v))()));
    add(bar, choice('Range of colours, of the values in view', cuts, '0', v => set(() => (this.cut = Number(v)))()));
    add(bar, tick('log', 'Logarithmic colours', false, on => set(() => (this.log = on))()));
    add(bar, choice('What stands for many values', [['mean', 'mean'], ['minmax', 'greatest'], ['nearest', 'nearest']], 'mean', v => {
      this.method = v;
      void this.latest.run(s => this.read(s));
    }));
    const component = (v: string) => {
      this.component = v;
      void this.latest.run(s => this.read(s));
    };
    add(bar, isComplex(this.frame.source.stat.type) && choice('Component of the complex numbers', components.map(c => [c, c]), this.component, component));
    return bar;
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { source, slicer } = this.frame;
    this.frame.say('Reading …');
    const { width, height } = this.heat.size;
    const sel = slicer.selection(this.rows, this.columns);
    const [y, x] = slicer.axes;
    const turned = y > x; // the kernel answers in the order of the file's axes
    const p = await source.picture({ path: source.path, component: this.component }, sel, turned ? height : width, turned ? width : height, this.method, signal, (done, total) => this.frame.say('Reading …', done / total));
    this.picture = turned ? transpose(p) : p;
    this.draw();
    this.frame.say(this.told(this.picture));
  }

  private zoom(rows: [number, number], columns: [number, number]): void {
    const { slicer, source } = this.frame;
    const [y, x] = slicer.axes;
    const whole = (r: [number, number], axis: number): Range => {
      const start = Math.max(0, Math.floor(r[0]));
      return { start, stop: Math.max(start + 1, Math.min(source.stat.shape![axis], Math.ceil(r[1]))) };
    };
    this.rows = whole(rows, y);
    this.columns = whole(columns, x);
    this.latest.paced(60, s => this.read(s));
  }

  private get scale(): Scale {
    const scale = rangeOf(this.picture!.values, this.cut, this.log);
    const most = Math.max(Math.abs(scale.low), Math.abs(scale.high));
    return this.map === diverging && !this.log ? { ...scale, low: -most, high: most } : scale;
  }

  private draw(): void {
    const p = this.picture;
    if (!p) {
      return;
    }
    const [y, x] = this.frame.slicer.axes.map(i => this.frame.slicer.name(i));
    const table = colorTable(this.map);
    this.heat.draw({ picture: p, pixels: paint(p.values, this.scale, table), scale: this.scale, table, xLabel: x, yLabel: y });
  }

  private told(p: Picture): string {
    const part = `${countText(p.rows[1] - p.rows[0])} × ${countText(p.columns[1] - p.columns[0])} values`;
    const how = { mean: 'means of neighbours', minmax: 'greatest of neighbours', nearest: 'one of each few' }[this.method];
    return (p.full ? part : `${part} as ${countText(p.height)} × ${countText(p.width)}, ${how}`) + packing(this.frame.source);
  }

  // What is under the pointer: where, and its value as painted.
  private point(row: number, column: number): void {
    const p = this.picture!;
    const at = (v: number, [from, to]: [number, number], n: number) => Math.min(n - 1, Math.max(0, Math.floor(((v - from) / (to - from)) * n)));
    const value = p.values[at(row, p.rows, p.height) * p.width + at(column, p.columns, p.width)];
    const { stat, raw } = this.frame.source;
    const unit = !raw || !packed(stat) ? stat.unit || '' : '';
    this.frame.say(`[${Math.floor(row)}, ${Math.floor(column)}]  ${numberText(value)} ${unit}`.trim() + packing(this.frame.source));
  }
}
