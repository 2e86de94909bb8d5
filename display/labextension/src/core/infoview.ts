import { AttributeList } from './attributes';
import { isComplex } from './complex';
import { textButton } from './button';
import { add, el, fill, keep } from './dom';
import { facts } from './facts';
import { countText, numberText } from './format';
import { histogram } from './histogram';
import { Latest } from './latest';
import { packing } from './packing';
import { isNumeric } from './stat';
import { Frame, Shown, View } from './view';

/** InfoView tells what is known of an object: facts, attributes and, when asked, statistics of its values. */
export class InfoView implements View {
  readonly node = el('div', { class: 'gofive-view gofive-info' });
  private stop = new AbortController();
  private latest: Latest;
  private numbers = el('div');
  private ask: HTMLElement | null;

  constructor(private frame: Frame) {
    this.latest = new Latest(e => frame.fail(e));
    const { type } = frame.source.stat;
    this.ask = isNumeric(type) ? textButton(isComplex(type) ? 'Statistics of the amplitude' : 'Statistics', 'Read all values and sum them up', () => this.statistics()) : null;
  }

  update(): void {
    const attributes = this.attributes();
    fill(this.node, ...this.parts(attributes));
    void attributes.load();
    this.frame.say('');
  }

  // A button that is down stays, as do attributes until they are read again.
  renew(): void {
    const attributes = this.attributes();
    void attributes.load().then(() => this.stop.signal.aborted || keep(this.node, ...this.parts(attributes)));
  }

  shown(): Shown | null {
    return null;
  }

  dispose(): void {
    this.stop.abort();
    this.latest.cancel();
  }

  private attributes(): AttributeList {
    const { client, file, path } = this.frame.source;
    return new AttributeList(client, file, path, this.stop.signal);
  }

  private parts(attributes: AttributeList): (HTMLElement | null)[] {
    return [facts(this.frame.source.stat), this.ask, this.numbers, attributes.node];
  }

  private statistics(): void {
    void this.latest.run(async signal => {
      const { client, file, path } = this.frame.source;
      this.frame.say('Reading …');
      const s = await client.request('stats', { file, path, sel: '', bins: 64, scaled: !this.frame.source.raw }, { signal, onPart: p => this.frame.say('Reading …', p.done / p.total) });
      this.frame.say(packing(this.frame.source).replace('; ', ''));
      this.show(s);
    });
  }

  private show(s: any): void {
    const list = el('dl', { class: 'gofive-facts' });
    const fact = (name: string, x: number | null | undefined) => x !== null && x !== undefined && add(list, el('dt', {}, name), el('dd', {}, numberText(x)));
    add(list, el('dt', {}, 'Values'), el('dd', {}, countText(s.count) + (s.nan ? `, ${countText(s.nan)} NaN` : '')));
    fact('Least', s.min);
    fact('Median', s.percentiles?.['50']);
    fact('Mean', s.mean);
    fact('Greatest', s.max);
    fact('Standard deviation', s.std);
    fill(this.numbers, list, s.histogram && histogram(s.histogram.edges, s.histogram.counts));
  }
}
