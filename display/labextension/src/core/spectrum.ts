import { Answer } from './protocol';
import { Source } from './source';
import { Stat } from './stat';
import { isCancelled } from './trouble';
import { Series } from './view';

/** Where the parts of a spectrum are: columns of a compound (layout v1) or datasets of a group that has those of a night (v2). */
export interface Layout {
  kind: 'columns' | 'group';
  path: string; // of the compound or the group
  names: { [part: string]: string }; // by names in small letters
}

/** The arrays of a spectrum, of equal lengths. */
export interface Spectrum {
  wave: Float64Array;
  flux: Float64Array;
  ivar: Float64Array | null;
  model: Float64Array | null;
  sky: Float64Array | null;
  mask: Float64Array | null;
}

/** What the catalog says of the object of a spectrum. */
export interface Catalogued {
  cls: string;
  z: number;
  zErr: number;
  warning: number;
}

/** The most rows that are taken for a spectrum. */
const mostRows = 200_000;

/** Tells how a spectrum is stored, null for what is none. */
export function spectrumOf(s: Stat): Layout | null {
  if (s.kind !== 'dataset') {
    return groupOf(s);
  }
  const names = byPart((s.type?.members || []).map(m => m.name));
  const rows = s.shape?.length === 1 ? s.shape[0] : 0;
  return names.wave && names.flux && rows > 1 && rows <= mostRows ? { kind: 'columns', path: s.path, names } : null;
}

// The group of a fiber has its spectrum in it, one of coadds those of a night, one of a camera those of an exposure.
function groupOf(s: Stat): Layout | null {
  const layout = s.conventions?.find(c => c.startsWith('H5Boss')) || '';
  if (layout.includes('v1') && /^(\/\d+){3}$/.test(s.path)) {
    return { kind: 'columns', path: s.path + '/coadd', names: byPart(['WAVE', 'FLUX', 'IVAR', 'AND_MASK', 'MODEL', 'SKY']) };
  }
  return layout.includes('v2') && /^(\/\d+){2}\/(coadds|exposures\/\d+\/[br])$/.test(s.path) ? { kind: 'group', path: s.path, names: {} } : null;
}

function byPart(names: string[]): { [part: string]: string } {
  return Object.fromEntries(names.map(n => [n.toLowerCase(), n]));
}

/** Reads a spectrum; of those stacked in a group the one of a row. */
export async function readSpectrum(source: Source, row: number, signal: AbortSignal): Promise<Spectrum> {
  const layout = spectrumOf(source.stat)!;
  const read = (part: string) => (layout.kind === 'columns' ? column(source, part, signal) : stacked(source, part, row, signal));
  const [wave, flux, ivar, model, sky, mask] = await Promise.all([...['wave', 'flux', 'ivar', 'model', 'sky'].map(read), read('and_mask').then(m => m || read('mask'))]);
  if (!wave || !flux || wave.length !== flux.length) {
    throw new Error('wave and flux are not equally long');
  }
  return { wave, flux, ivar, model, sky, mask };
}

/** Tells where a part of a spectrum is: which dataset, or column of one, and which places of it. */
export function seriesOf(source: Source, part: string, row: number): Series {
  const { kind, path, names } = spectrumOf(source.stat)!;
  if (kind === 'columns') {
    return { path, field: names[part], sel: '', label: names[part] };
  }
  const one = part === 'wave' && source.stat.name === 'coadds'; // the same for all spectra of a plate
  return { path: `${path}/${part}`, sel: one ? '' : `${row}, :`, label: part };
}

function column(source: Source, part: string, signal: AbortSignal): Promise<Float64Array | null> {
  const { path, field, sel } = seriesOf(source, part, 0);
  return field ? source.values({ path, field }, sel, signal) : Promise.resolve(null);
}

async function stacked(source: Source, part: string, row: number, signal: AbortSignal): Promise<Float64Array | null> {
  const { path, sel } = seriesOf(source, part, row);
  try {
    return await source.values({ path }, sel, signal);
  } catch (e) {
    if ((e as { kind?: string }).kind === 'not-found') {
      return null;
    }
    throw e;
  }
}

/** Gives how many spectra a group has. */
export async function countSpectra(source: Source, signal: AbortSignal): Promise<number> {
  const stat = await source.client.request('stat', { file: source.file, path: source.path + '/flux' }, { signal });
  return stat.shape.length === 2 ? stat.shape[0] : 1;
}

/** Gives the fiber of a spectrum: its path names it, or row of the plugmap of its night; 0 when nothing does. */
export async function fiberOf(source: Source, row: number, signal: AbortSignal): Promise<number> {
  const [plate, mjd, fiber] = source.path.split('/').filter(Boolean);
  if (/^\d+$/.test(fiber || '')) {
    return Number(fiber);
  }
  const a = await tableOf(source, { path: `/${plate}/${mjd}/plugmap`, rows: `${row}:${row + 1}`, columns: ['FIBERID'] }, signal);
  return a && a.count > 0 ? first(a.arrays[0]) : 0;
}

/** Looks the object of a fiber up in the catalog zbest of its night; null when it is not there. */
export async function catalogued(source: Source, fiber: number, signal: AbortSignal): Promise<Catalogued | null> {
  const [plate, mjd] = source.path.split('/').filter(Boolean);
  const a = fiber && (await tableOf(source, { path: `/${plate}/${mjd}/zbest`, rows: '0:1', columns: ['CLASS', 'SUBCLASS', 'Z', 'Z_ERR', 'ZWARNING'], filter: `FIBERID == ${fiber}` }, signal));
  return a && a.count > 0 ? entry(a) : null;
}

// A file without its catalogs still has its spectra.
async function tableOf(source: Source, args: object, signal: AbortSignal): Promise<Answer | null> {
  try {
    return await source.client.request('table', { file: source.file, ...args }, { signal });
  } catch (e) {
    if (isCancelled(e)) {
      throw e;
    }
    return null;
  }
}

function entry(a: any): Catalogued {
  const text = (name: string) => (a.columns.find((c: any) => c.name === name)?.strings?.[0] || '').trim();
  const number = (name: string) => {
    const named = a.arrays[a.columns.find((c: any) => c.name === name)?.buffer ?? -1];
    return named ? first(named) : 0;
  };
  return { cls: [text('CLASS'), text('SUBCLASS')].filter(Boolean).join(' '), z: number('Z'), zErr: number('Z_ERR'), warning: number('ZWARNING') };
}

function first(named: { dtype: string; view: DataView }): number {
  const { dtype, view } = named;
  return dtype === '<f8' ? view.getFloat64(0, true) : dtype === '<f4' ? view.getFloat32(0, true) : dtype.endsWith('2') ? view.getInt16(0, true) : view.getInt32(0, true);
}

/** Smooths by a Gaussian of n pixels, weighted by ivar: smooth(flux ivar) / smooth(ivar); NaN where nothing was measured. */
export function smooth(flux: Float64Array, ivar: Float64Array | null, n: number): Float64Array {
  if (n <= 0) {
    return flux.map((f, i) => (ivar && !(ivar[i] > 0) ? NaN : f));
  }
  const weights = Array.from({ length: 4 * n + 1 }, (_, k) => Math.exp(-((k - 2 * n) ** 2) / (2 * n * n)));
  return flux.map((_, i) => {
    let sum = 0;
    let weight = 0;
    for (let k = -2 * n; k <= 2 * n; k++) {
      const w = weights[k + 2 * n] * (ivar ? ivar[i + k] || 0 : i + k in flux ? 1 : 0);
      if (w > 0) {
        sum += w * flux[i + k];
        weight += w;
      }
    }
    return weight > 0 && (!ivar || ivar[i] > 0) ? sum / weight : NaN;
  });
}

/** Gives the median of flux over its error, where something was measured. */
export function signalToNoise(s: Spectrum): number {
  const ratios = Array.from(s.flux, (f, i) => (s.ivar && s.ivar[i] > 0 ? f * Math.sqrt(s.ivar[i]) : NaN)).filter(Number.isFinite).sort((a, b) => a - b);
  return ratios.length ? ratios[Math.floor(ratios.length / 2)] : NaN;
}
