import { HeatView } from './heatview';
import { InfoView } from './infoview';
import { LineView } from './lineview';
import { PictureView } from './pictureview';
import { isNumeric, numericFields, Stat } from './stat';
import { spectrumOf } from './spectrum';
import { SpectrumView } from './spectrumview';
import { TableView } from './tableview';
import { TextView } from './textview';
import { Frame, View } from './view';

/** A way to see an object: its name, how many axes it shows, whether of other axes several places. */
export interface Kind {
  name: string;
  axes: number;
  many?: boolean;
  fixed?: boolean; // its axes keep the order of the file
  make(frame: Frame): View;
}

const line: Kind = { name: 'Line', axes: 1, many: true, make: f => new LineView(f) };
const heat: Kind = { name: 'Heat map', axes: 2, make: f => new HeatView(f) };
const table: Kind = { name: 'Table', axes: 2, fixed: true, make: f => new TableView(f) };
const text: Kind = { name: 'Value', axes: 0, make: f => new TextView(f) };
const picture: Kind = { name: 'Picture', axes: 0, make: f => new PictureView(f) };
const info: Kind = { name: 'About', axes: 0, make: f => new InfoView(f) };
const spectrum: Kind = { name: 'Spectrum', axes: 0, make: f => new SpectrumView(f) };

/** Gives the ways to see an object, the best one first. */
export function kindsOf(s: Stat): Kind[] {
  return [...(spectrumOf(s) ? [spectrum] : []), ...valueKinds(s), info];
}

function valueKinds(s: Stat): Kind[] {
  const shape = s.shape;
  if (s.kind !== 'dataset' || !shape || shape.includes(0)) {
    return [];
  }
  if (shape.length === 0) {
    return [text];
  }
  if (s.type?.class === 'compound') {
    return shape.length === 1 && numericFields(s.type).length > 0 ? [table, line] : [table];
  }
  if (!isNumeric(s.type)) {
    return [table];
  }
  if (isPicture(s)) {
    return [picture, heat, line, table];
  }
  const drawn = shape.length === 1 ? [line] : [heat, line];
  return [...drawn, table];
}

function isPicture(s: Stat): boolean {
  const shape = s.shape!;
  return s.type?.dtype === '|u1' && shape.length === 3 && (shape[2] === 3 || shape[2] === 4);
}
