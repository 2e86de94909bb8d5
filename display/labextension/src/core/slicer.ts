import { choice } from './button';
import { el, fill, set, shown } from './dom';
import { baseName, countText } from './format';
import { parsePlaces } from './places';
import { Dim } from './stat';

/** Part of an axis. */
export interface Range {
  start: number;
  stop: number;
  step?: number;
}

/** A selection of a dataset, and what tells it from the others that are shown. */
export interface Slice {
  sel: string;
  label: string;
}

/** The axes that are shown, and the places on the others as they were typed. */
export interface Chosen {
  free: number[];
  places: string[];
}

const mostLines = 16;

/**
 * Slicer chooses which one or two axes of a dataset are shown, and the places of all others: by
 * sliders and boxes. It keeps its choices when the number of axes shown changes.
 */
export class Slicer {
  readonly node = el('div', { class: 'gofive-slicer' });
  private free: number[]; // the axes shown: of an image Y, then X
  private places: string[];
  private wanted = 1;
  private many = false;
  private turns = true;
  private sizes: (() => void)[] = []; // write the lengths of the axes where they are shown
  private trouble = el('span', { class: 'gofive-bad', role: 'alert' });

  constructor(private shape: number[], private dims: Dim[], private changed: () => void) {
    this.free = shape.map((_, i) => i).slice(-2);
    this.places = shape.map(() => '0');
  }

  /** What is chosen, as JSON. */
  get chosen(): Chosen {
    return { free: this.free, places: this.places };
  }

  /** Chooses again; what does not fit the dataset is left. */
  choose({ free, places }: Chosen): void {
    if (places.length === this.shape.length) {
      this.free = free.filter(i => i < this.shape.length);
      this.places = places;
    }
  }

  /** Takes the lengths of axes that have grown; what is typed and has the keyboard stays. */
  resize(shape: number[]): void {
    this.shape = shape;
    this.sizes.forEach(write => write());
  }

  /** Says how many axes are shown, whether the places of the others may be several, and whether two axes can be exchanged. */
  show(axes: number, many: boolean, turns: boolean): void {
    this.wanted = Math.min(axes, this.shape.length);
    this.many = many;
    this.turns = turns;
    while (this.free.length < this.wanted) {
      this.free.unshift(this.shape.findIndex((_, i) => !this.free.includes(i)));
    }
    this.draw();
  }

  /** The axes shown, the one across last. */
  get axes(): number[] {
    return this.free.slice(this.free.length - this.wanted);
  }

  /** The axis across. */
  get x(): number {
    return this.axes[this.axes.length - 1];
  }

  /** Writes what is shown, with parts of the axes shown or all of them; the first place of the others. */
  selection(...parts: (Range | null)[]): string {
    return this.write(this.shape.map((_, i) => this.placesOf(i)[0]), parts);
  }

  /** Writes one selection for each combination of places. */
  selections(...parts: (Range | null)[]): Slice[] {
    let all: number[][] = [[]];
    for (let i = 0; i < this.shape.length; i++) {
      const places = this.axes.includes(i) ? [0] : this.placesOf(i);
      all = all.flatMap(before => places.map(p => [...before, p])).slice(0, mostLines);
    }
    return all.map(at => ({ sel: this.write(at, parts), label: this.label(at) }));
  }

  /** The name of an axis: its label, or that of its dimension scale. */
  name(axis: number): string {
    const { label, scales } = this.dims[axis] || {};
    return label || (scales?.length ? baseName(scales[0]) : `axis ${axis}`);
  }

  private write(at: number[], parts: (Range | null)[]): string {
    return this.shape.map((_, i) => {
      const shownAs = this.axes.indexOf(i);
      const part = parts[shownAs];
      return shownAs < 0 ? String(at[i]) : part ? rangeText(part) : ':';
    }).join(', ');
  }

  // Places that differ between lines name them.
  private label(at: number[]): string {
    const differ = at.map((p, i) => [p, i]).filter(([, i]) => !this.axes.includes(i) && this.placesOf(i).length > 1);
    return differ.map(([p, i]) => `${this.name(i)} ${p}`).join(', ');
  }

  private placesOf(axis: number): number[] {
    try {
      return parsePlaces(this.places[axis], this.shape[axis], mostLines);
    } catch {
      return [0];
    }
  }

  private draw(): void {
    this.sizes = [];
    const rows = this.shape.length > this.wanted ? this.shape.map((_, i) => this.row(i)) : this.wanted === 2 && this.turns ? [this.swap()] : [];
    fill(this.node, ...rows, this.trouble);
    shown(this.node, rows.length > 0);
  }

  private swap(): HTMLElement {
    const [y, x] = this.axes;
    return el('button', { class: 'gofive-button gofive-words', type: 'button', title: 'Exchange the axes', on: { click: () => { this.free = [x, y]; this.update(); } } },
      `${this.name(y)} ↓  ${this.name(x)} →`);
  }

  private row(axis: number): HTMLElement {
    const name = el('span', { class: 'gofive-axis' });
    this.size(() => {
      const n = countText(this.shape[axis]);
      set(name, 'title', `${this.name(axis)}: ${n} places`);
      fill(name, `${this.name(axis)} (${n})`);
    });
    const at = this.axes.indexOf(axis);
    const roles: [string, string][] = this.wanted === 2 ? [['', 'at'], ['0', 'down'], ['1', 'across']] : [['', 'at'], ['0', 'across']];
    const role = choice(`How ${this.name(axis)} is shown`, roles, at < 0 ? '' : String(at), r => this.take(axis, r));
    return el('div', { class: 'gofive-slice' }, name, role, ...(at < 0 ? this.position(axis) : []));
  }

  private position(axis: number): HTMLElement[] {
    const label = `Place on ${this.name(axis)}`;
    const slider = el('input', { type: 'range', min: 0, step: 1, 'aria-label': label });
    this.size(() => set(slider, 'max', Math.max(0, this.shape[axis] - 1)));
    const box = el('input', { class: 'gofive-input gofive-place', type: 'text', 'aria-label': label, title: this.many ? 'A place, or several: 0, 4, 8 or 0:10' : 'A place' });
    slider.value = String(this.placesOf(axis)[0]);
    box.value = this.places[axis];
    slider.addEventListener('input', () => this.place(axis, (box.value = slider.value)));
    box.addEventListener('change', () => this.place(axis, box.value) && (slider.value = String(this.placesOf(axis)[0])));
    for (const input of [slider, box]) {
      input.addEventListener('keydown', e => e.stopPropagation());
    }
    return [slider, box];
  }

  private size(write: () => void): void {
    this.sizes.push(write);
    write();
  }

  private place(axis: number, text: string): boolean {
    try {
      parsePlaces(text, this.shape[axis], this.many ? mostLines : 1);
    } catch (e) {
      fill(this.trouble, (e as Error).message);
      return false;
    }
    fill(this.trouble);
    this.places[axis] = text;
    this.changed();
    return true;
  }

  // An axis takes a role from another, which takes its place.
  private take(axis: number, role: string): void {
    const before = this.axes;
    const after = before.slice();
    const from = before.indexOf(axis);
    if (role === '') {
      after[from] = this.shape.findIndex((_, i) => !before.includes(i));
    } else if (from >= 0) {
      [after[from], after[Number(role)]] = [after[Number(role)], axis];
    } else {
      after[Number(role)] = axis;
    }
    this.free = [...this.free.filter(i => !after.includes(i)), ...after].slice(-2);
    if (this.wanted === 2) {
      this.free = after;
    }
    this.update();
  }

  private update(): void {
    this.draw();
    set(this.node, 'data-axes', this.axes.join(' '));
    this.changed();
  }
}

export function rangeText(r: Range): string {
  return `${r.start}:${r.stop}` + (r.step && r.step > 1 ? `:${r.step}` : '');
}
