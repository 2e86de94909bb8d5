import { Host } from '../core/host';
import { render } from '../core/mime';
import { Session } from '../shell/session';

const MIME = 'application/vnd.gofive.hdf5+json';

/** Has outputs of our type rendered by the core, also those that stand in the page already. */
export function renderOutputs(jupyter: any, outputArea: any, host: Host, session: Session): void {
  outputArea.OutputArea.prototype.register_mime_type(
    MIME,
    function (this: any, data: any, _metadata: any, element: any) {
      const output = this.create_output_subarea({}, 'gofive-mime', MIME);
      render(output[0], data, host, session.current);
      element.append(output);
      return output;
    },
    { safe: true, index: 0 }
  );
  for (const cell of jupyter.notebook.get_cells()) {
    const area = cell.output_area;
    if (area?.outputs.some((o: any) => o.data && o.data[MIME])) {
      const outputs = area.toJSON();
      area.clear_output();
      area.fromJSON(outputs, cell.metadata);
    }
  }
}
