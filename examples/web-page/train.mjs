// Writes cafe.onnx, the model in one file.
import { trainCafe } from '../cafe.mjs';

await trainCafe(new URL('cafe.onnx', import.meta.url));
