/** A line of a spectrum: its name and its wavelength in vacuum at rest, in Å. */
export interface SpectralLine {
  name: string;
  wave: number;
}

// The lines that the survey's pipeline fits, those apart that a label can tell.
const list: [string, number][] = [
  ['Lyα', 1215.67], ['N V', 1240.81], ['C IV', 1549.48], ['He II', 1640.42], ['C III]', 1908.734], ['Mg II', 2800.315],
  ['[O II]', 3728.483], ['[Ne III]', 3869.857], ['Hδ', 4102.892], ['Hγ', 4341.684], ['[O III] 4363', 4364.435],
  ['Hβ', 4862.683], ['[O III] 4959', 4960.295], ['[O III] 5007', 5008.24], ['He I', 5877.309], ['[O I]', 6302.046],
  ['[N II] 6548', 6549.859], ['Hα', 6564.614], ['[N II] 6583', 6585.269], ['[S II] 6716', 6718.294], ['[S II] 6730', 6732.678], ['[Ar III]', 7137.757],
];

export const spectralLines: SpectralLine[] = list.map(([name, wave]) => ({ name, wave }));

const bits: { [bit: number]: string } = {
  0: 'NOPLUG', 1: 'BADTRACE', 2: 'BADFLAT', 3: 'BADARC', 4: 'MANYBADCOLUMNS', 5: 'MANYREJECTED', 6: 'LARGESHIFT', 7: 'BADSKYFIBER',
  8: 'NEARWHOPPER', 9: 'WHOPPER', 10: 'SMEARIMAGE', 11: 'SMEARHIGHSN', 12: 'SMEARMEDSN',
  16: 'NEARBADPIXEL', 17: 'LOWFLAT', 18: 'FULLREJECT', 19: 'PARTIALREJECT', 20: 'SCATTEREDLIGHT', 21: 'CROSSTALK', 22: 'NOSKY', 23: 'BRIGHTSKY',
  24: 'NODATA', 25: 'COMBINEREJ', 26: 'BADFLUXFACTOR', 27: 'BADSKYCHI', 28: 'REDMONSTER',
};

const warnings: { [bit: number]: string } = {
  0: 'SKY', 1: 'LITTLE_COVERAGE', 2: 'SMALL_DELTA_CHI2', 3: 'NEGATIVE_MODEL', 4: 'MANY_OUTLIERS', 5: 'Z_FITLIMIT', 6: 'NEGATIVE_EMISSION', 7: 'UNPLUGGED', 8: 'BAD_TARGET', 9: 'NODATA',
};

/** Names the bits of SPPIXMASK that are set. */
export const maskNames = (mask: number): string => names(mask, bits);

/** Names the bits of ZWARNING that are set. */
export const warningNames = (mask: number): string => names(mask, warnings);

function names(mask: number, of: { [bit: number]: string }): string {
  const out: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if ((mask >>> bit) & 1) {
      out.push(of[bit] || `bit ${bit}`);
    }
  }
  return out.join(' ');
}
