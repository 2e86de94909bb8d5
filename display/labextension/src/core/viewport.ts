import { el } from './dom';
import { Track } from './track';

/** What is supposed to be in view where the browser knows no sizes, as in tests. */
const supposed = 400;

/**
 * Viewport scrolls over many rows, and columns if asked for, of which only those in view are drawn.
 * draw is called when the view has moved or changed its size; it fills `layer`, which stays in view.
 */
export class Viewport {
  readonly node: HTMLDivElement;
  readonly layer: HTMLDivElement;
  readonly rows: Track;
  readonly columns: Track | null;
  private spacer: HTMLDivElement;
  private due = false;
  private resize: ResizeObserver | null = null;

  constructor(private draw: () => void, rowHeight: number, columnWidth = 0, private fixed = { top: 0, left: 0 }) {
    this.rows = new Track(rowHeight);
    this.columns = columnWidth ? new Track(columnWidth) : null;
    this.layer = el('div', { class: 'gofive-layer' });
    this.spacer = el('div', { class: 'gofive-spacer' });
    this.node = el('div', { class: 'gofive-viewport' }, this.layer, this.spacer);
    this.node.addEventListener('scroll', () => this.scrolled());
    this.node.addEventListener('wheel', e => this.wheel(e), { passive: false });
    if (typeof ResizeObserver !== 'undefined') {
      this.resize = new ResizeObserver(() => this.update());
      this.resize.observe(this.node);
    }
  }

  /** Says how many rows and columns there are. */
  setLines(rows: number, columns = 0): void {
    this.rows.lines = rows;
    if (this.columns) {
      this.columns.lines = columns;
    }
    this.update();
  }

  /** Measures the room and draws. */
  update(): void {
    this.rows.room = Math.max(this.rows.unit, (this.node.clientHeight || supposed) - this.fixed.top);
    this.rows.moveTo(this.rows.top);
    this.spacer.style.height = this.rows.size + this.fixed.top + 'px';
    if (this.columns) {
      this.columns.room = Math.max(this.columns.unit, (this.node.clientWidth || supposed) - this.fixed.left);
      this.columns.moveTo(this.columns.top);
      this.spacer.style.width = this.columns.size + this.fixed.left + 'px';
    }
    this.settle();
  }

  /** Brings a row, and a column, into view. */
  reveal(row: number, column = -1): void {
    this.rows.reveal(row);
    if (column >= 0) {
      this.columns?.reveal(column);
    }
    this.settle();
  }

  dispose(): void {
    this.resize?.disconnect();
  }

  private settle(): void {
    this.node.scrollTop = this.rows.settle();
    if (this.columns) {
      this.node.scrollLeft = this.columns.settle();
    }
    this.later();
  }

  private scrolled(): void {
    this.rows.scroll(this.node.scrollTop);
    this.columns?.scroll(this.node.scrollLeft);
    this.later();
  }

  // A wheel moves by rows where the bar would jump over thousands of them.
  private wheel(e: WheelEvent): void {
    if (!this.rows.coarse || e.ctrlKey || !e.deltaY) {
      return;
    }
    e.preventDefault();
    this.rows.moveBy(e.deltaY * (e.deltaMode === 1 ? this.rows.unit : e.deltaMode === 2 ? this.rows.room : 1));
    this.settle();
  }

  private later(): void {
    if (!this.due) {
      this.due = true;
      requestAnimationFrame(() => {
        this.due = false;
        this.draw();
      });
    }
  }
}
