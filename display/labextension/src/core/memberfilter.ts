import { choice } from './button';
import { el } from './dom';
import { Filter } from './members';

/** MemberFilter is a form for which members of a group its tree lists. */
export class MemberFilter {
  readonly node: HTMLElement;
  private name: HTMLInputElement;
  private attribute: HTMLInputElement;
  private kind: HTMLSelectElement;

  constructor(now: Filter, private changed: (f: Filter) => void) {
    this.name = this.box('Name or pattern, such as *_err', now.filter);
    this.attribute = this.box('Attribute, such as units or units=K', now.attribute);
    this.kind = choice('Kind', [['', 'all kinds'], ['group', 'groups'], ['dataset', 'datasets'], ['type', 'types'], ['link', 'broken links']], now.kinds?.[0] || '', () => this.change());
    this.node = el('details', { class: 'gofive-filter' }, el('summary', {}, 'Filter members'), this.name, this.attribute, this.kind);
    this.node.toggleAttribute('open', Object.keys(now).length > 0);
  }

  private box(label: string, value = ''): HTMLInputElement {
    const input = el('input', { class: 'gofive-input', type: 'search', placeholder: label, 'aria-label': label,
      on: { change: () => this.change(), keydown: e => e.stopPropagation() } });
    input.value = value;
    return input;
  }

  private change(): void {
    const f: Filter = {};
    if (this.name.value) {
      f.filter = this.name.value;
    }
    if (this.attribute.value) {
      f.attribute = this.attribute.value;
    }
    if (this.kind.value) {
      f.kinds = [this.kind.value];
    }
    this.changed(f);
  }
}
