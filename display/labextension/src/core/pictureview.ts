import { numbers } from './arrays';
import { el } from './dom';
import { sizeText } from './format';
import { Latest } from './latest';
import { mostBytes } from './source';
import { Frame, Shown, View } from './view';

/** PictureView shows bytes of red, green, blue, and opacity if there is one, as the picture they are. */
export class PictureView implements View {
  readonly node = el('div', { class: 'gofive-view gofive-picture' });
  private picture = el('canvas', { role: 'img' });
  private latest: Latest;

  constructor(private frame: Frame) {
    this.latest = new Latest(e => frame.fail(e));
    this.picture.setAttribute('aria-label', 'Picture');
    this.node.append(this.picture);
  }

  update(): void {
    void this.latest.run(async signal => {
      const { source } = this.frame;
      const shape = source.stat.shape!;
      const step = Math.ceil(Math.sqrt((shape[0] * shape[1] * shape[2]) / mostBytes));
      const sel = step > 1 ? `::${step}, ::${step}, :` : ':, :, :';
      const a = await source.slice({ path: source.path }, sel, 'native', signal);
      this.draw(numbers(a.arrays[0]) as Uint8Array, a.shape);
      const whole = `${shape[1]} × ${shape[0]} pixels, ${sizeText(source.stat.bytes || 0)}`;
      this.frame.say(step > 1 ? `${whole}; each ${step}th pixel` : whole);
    });
  }

  renew(): void {
    this.update();
  }

  shown(): Shown {
    return { sel: '', field: '', show: 'picture' };
  }

  canvas(): HTMLCanvasElement {
    return this.picture;
  }

  dispose(): void {
    this.latest.cancel();
  }

  private draw(bytes: Uint8Array, [height, width, channels]: number[]): void {
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 4; c++) {
        image.data[4 * i + c] = c < channels ? bytes[channels * i + c] : 255;
      }
    }
    this.picture.width = width;
    this.picture.height = height;
    this.picture.getContext('2d')!.putImageData(image, 0, 0);
  }
}
