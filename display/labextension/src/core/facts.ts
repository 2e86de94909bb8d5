import { el } from './dom';
import { countText, ratioText, shapeText, sizeText } from './format';
import { Stat } from './stat';

/** Lists what is known of an object beside its values. */
export function facts(s: Stat): HTMLElement {
  const list = el('dl', { class: 'gofive-facts' });
  const fact = (name: string, text: string | false | undefined) => text && list.append(el('dt', {}, name), el('dd', {}, text));
  fact('Type', s.type?.text || s.dtype);
  fact('Shape', s.kind === 'dataset' && (s.shape ? shapeText(s.shape, s.maxshape) : 'empty'));
  fact('Members', s.nchildren !== undefined && countText(s.nchildren));
  fact('Stored', s.stored !== undefined && storedText(s));
  fact('Layout', [s.layout, s.chunks && shapeText(s.chunks)].filter(Boolean).join(' '));
  fact('Filters', s.filters?.map(f => f.text + (f.available === false ? ' (missing here)' : '')).join(', '));
  fact('Fill value', s.fill);
  fact('Unit', s.unit);
  fact('Scale', s.scale !== undefined && s.scale !== 1 && String(s.scale));
  fact('Offset', s.offset !== undefined && s.offset !== 0 && String(s.offset));
  fact('No values', s.fills?.join(', '));
  fact('Axes', s.dims?.some(d => d.label || d.scales?.length) && s.dims.map(axisText).join(', '));
  fact('Role', s.role);
  fact('Convention', s.conventions?.join(', '));
  fact('Members of type', s.type?.members?.map(m => `${m.name} ${m.type.text}`).join(', '));
  fact('Names', s.type?.values?.map(v => `${v.name} = ${v.value}`).join(', '));
  fact('External', s.external?.map(e => `${e.file} at ${countText(e.offset)}`).join(', '));
  fact('Sources', s.virtual?.map(v => `${v.file}:${v.path}`).join(', '));
  return list;
}

function storedText(s: Stat): string {
  const ratio = ratioText(s.bytes, s.stored);
  const whole = s.bytes && s.bytes > s.stored! && sizeText(s.bytes);
  return sizeText(s.stored!) + (whole && whole !== sizeText(s.stored!) ? ` of ${whole}` : '') + (ratio && `, ${ratio} smaller`);
}

function axisText(d: { label?: string; scales?: string[] }): string {
  return d.label || d.scales?.join(' ') || '—';
}
