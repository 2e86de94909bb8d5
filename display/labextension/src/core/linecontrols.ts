import { choice, tick } from './button';
import { add, el, fill, shown } from './dom';
import { components, isComplex } from './complex';
import { PathInput } from './pathinput';
import { numericFields } from './stat';
import { Column, Source } from './source';

/** What is drawn over what. */
export interface LineChoice {
  fields: string[];
  x: Column | null;
  errors: Column | null;
  others: Column[];
  component: string;
  logX: boolean;
  logY: boolean;
}

const most = 12; // columns of a compound that can be ticked at once

/** LineControls chooses columns, X, errors, further lines and axes of a plot. */
export class LineControls {
  readonly node = el('div', { class: 'gofive-controls' });
  readonly choice: LineChoice;
  private fields: string[];
  private extra = el('div', { class: 'gofive-chips' });

  constructor(private source: Source, private scale: string | undefined, private changed: (axes: boolean) => void) {
    this.fields = numericFields(source.stat.type);
    this.choice = { fields: this.fields.slice(this.fields.length > 1 ? 1 : 0, 2), x: null, errors: null, others: [], component: components[0], logX: false, logY: false };
    if (this.fields.length > 1) {
      this.choice.x = { path: source.path, field: this.fields[0] };
    } else if (scale) {
      this.choice.x = { path: scale };
    }
    this.build();
  }

  /** Chooses again what was chosen before. */
  take(choice: LineChoice): void {
    Object.assign(this.choice, choice);
    fill(this.node);
    this.build();
    this.chips();
  }

  private build(): void {
    const { scale } = this;
    add(this.node, this.fields.length > 0 && this.columns(), this.across(scale), this.complex());
    add(this.node, this.log('log x', 'logX'), this.log('log y', 'logY'), this.more());
  }

  private columns(): HTMLElement {
    const boxes = this.fields.map(f => tick(f, `Draw ${f}`, this.choice.fields.includes(f), on => {
      this.choice.fields = this.fields.filter(x => (x === f ? on : this.choice.fields.includes(x))).slice(0, most);
      this.changed(false);
    }));
    return el('details', { class: 'gofive-menu' }, el('summary', { class: 'gofive-button gofive-words' }, 'Columns'), el('div', { class: 'gofive-list' }, ...boxes));
  }

  private across(scale: string | undefined): HTMLElement {
    const options: [string, string][] = [['', 'over place'], ...this.fields.map(f => ['.' + f, 'over ' + f] as [string, string])];
    if (scale) {
      options.push(['/' + scale, 'over ' + scale]);
    }
    options.push(['?', 'over another …']);
    const now = this.choice.x ? (this.choice.x.field ? '.' + this.choice.x.field : '/' + this.choice.x.path) : '';
    const box = new PathInput(this.source.client, this.source.file, 'Dataset for X', path => this.setX({ path }));
    const another = !options.some(([value]) => value === now);
    box.input.value = another ? this.choice.x!.path : '';
    shown(box.node, another);
    const select = choice('X', options, another ? '?' : now, v => {
      shown(box.node, v === '?');
      if (v !== '?') {
        this.setX(v === '' ? null : v.startsWith('.') ? { path: this.source.path, field: v.slice(1) } : { path: v.slice(1) });
      }
    });
    return el('span', { class: 'gofive-pair' }, select, box.node);
  }

  private setX(x: Column | null): void {
    this.choice.x = x;
    this.changed(false);
  }

  private complex(): HTMLElement | null {
    const { type } = this.source.stat;
    if (!isComplex(type) && !type?.members?.some(m => isComplex(m.type))) {
      return null;
    }
    return choice('Component of the complex numbers', components.map(c => [c, c]), this.choice.component, c => {
      this.choice.component = c;
      this.changed(false);
    });
  }

  private log(label: string, axis: 'logX' | 'logY'): HTMLElement {
    return tick(label, `Logarithmic ${axis === 'logX' ? 'X' : 'Y'}`, this.choice[axis], on => {
      this.choice[axis] = on;
      this.changed(true);
    });
  }

  private more(): HTMLElement {
    const line = new PathInput(this.source.client, this.source.file, 'Add a line: dataset', path => {
      this.choice.others.push({ path });
      line.input.value = '';
      this.chips();
      this.changed(false);
    });
    const errors = new PathInput(this.source.client, this.source.file, 'Errors: dataset', path => {
      this.choice.errors = { path };
      errors.input.value = '';
      this.chips();
      this.changed(false);
    });
    return el('details', { class: 'gofive-menu' }, el('summary', { class: 'gofive-button gofive-words' }, 'Lines, errors'), el('div', { class: 'gofive-list' }, line.node, errors.node, this.errorFields(), this.extra));
  }

  private errorFields(): HTMLElement | null {
    const { errors } = this.choice;
    return this.fields.length === 0 ? null : choice('Errors: column', [['', 'no error column'], ...this.fields.map(f => [f, '± ' + f] as [string, string])], errors?.field || '', f => {
      this.choice.errors = f ? { path: this.source.path, field: f } : null;
      this.changed(false);
    });
  }

  private chips(): void {
    const chip = (text: string, remove: () => void) => el('button', { class: 'gofive-button gofive-words', type: 'button', title: 'Take it away', on: { click: () => { remove(); this.chips(); this.changed(false); } } }, text + ' ×');
    const { errors, others } = this.choice;
    fill(this.extra, ...others.map((c, i) => chip(c.path, () => others.splice(i, 1))), errors && chip('± ' + errors.path, () => (this.choice.errors = null)));
  }
}
