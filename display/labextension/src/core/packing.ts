import { numberText } from './format';
import { Source } from './source';
import { Stat } from './stat';

/** Reports whether stored numbers are others than those that are meant. */
export function packed(s: Stat): boolean {
  return s.scale !== undefined || s.offset !== undefined;
}

/** Reports whether CF's attributes say anything of the numbers. */
export function hasMeaning(s: Stat): boolean {
  return packed(s) || !!s.fills?.length;
}

/** Reports of texts of stored numbers which stand for no value. */
export function isFill(s: Stat): (text: string) => boolean {
  const fills = new Set(s.fills?.flatMap(f => [f, Math.fround(f)]));
  return text => fills.has(Number(text));
}

/** Gives texts of numbers as they are shown: what has no value is a dash, what was computed has no more digits than are good. */
export function meantText({ stat, raw }: Source): (text: string) => string {
  if (raw || !hasMeaning(stat)) {
    return text => text;
  }
  const none = packed(stat) ? (text: string) => text === 'NaN' : isFill(stat);
  return text => (none(text) ? '—' : packed(stat) ? numberText(Number(text), 9) : text);
}

/** Says how what is shown comes from what is stored: "; stored × 0.5 + 100, gaps for −99". */
export function packing(source: Source): string {
  const { stat, raw } = source;
  if (!hasMeaning(stat)) {
    return '';
  }
  if (raw) {
    return '; as stored';
  }
  const times = stat.scale !== undefined && stat.scale !== 1 ? ` × ${numberText(stat.scale)}` : '';
  const plus = stat.offset ? ` ${stat.offset < 0 ? '−' : '+'} ${numberText(Math.abs(stat.offset))}` : '';
  const gaps = stat.fills?.length ? `gaps for ${stat.fills.map(f => numberText(f)).join(', ')}` : '';
  return '; ' + [times + plus && `stored${times}${plus}`, gaps].filter(Boolean).join(', ');
}
