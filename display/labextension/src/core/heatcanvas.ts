import { position, Scale } from './colormap';
import { el, set } from './dom';
import { numberText, tickText } from './format';
import { Picture } from './source';
import { themeOf, Theme } from './theme';
import { ticks } from './ticks';
import { visible } from './visible';

/** What is painted: pixels of a picture as bytes of red, green, blue and opacity. */
export interface HeatDrawing {
  picture: Picture;
  pixels: Uint8ClampedArray;
  scale: Scale;
  table: Uint8Array;
  xLabel: string;
  yLabel: string;
}

/** What a heat map tells about its user, in places of rows and columns. */
export interface HeatEvents {
  zoom(rows: [number, number], columns: [number, number]): void;
  reset(): void;
  point(row: number, column: number): void;
}

const margin = { left: 64, right: 84, top: 8, bottom: 40 };

/** HeatCanvas paints a picture with its axes and the bar of its colours. Row 0 is on top. */
export class HeatCanvas {
  readonly canvas = el('canvas');
  readonly node: HTMLElement;
  private box = el('div', { class: 'gofive-rubber' });
  private drawing: HeatDrawing | null = null;
  private from: [number, number] | null = null; // where a drag began, in px of the picture
  private next: HeatDrawing | null = null; // what came during a drag, which is over what is painted
  private resize: ResizeObserver | null = null;

  constructor(private events: HeatEvents) {
    this.node = el('div', { class: 'gofive-heat', tabindex: 0 }, this.canvas, this.box);
    this.box.hidden = true;
    this.node.addEventListener('pointerdown', e => this.down(e));
    this.node.addEventListener('pointermove', e => this.move(e));
    this.node.addEventListener('pointerup', e => this.up(e));
    this.node.addEventListener('pointercancel', () => this.release());
    this.node.addEventListener('dblclick', () => events.reset());
    this.node.addEventListener('wheel', e => this.wheel(e), { passive: false });
    this.node.addEventListener('keydown', e => this.key(e));
    if (typeof ResizeObserver !== 'undefined') {
      this.resize = new ResizeObserver(() => this.drawing && this.draw(this.drawing));
      this.resize.observe(this.node);
    }
  }

  /** The room of the picture in px. */
  get size(): { width: number; height: number } {
    const width = (this.node.clientWidth || 700) - margin.left - margin.right;
    const height = (this.node.clientHeight || 500) - margin.top - margin.bottom;
    return { width: Math.max(50, width), height: Math.max(50, height) };
  }

  draw(d: HeatDrawing): void {
    if (this.from && d !== this.drawing) {
      this.next = d;
      return;
    }
    this.drawing = d;
    const { width, height } = this.size;
    const ratio = window.devicePixelRatio || 1;
    const full = [width + margin.left + margin.right, height + margin.top + margin.bottom];
    this.canvas.width = full[0] * ratio;
    this.canvas.height = full[1] * ratio;
    this.canvas.style.width = full[0] + 'px';
    this.canvas.style.height = full[1] + 'px';
    const c = this.canvas.getContext('2d')!;
    const theme = themeOf(this.node);
    c.scale(ratio, ratio);
    c.fillStyle = theme.ground;
    c.fillRect(0, 0, full[0], full[1]);
    c.font = theme.font;
    this.paint(c, d, width, height);
    this.axes(c, d, width, height, theme);
    this.bar(c, d, width, height, theme);
    const { rows, columns } = d.picture;
    set(this.node, 'role', 'img'); // with its name: a picture without one says nothing
    set(this.node, 'aria-label', `Heat map of rows ${rows[0]} to ${rows[1]} and columns ${columns[0]} to ${columns[1]}, values ${numberText(d.scale.low)} to ${numberText(d.scale.high)}. Zoom by plus and minus, move by arrows, 0 shows all.`);
  }

  dispose(): void {
    this.resize?.disconnect();
  }

  private paint(c: CanvasRenderingContext2D, d: HeatDrawing, width: number, height: number): void {
    const off = el('canvas', { width: d.picture.width, height: d.picture.height });
    const image = new ImageData(new Uint8ClampedArray(d.pixels), d.picture.width, d.picture.height);
    off.getContext('2d')!.putImageData(image, 0, 0);
    c.imageSmoothingEnabled = false;
    c.drawImage(off, margin.left, margin.top, width, height);
  }

  private axes(c: CanvasRenderingContext2D, d: HeatDrawing, width: number, height: number, theme: Theme): void {
    const { rows, columns } = d.picture;
    c.fillStyle = theme.ink;
    c.strokeStyle = theme.edge;
    c.strokeRect(margin.left - 0.5, margin.top - 0.5, width + 1, height + 1);
    c.textAlign = 'center';
    c.textBaseline = 'top';
    for (const t of ticks(columns[0], columns[1], width / 90)) {
      c.fillText(tickText(t), margin.left + ((t - columns[0]) / (columns[1] - columns[0])) * width, margin.top + height + 5);
    }
    c.fillText(visible(d.xLabel), margin.left + width / 2, margin.top + height + 22);
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    for (const t of ticks(rows[0], rows[1], height / 50)) {
      c.fillText(tickText(t), margin.left - 6, margin.top + ((t - rows[0]) / (rows[1] - rows[0])) * height);
    }
    this.sideways(c, d.yLabel, height);
  }

  private sideways(c: CanvasRenderingContext2D, label: string, height: number): void {
    c.save();
    c.translate(12, margin.top + height / 2);
    c.rotate(-Math.PI / 2);
    c.textAlign = 'center';
    c.fillText(visible(label), 0, 0);
    c.restore();
  }

  private bar(c: CanvasRenderingContext2D, d: HeatDrawing, width: number, height: number, theme: Theme): void {
    const left = margin.left + width + 14;
    for (let y = 0; y < height; y++) {
      const at = 3 * Math.round((1 - y / height) * 255);
      c.fillStyle = `rgb(${d.table[at]}, ${d.table[at + 1]}, ${d.table[at + 2]})`;
      c.fillRect(left, margin.top + y, 14, 1.5);
    }
    c.fillStyle = theme.ink;
    c.textAlign = 'left';
    for (const t of ticks(d.scale.low, d.scale.high, height / 50, d.scale.log)) {
      const p = position(t, d.scale);
      c.fillText(numberText(t, 4), left + 19, margin.top + (1 - p) * height);
    }
  }

  // Where an event is in the picture, in px, held inside of it.
  private at(e: PointerEvent | WheelEvent): [number, number] {
    const r = this.canvas.getBoundingClientRect();
    const { width, height } = this.size;
    return [Math.min(width, Math.max(0, e.clientX - r.left - margin.left)), Math.min(height, Math.max(0, e.clientY - r.top - margin.top))];
  }

  private place([x, y]: [number, number]): [row: number, column: number] {
    const { rows, columns } = this.drawing!.picture;
    const { width, height } = this.size;
    return [rows[0] + (y / height) * (rows[1] - rows[0]), columns[0] + (x / width) * (columns[1] - columns[0])];
  }

  private down(e: PointerEvent): void {
    if (this.drawing && e.button === 0) {
      this.from = this.at(e);
      this.node.setPointerCapture(e.pointerId);
    }
  }

  private move(e: PointerEvent): void {
    if (!this.drawing) {
      return;
    }
    const to = this.at(e);
    const [row, column] = this.place(to);
    this.events.point(row, column);
    this.box.hidden = !this.from;
    if (this.from) {
      const [a, b] = this.from;
      Object.assign(this.box.style, {
        left: margin.left + Math.min(a, to[0]) + 'px', top: margin.top + Math.min(b, to[1]) + 'px',
        width: Math.abs(a - to[0]) + 'px', height: Math.abs(b - to[1]) + 'px',
      });
    }
  }

  private up(e: PointerEvent): void {
    const [from, to] = [this.from, this.at(e)];
    if (from && Math.abs(from[0] - to[0]) > 4 && Math.abs(from[1] - to[1]) > 4) {
      const [r0, c0] = this.place(from);
      const [r1, c1] = this.place(to);
      this.events.zoom([Math.min(r0, r1), Math.max(r0, r1)], [Math.min(c0, c1), Math.max(c0, c1)]);
    }
    this.release();
  }

  private release(): void {
    const { next } = this;
    this.from = this.next = null;
    this.box.hidden = true;
    if (next) {
      this.draw(next);
    }
  }

  private wheel(e: WheelEvent): void {
    if (this.drawing) {
      e.preventDefault();
      this.stretch(this.place(this.at(e)), e.deltaY > 0 ? 1.25 : 0.8);
    }
  }

  private stretch([row, column]: [number, number], factor: number): void {
    const { rows, columns } = this.drawing!.picture;
    const around = (at: number, [a, b]: [number, number]): [number, number] => [at - (at - a) * factor, at + (b - at) * factor];
    this.events.zoom(around(row, rows), around(column, columns));
  }

  private shift(down: number, across: number): void {
    const { rows, columns } = this.drawing!.picture;
    const by = ([a, b]: [number, number], share: number): [number, number] => [a + share * (b - a), b + share * (b - a)];
    this.events.zoom(by(rows, down), by(columns, across));
  }

  private key(e: KeyboardEvent): void {
    if (!this.drawing) {
      return;
    }
    const { width, height } = this.size;
    const middle = this.place([width / 2, height / 2]);
    const keys: { [key: string]: () => void } = {
      '+': () => this.stretch(middle, 0.5), '=': () => this.stretch(middle, 0.5), '-': () => this.stretch(middle, 2), '0': () => this.events.reset(),
      ArrowLeft: () => this.shift(0, -0.2), ArrowRight: () => this.shift(0, 0.2), ArrowUp: () => this.shift(-0.2, 0), ArrowDown: () => this.shift(0.2, 0),
    };
    if (keys[e.key] && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      e.stopPropagation();
      keys[e.key]();
    }
  }
}
