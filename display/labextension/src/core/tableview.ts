import { el, keep, set, shown, unique } from './dom';
import { countText } from './format';
import { packing } from './packing';
import { TableData } from './tabledata';
import { Frame, Shown, View } from './view';
import { Viewport } from './viewport';

const rowHeight = 24;
const columnWidth = 160;
const headWidth = 96;

/** TableView shows a dataset as a table of which only what is in view is read and drawn. */
export class TableView implements View {
  readonly node: HTMLElement;
  private data: TableData;
  private viewport: Viewport;
  private at = { row: 0, column: 0 };
  private end = false; // who has gone to the last row goes on to the end of a table that grows
  private id = unique();
  private filter: HTMLInputElement;

  constructor(private frame: Frame) {
    this.data = new TableData(frame.source, frame.slicer, () => this.measure(), e => frame.fail(e));
    this.viewport = new Viewport(() => this.draw(), rowHeight, columnWidth, { top: rowHeight, left: headWidth });
    this.filter = el('input', { class: 'gofive-input', type: 'search', placeholder: 'Filter rows, such as Z > 2', 'aria-label': 'Filter rows', on: { change: () => this.change(), keydown: e => e.stopPropagation() } });
    const go = el('input', { class: 'gofive-input gofive-place', type: 'text', inputmode: 'numeric', placeholder: 'Go to row', 'aria-label': 'Go to row', on: { change: () => this.go(Number(go.value)), keydown: e => e.stopPropagation() } });
    shown(this.filter, this.data.named);
    const grid = this.viewport.node;
    grid.classList.add('gofive-grid');
    for (const [name, value] of Object.entries({ role: 'grid', tabindex: 0, 'aria-label': 'Values of ' + frame.source.path, 'aria-readonly': 'true' })) {
      set(grid, name, value);
    }
    set(this.viewport.layer, 'role', 'rowgroup');
    grid.addEventListener('keydown', e => this.key(e));
    // As the tree does: what is read before a button goes up draws anew, and no click comes of what is replaced.
    grid.addEventListener('mousedown', e => e.button === 0 && this.press(e));
    grid.addEventListener('click', e => e.detail === 0 && this.press(e)); // of assistive technology, without a button
    this.node = el('div', { class: 'gofive-view' }, el('div', { class: 'gofive-controls' }, go, this.filter), grid);
  }

  update(): void {
    this.data.reset();
    this.measure();
  }

  renew(): void {
    this.data.renew();
    this.measure();
  }

  part(): any {
    const { filter, sort } = this.data;
    return { ...this.at, top: this.viewport.rows.top, end: this.end, filter, sort };
  }

  resume({ row, column, top, end, filter, sort }: any): void {
    this.data.filter = this.filter.value = filter;
    this.data.sort = sort;
    this.update();
    this.viewport.rows.moveTo(top);
    this.viewport.update();
    this.at = { row, column };
    this.end = end;
    this.measure();
  }

  shown(): Shown {
    const { source, slicer } = this.frame;
    const { sort, filter } = this.data;
    return { sel: source.stat.shape!.length ? slicer.selection() : '', field: '', show: 'table', lens: source.lens, ...(sort && { sort }), ...(filter && { filter }) };
  }

  dispose(): void {
    this.data.dispose();
    this.viewport.dispose();
  }

  private measure(): void {
    this.viewport.setLines(this.data.rows, this.data.columns);
    set(this.viewport.node, 'aria-rowcount', this.data.rows + 1);
    set(this.viewport.node, 'aria-colcount', this.data.columns + 1);
    this.tell();
    if (this.end && this.at.row !== this.data.rows - 1) {
      this.moveTo(this.data.rows - 1, this.at.column);
    }
  }

  private tell(): void {
    this.frame.say(`${countText(this.data.rows)} rows, ${countText(this.data.columns)} columns` + packing(this.frame.source));
  }

  private change(): void {
    this.data.filter = this.filter.value;
    this.end = false;
    this.update();
  }

  private go(row: number): void {
    if (Number.isFinite(row)) {
      this.moveTo(Math.round(row < 0 ? this.data.rows + row : row), this.at.column);
    }
  }

  private draw(): void {
    const rows = this.viewport.rows.window();
    const columns = this.viewport.columns!.window();
    const out: HTMLElement[] = [this.header(columns.first, columns.count)];
    for (let r = rows.first; r < rows.first + rows.count; r++) {
      out.push(this.row(r, columns.first, columns.count));
    }
    keep(this.viewport.layer, ...out);
    const active = document.getElementById(this.cellId(this.at.row, this.at.column));
    set(this.viewport.node, 'aria-activedescendant', active?.id);
  }

  private header(first: number, count: number): HTMLElement {
    const cells: HTMLElement[] = [el('div', { class: 'gofive-corner', role: 'columnheader' }, 'row')];
    for (let c = first; c < first + count; c++) {
      cells.push(this.heading(c));
    }
    return el('div', { class: 'gofive-headrow', role: 'row', 'aria-rowindex': 1 }, ...cells);
  }

  private heading(c: number): HTMLElement {
    const name = this.data.names[c] ?? String(c);
    const sorted = this.data.sort.replace('-', '') === name;
    const falls = sorted && this.data.sort.startsWith('-');
    const cell = el('div', { class: 'gofive-head', role: 'columnheader', 'aria-colindex': c + 2, title: name, 'data-sort': this.data.named && name, 'aria-sort': sorted ? (falls ? 'descending' : 'ascending') : undefined }, name + (sorted ? (falls ? ' ↓' : ' ↑') : ''));
    cell.style.left = this.left(c) + 'px';
    return cell;
  }

  private row(r: number, first: number, count: number): HTMLElement {
    const head = el('div', { class: 'gofive-rowhead', role: 'rowheader' }, countText(r));
    const row = el('div', { class: 'gofive-line', role: 'row', 'aria-rowindex': r + 2 }, head);
    row.style.top = rowHeight + (r - this.viewport.rows.top) * rowHeight + 'px';
    for (let c = first; c < first + count; c++) {
      const { text, numeric } = this.data.cell(r, c);
      const active = r === this.at.row && c === this.at.column;
      const cell = el('div', { class: 'gofive-cell' + (numeric ? ' gofive-number' : '') + (active ? ' gofive-active' : ''), role: 'gridcell', id: this.cellId(r, c), 'aria-colindex': c + 2, 'data-at': `${r},${c}`, title: text.length > 14 && text }, text);
      cell.style.left = this.left(c) + 'px';
      row.append(cell);
    }
    return row;
  }

  private left(column: number): number {
    return headWidth + (column - this.viewport.columns!.top) * columnWidth;
  }

  private cellId(row: number, column: number): string {
    return `${this.id}-${row}-${column}`;
  }

  private press(e: MouseEvent): void {
    const target = e.target as HTMLElement;
    if (target.dataset.at) {
      const [row, column] = target.dataset.at.split(',').map(Number);
      this.moveTo(row, column);
    } else if (target.hasAttribute('data-sort')) {
      const column = [...target.parentElement!.children].indexOf(target) - 1 + this.viewport.columns!.window().first;
      this.sort(this.data.names[column]);
    }
  }

  // Up, down, and as it was.
  private sort(name: string): void {
    this.data.sort = this.data.sort === name ? '-' + name : this.data.sort === '-' + name ? '' : name;
    this.update();
  }

  private moveTo(row: number, column: number): void {
    this.at = { row: Math.min(Math.max(0, row), this.data.rows - 1), column: Math.min(Math.max(0, column), this.data.columns - 1) };
    this.end = this.at.row === this.data.rows - 1;
    this.viewport.reveal(this.at.row, this.at.column);
    this.tell();
  }

  private key(e: KeyboardEvent): void {
    const { row, column } = this.at;
    const page = this.viewport.rows.page;
    const steps: { [key: string]: [number, number] } = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      PageDown: [row + page, column], PageUp: [row - page, column],
      Home: e.ctrlKey ? [0, 0] : [row, 0], End: e.ctrlKey ? [this.data.rows - 1, this.data.columns - 1] : [row, this.data.columns - 1],
    };
    const to = steps[e.key];
    if (to && !e.metaKey && !e.altKey) {
      e.preventDefault();
      e.stopPropagation();
      this.moveTo(to[0], to[1]);
    }
  }
}
