import { el, fill } from './dom';
import { Latest } from './latest';
import { elementText, numbers } from './arrays';
import { meantText, packed, packing } from './packing';
import { Frame, Shown, View } from './view';
import { visibleLines } from './visible';

/** TextView shows a single value: a string with its lines, a number, or what else has a text. */
export class TextView implements View {
  readonly node = el('pre', { class: 'gofive-view gofive-text', tabindex: 0, 'aria-label': 'Value' });
  private latest: Latest;

  constructor(private frame: Frame) {
    this.latest = new Latest(e => frame.fail(e));
  }

  update(): void {
    void this.latest.run(async signal => {
      const { source } = this.frame;
      const form = !source.raw && packed(source.stat) ? 'f8' : 'native';
      const a = await source.slice({ path: source.path }, '', form, signal);
      const text = a.text ? a.text.join('\n') : this.named(a.names, meantText(source)(elementText(numbers(a.arrays[0]), 0, a.arrays[0].dtype)));
      fill(this.node);
      this.node.textContent = visibleLines(text);
      this.frame.say((source.stat.unit || '') + packing(source));
    });
  }

  renew(): void {
    this.update();
  }

  shown(): Shown {
    return { sel: '', field: '', show: 'table', lens: this.frame.source.lens };
  }

  dispose(): void {
    this.latest.cancel();
  }

  private named(names: { [value: string]: string } | undefined, text: string): string {
    return names?.[text] ? `${names[text]} (${text})` : text;
  }
}
